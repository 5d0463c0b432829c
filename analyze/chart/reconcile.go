package chart

import (
	"io"

	"hashlog/analyze/reconcile"
)

// Reconcile TODO
func Reconcile(w io.Writer, f Format, r *reconcile.Result) error { return nil }
