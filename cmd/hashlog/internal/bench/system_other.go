//go:build !linux && !darwin

package main

import "os"

// peakBytes does not know here.
func peakBytes(*os.ProcessState) int64 { return 0 }

// diskBytes does not know here.
func diskBytes(*os.ProcessState) int64 { return 0 }

// freeBytes does not know here.
func freeBytes(string) (free int64, known bool) { return 0, false }
