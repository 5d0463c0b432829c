package log

import (
	"path/filepath"

	"hashlog/log/internal/source"
)

const (
	// StdinName is the name under which standard input appears.
	StdinName = source.StdinName

	// MaxLine, 256 MiB, is the length of the longest line that is read, newline excluded. A
	// longer one is a bad record.
	MaxLine = source.MaxLine
)

// Quoted returns a name (of a file, a model, a request) in a form that can be printed: quoted,
// with escapes, if it is empty or holds anything that a terminal might interpret.
func Quoted(name string) string { return source.Quoted(name) }

// FreeDescriptors returns how many more files this process may open (ulimit -n), at most most.
// Where the system sets no limit, that is most.
func FreeDescriptors(most int) int { return source.FreeDescriptors(most) }

// isLogName reports whether a file in a folder is a log by its name.
func isLogName(name string) bool {
	ok, err := filepath.Match(SegmentPattern, source.Stem(name))
	return ok && err == nil
}
