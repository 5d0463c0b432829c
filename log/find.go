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

	"hashlog/log/internal/source"
	"hashlog/log/s3"
)

// Find returns the logs that args name: files, folders (their lookup_hashes_*.jsonl,
// *.jsonl.gz and *.jsonl.zst), "-" for stdin, and objects, folders and patterns in an object store
// (s3://bucket/key, see package [hashlog/log/s3]). It makes sure that every file can be opened
// and that none is read twice. It reads only logs that exist both plain and compressed, to
// find out which copy is whole. A file that disappears from a folder while that is listed is
// found all the same, and reported by the reading. Find fails if there is no log at all.
func Find(ctx context.Context, args []string, stdin io.Reader) (files *Files, err error) {
	if len(args) == 0 {
		return nil, errors.New("no logs given: name files, folders, or - for standard input")
	}
	f := finder{stdin: stdin}
	defer func() {
		if f.store != nil && err != nil {
			f.store.CloseIdle()
		}
	}()
	for _, arg := range args {
		if err := f.add(ctx, arg); err != nil {
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
	files = newFiles(f.found, f.notes, stdin, f.store)
	for i, err := range f.empty {
		files.empty = append(files.empty, EmptyFolder{f.emptyArgs[i], err.Error()})
	}
	return files, nil
}

// finder collects logs.
type finder struct {
	stdin     io.Reader
	arg       string // at hand
	found     []*source.Log
	notes     []string
	repeats   []string                        // notes on files found twice
	empty     []error                         // on folders without logs
	emptyArgs []string                        // these folders
	store     *s3.Store                       // nil before the first object
	objects   map[string]*source.Log          // found, by URL
	alike     map[source.FileID][]*source.Log // found logs that may be the same file
	listed    func()                          // for tests: a folder has been listed, and none of its logs opened
}

func (f *finder) add(ctx context.Context, arg string) error {
	f.arg = arg
	if arg == "-" {
		return f.addStdin()
	}
	if s3.Is(arg) {
		return f.addURL(ctx, arg)
	}
	info, err := os.Stat(arg)
	if err != nil {
		return source.Named(arg, err)
	}
	if info.IsDir() {
		return f.noteIfEmpty(f.addFolder(arg))
	}
	s, err := openable(arg, info)
	if err != nil {
		return err
	}
	f.keep(s)
	return nil
}

// noteIfEmpty keeps the error of a folder without logs for a note, and returns all others.
func (f *finder) noteIfEmpty(err error) error {
	if empty := (emptyFolder{}); errors.As(err, &empty) {
		f.empty, f.emptyArgs = append(f.empty, empty), append(f.emptyArgs, f.arg)
		return nil
	}
	return err
}

func (f *finder) addStdin() error {
	if f.stdin == nil {
		return errors.New("no standard input to read")
	}
	s := &source.Log{Path: StdinName, Stdin: true, Stream: true}
	if file, ok := f.stdin.(interface{ Stat() (os.FileInfo, error) }); ok {
		if info, err := file.Stat(); err == nil {
			s.Info = info
		}
	}
	f.keep(s)
	return nil
}

// openable returns the Log of a file that it has opened and closed.
func openable(path string, info os.FileInfo) (*source.Log, error) {
	s := &source.Log{Path: path, Info: info, Stream: !info.Mode().IsRegular()}
	if !s.Stream {
		file, err := os.Open(path)
		if err != nil {
			return nil, source.Named(path, err)
		}
		file.Close()
	}
	return s, nil
}

// addFolder adds the logs in a folder, in order.
func (f *finder) addFolder(dir string) error {
	entries, err := os.ReadDir(dir)
	if err != nil {
		return source.Named(dir, err)
	}
	if f.listed != nil {
		f.listed()
	}
	logs, err := openFolder(dir, entries)
	if err != nil {
		return err
	}
	if len(logs) == 0 {
		return emptyFolder{noLogs(dir, entries)}
	}
	f.keepFolder(logs)
	return nil
}

// keepFolder adds the logs of a folder, in order.
func (f *finder) keepFolder(logs []*source.Log) {
	slices.SortStableFunc(logs, func(a, b *source.Log) int {
		return cmp.Or(cmp.Compare(source.Stem(a.Path), source.Stem(b.Path)), cmp.Compare(a.Path, b.Path))
	})
	for _, s := range logs {
		f.keep(s)
	}
}

// openFolder returns the logs among the entries of a folder. For a log that has disappeared since
// then it returns the compressed form if there is one, and otherwise the log itself.
func openFolder(dir string, entries []os.DirEntry) (logs []*source.Log, err error) {
	there := make(map[string]bool) // by stem
	var gone []*source.Log
	for _, entry := range entries {
		if !isLogName(entry.Name()) {
			continue
		}
		path := filepath.Join(dir, entry.Name())
		s, err := openEntry(path)
		switch {
		case errors.Is(err, fs.ErrNotExist) && vanished(path):
			gone = append(gone, &source.Log{Path: path})
		case err != nil:
			return nil, err
		case s != nil:
			logs = append(logs, s)
			there[source.Stem(path)] = true
		}
	}
	for _, s := range gone {
		if there[source.Stem(s.Path)] {
			continue
		}
		there[source.Stem(s.Path)] = true
		if packed := s.Compressed(); packed != nil {
			s = packed
		}
		logs = append(logs, s)
	}
	return logs, nil
}

// openEntry returns the Log of a file in a folder, nil if it isn't a regular file.
func openEntry(path string) (*source.Log, error) {
	info, err := os.Stat(path)
	if err != nil {
		return nil, source.Named(path, err)
	}
	if !info.Mode().IsRegular() {
		return nil, nil
	}
	return openable(path, info)
}

// vanished reports whether path does not exist, not even as a link.
func vanished(path string) bool {
	_, err := os.Lstat(path)
	return errors.Is(err, fs.ErrNotExist)
}

// keep adds s, found by the argument at hand, unless the file was found before.
func (f *finder) keep(s *source.Log) {
	s.Arg = f.arg
	if s.Object != nil {
		f.keepObject(s)
		return
	}
	var alike source.FileID
	if s.Info != nil {
		alike = source.IDOf(s.Info)
	}
	for _, other := range f.alike[alike] {
		if sameLog(s, other) && !(s.Info != nil && replaced(other)) {
			f.repeats = append(f.repeats, repeatNote(s, other))
			return
		}
	}
	if f.alike == nil {
		f.alike = make(map[source.FileID][]*source.Log)
	}
	f.alike[alike] = append(f.alike[alike], s)
	f.found = append(f.found, s)
}

// mergeTwins keeps one of the logs that are in one folder under one name, plain and compressed:
// a writer died between compressing and deleting. The log keeps the place and the argument of the
// first.
func (f *finder) mergeTwins(ctx context.Context) error {
	keys := make([]string, len(f.found))
	groups := make(map[string][]*source.Log)
	for i, s := range f.found {
		if !s.Stream {
			keys[i] = twinKey(s)
			groups[keys[i]] = append(groups[keys[i]], s)
		}
	}
	var found []*source.Log
	var notes []string
	for i, s := range f.found {
		switch twins := groups[keys[i]]; {
		case s.Stream || len(twins) == 1:
			found = append(found, s)
		case twins[0] == s:
			chosen, note, err := mergeSome(ctx, twins)
			if err != nil {
				return err
			}
			chosen.Arg = s.Arg
			found = append(found, chosen)
			if note != "" {
				notes = append(notes, note)
			}
		}
	}
	f.found = found
	f.notes = append(f.notes, someOf(notes, "%d more logs stand there both plain and compressed: one of each is read")...)
	return nil
}

func sameLog(a, b *source.Log) bool {
	if a.Stdin && b.Stdin || a.Info == nil && b.Info == nil && a.Path == b.Path {
		return true
	}
	return a.Info != nil && b.Info != nil && os.SameFile(a.Info, b.Info)
}

// replaced reports whether s is no longer at its path. Its inode may belong to another file by
// now.
func replaced(s *source.Log) bool {
	now, err := os.Stat(s.Path)
	return !s.Stdin && (err != nil || !os.SameFile(now, s.Info))
}

func repeatNote(s, first *source.Log) string {
	if s.Path == first.Path {
		return Quoted(s.Path) + " is given twice: read once"
	}
	return fmt.Sprintf("%s is the same file as %s: read once", Quoted(s.Path), Quoted(first.Path))
}

// noteRepeats notes the files that were found twice.
func (f *finder) noteRepeats() {
	f.notes = append(f.notes, someOf(f.repeats, "%d more files were given twice: read once")...)
}

// noteEmpty notes the first folders without logs, and how many more there are.
func (f *finder) noteEmpty() {
	notes := make([]string, len(f.empty))
	for i, err := range f.empty {
		notes[i] = err.Error()
	}
	f.notes = append(f.notes, someOf(notes, "%d more folders hold no logs")...)
}

// nothing returns the error for no logs at all.
func (f *finder) nothing() error {
	switch n := len(f.empty); n {
	case 1:
		return f.empty[0]
	case 2:
		return fmt.Errorf("%w; nor in another folder", f.empty[0])
	default:
		return fmt.Errorf("%w; nor in %d more folders", f.empty[0], n-1)
	}
}
