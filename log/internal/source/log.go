package source

import (
	"os"
	"strings"

	"hashlog/log/s3"
)

// StdinName is the name under which standard input appears.
const StdinName = "stdin"

// Log is one log as it was found. It is immutable.
type Log struct {
	Path   string
	Arg    string      // the argument that led to the log
	Info   os.FileInfo // nil if standard input has none, or if the log went before it was opened
	Object *s3.Object  // if the log is in an object store; Path is its URL then
	Stdin  bool
	Stream bool // can be read only once: standard input, or a file that isn't regular
}

// Size returns how many bytes the log had when it was found, 0 if unknown.
func (l *Log) Size() int64 {
	if l.Object != nil {
		return l.Object.Size
	}
	if l.Info == nil {
		return 0
	}
	return l.Info.Size()
}

// IsPlainFile reports whether the log is a regular file with the name of one that is not compressed.
func (l *Log) IsPlainFile() bool { return !l.Stream && l.Object == nil && !l.IsCompressed() }

// IsCompressed reports whether the log has the name of a compressed file.
func (l *Log) IsCompressed() bool { return l.Path != Stem(l.Path) }

// Compressed finds the compressed form of a plain log, nil if there is none.
func (l *Log) Compressed() *Log {
	if l.IsCompressed() {
		return nil
	}
	for _, suffix := range []string{".zst", ".gz"} {
		path := l.Path + suffix
		if info, err := os.Stat(path); err == nil && info.Mode().IsRegular() {
			return &Log{Path: path, Info: info}
		}
	}
	return nil
}

// Stem cuts off the suffix of a compressed file.
func Stem(path string) string {
	if s, ok := strings.CutSuffix(path, ".gz"); ok {
		return s
	}
	return strings.TrimSuffix(path, ".zst")
}
