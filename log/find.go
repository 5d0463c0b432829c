package log

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// StdinName is the name under which standard input appears.
const StdinName = "stdin"

const pattern = "lookup_hashes_*.jsonl"

// Find returns the logs that args name: files, folders (their
// lookup_hashes_*.jsonl, with .gz or .zst behind or not) and - for stdin. It sees
// to it that all can be opened and that none is read twice. Only where a log
// stands both plain and compressed is it read, to find out which is whole.
func Find(ctx context.Context, args []string, stdin io.Reader) (*Files, error) {
	if len(args) == 0 {
		return nil, errors.New("no logs given: name files, folders, or - for standard input")
	}
	f := finder{stdin: stdin}
	for _, arg := range args {
		if err := f.add(arg); err != nil {
			return nil, err
		}
	}
	if err := f.mergeTwins(ctx); err != nil {
		return nil, err
	}
	if len(f.found) == 0 {
		return nil, f.nothing()
	}
	f.noteRepeats()
	f.noteEmpty()
	return &Files{segments: f.found, notes: f.notes, stdin: stdin}, nil
}

// finder collects logs.
type finder struct {
	stdin   io.Reader
	found   []*segment
	notes   []string
	repeats []string              // notes on files found twice
	empty   []error               // on folders without logs
	alike   map[fileID][]*segment // only such can be the same
}

func (f *finder) add(arg string) error {
	if arg == "-" {
		return f.addStdin()
	}
	info, err := os.Stat(arg)
	if err != nil {
		return named(arg, err)
	}
	if info.IsDir() {
		err := f.addFolder(arg)
		if empty := (emptyFolder{}); errors.As(err, &empty) {
			f.empty = append(f.empty, empty)
			return nil
		}
		return err
	}
	s, err := openable(arg, info)
	if err != nil {
		return err
	}
	f.keep(s)
	return nil
}

func (f *finder) addStdin() error {
	if f.stdin == nil {
		return errors.New("no standard input to read")
	}
	s := &segment{path: StdinName, stdin: true, stream: true}
	if file, ok := f.stdin.(interface{ Stat() (os.FileInfo, error) }); ok {
		if info, err := file.Stat(); err == nil {
			s.info = info
		}
	}
	f.keep(s)
	return nil
}

// openable returns the segment of a file, which it sees can be opened.
func openable(path string, info os.FileInfo) (*segment, error) {
	s := &segment{path: path, info: info, stream: !info.Mode().IsRegular()}
	if !s.stream {
		file, err := os.Open(path)
		if err != nil {
			return nil, named(path, err)
		}
		file.Close()
	}
	return s, nil
}

// addFolder adds the logs in a folder. One that vanishes meanwhile has been
// compressed by its writer, or deleted, so then the folder is listed anew.
func (f *finder) addFolder(dir string) error {
	const attempts = 5
	var err error
	for range attempts {
		var logs []*segment
		if logs, err = listFolder(dir); err == nil {
			for _, s := range logs {
				f.keep(s)
			}
			return nil
		}
		if !errors.Is(err, fs.ErrNotExist) {
			break
		}
	}
	return err
}

// listFolder returns the logs in a folder in order.
func listFolder(dir string) ([]*segment, error) {
	entries, err := os.ReadDir(dir)
	if err != nil {
		return nil, named(dir, err)
	}
	var logs []*segment
	var others []string
	for _, entry := range entries {
		name := entry.Name()
		if !isLogName(name) {
			if strings.HasSuffix(stem(name), ".jsonl") {
				others = append(others, name)
			}
			continue
		}
		path := filepath.Join(dir, name)
		info, err := os.Stat(path)
		if err != nil {
			return nil, named(path, err)
		}
		if !info.Mode().IsRegular() {
			continue
		}
		s, err := openable(path, info)
		if err != nil {
			return nil, err
		}
		logs = append(logs, s)
	}
	if len(logs) == 0 {
		return nil, emptyFolder{noLogs(dir, others)}
	}
	slices.SortStableFunc(logs, func(a, b *segment) int {
		return cmp.Or(cmp.Compare(stem(a.path), stem(b.path)), cmp.Compare(a.path, b.path))
	})
	return logs, nil
}

// isLogName reports whether a file of this name is a log when it is found in a
// folder.
func isLogName(name string) bool {
	ok, err := filepath.Match(pattern, stem(name))
	return ok && err == nil
}

// stem cuts off the suffix of a compressed file.
func stem(path string) string {
	if s, ok := strings.CutSuffix(path, ".gz"); ok {
		return s
	}
	return strings.TrimSuffix(path, ".zst")
}

func noLogs(dir string, others []string) error {
	err := fmt.Errorf("%s: no %s (.gz, .zst) in this folder", dir, pattern)
	if n := len(others); n > 0 {
		if n > 3 {
			others = append(others[:3:3], "…")
		}
		err = fmt.Errorf("%w; to read its other logs (%s), name them as arguments", err, strings.Join(others, ", "))
	}
	return err
}

// keep adds s unless it is a file that was found before.
func (f *finder) keep(s *segment) {
	var alike fileID
	if s.info != nil {
		alike = idOf(s.info)
	}
	for _, other := range f.alike[alike] {
		if sameLog(s, other) {
			f.repeats = append(f.repeats, repeatNote(s, other))
			return
		}
	}
	if f.alike == nil {
		f.alike = make(map[fileID][]*segment)
	}
	f.alike[alike] = append(f.alike[alike], s)
	f.found = append(f.found, s)
}

func sameLog(a, b *segment) bool {
	if a.stdin && b.stdin {
		return true
	}
	return a.info != nil && b.info != nil && os.SameFile(a.info, b.info)
}

func repeatNote(s, first *segment) string {
	if s.path == first.path {
		return s.path + " is given twice: read once"
	}
	return fmt.Sprintf("%s is the same file as %s: read once", s.path, first.path)
}

// noteRepeats notes the files that were found twice, but not hundreds of them.
func (f *finder) noteRepeats() {
	const most = 10
	f.notes = append(f.notes, f.repeats[:min(most, len(f.repeats))]...)
	if more := len(f.repeats) - most; more > 0 {
		f.notes = append(f.notes, fmt.Sprintf("%d more files were given twice: read once", more))
	}
}
