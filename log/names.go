package log

import (
	"path/filepath"

	"hashlog/log/internal/source"
)

// StdinName is the name under which standard input appears.
const StdinName = source.StdinName

// Quoted returns a name (of a file, a model, a request) in a form that can be printed: quoted,
// with escapes, if it is empty or holds anything that a terminal might interpret.
func Quoted(name string) string { return source.Quoted(name) }

// isLogName reports whether a file in a folder is a log by its name.
func isLogName(name string) bool {
	ok, err := filepath.Match(SegmentPattern, source.Stem(name))
	return ok && err == nil
}
