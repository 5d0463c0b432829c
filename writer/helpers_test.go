package writer

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"

	"hashlog/log"
)

func TestMain(m *testing.M) {
	if dir := os.Getenv(victimDir); dir != "" {
		victim(dir)
	}
	goleak.VerifyTestMain(m)
}

// lookup returns one of many similar lookups. Its timestamp is its number.
func lookup(i int) Lookup {
	return Lookup{Timestamp: float64(i), RequestID: "req", ModelName: "m", ChunkSize: 16, SeqLen: 40,
		DTypes: []string{"torch.bfloat16"}, Shapes: [][]int64{{2, 8}}, Hashes: [][]byte{{0xab, 0xcd}, {0x00, 0x01}}}
}

// lineSize is the length of the line of a lookup with a number of four digits.
const lineSize = 183

func open(t testing.TB, opts Options) *Writer {
	t.Helper()
	w, err := New(opts)
	require.NoError(t, err)
	return w
}

// closed closes a writer, which must lose nothing.
func closed(t testing.TB, w *Writer) {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), 20*time.Second)
	defer cancel()
	require.NoError(t, w.Close(ctx))
}

// ended returns a context that has ended.
func ended() context.Context {
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	return ctx
}

// names returns what is in a folder.
func names(t testing.TB, dir string) (names []string) {
	t.Helper()
	entries, err := os.ReadDir(dir)
	require.NoError(t, err)
	for _, e := range entries {
		names = append(names, e.Name())
	}
	return names
}

// contents returns the contents of all files in a folder, one after another.
func contents(t testing.TB, dir string) string {
	t.Helper()
	var all strings.Builder
	for _, name := range names(t, dir) {
		b, err := os.ReadFile(filepath.Join(dir, name))
		require.NoError(t, err)
		all.Write(b)
	}
	return all.String()
}

// found is what package log reads in a folder.
type found struct {
	numbers []int // timestamps, in order
	dropped int64
	stats   log.Stats
}

// read reads a folder back.
func read(t testing.TB, dir string) (f found) {
	t.Helper()
	ctx := context.Background()
	files, err := log.Find(ctx, []string{dir}, nil)
	require.NoError(t, err)
	r, err := files.Open(ctx, log.Options{})
	require.NoError(t, err)
	defer r.Close()
	for r.Scan() {
		f.numbers = append(f.numbers, int(r.Entry().Timestamp))
		f.dropped += r.Entry().Dropped
	}
	require.NoError(t, r.Err())
	f.stats = r.Stats()
	return f
}

// upTo returns the numbers 1 … n.
func upTo(n int) (numbers []int) {
	for i := range n {
		numbers = append(numbers, i+1)
	}
	return numbers
}

// balanced checks the account of a writer against independent figures: how many calls had
// returned before it was read, and how many lookups fit between the callers and the file.
// Queued is the difference by definition, so only its bounds can be checked.
func balanced(t testing.TB, w *Writer, returned func() (accepted, dropped int64)) {
	t.Helper()
	accepted, dropped := returned()
	s := w.Stats()
	require.GreaterOrEqual(t, s.Recorded, accepted+dropped)
	require.GreaterOrEqual(t, s.Dropped, dropped)
	require.GreaterOrEqual(t, s.Queued, int64(0))
	require.LessOrEqual(t, s.Queued, int64(len(w.queue.slots)+bufferSize/100)) // no line is shorter than 100 bytes
	require.GreaterOrEqual(t, s.Bytes, s.Written*100)
}

// sickFS is a file system with faults.
type sickFS struct {
	osFS
	mu    sync.Mutex
	fault func(op, path string) error
	room  func(n int) (int, error) // how many of n bytes a write writes
}

// fails sets the faults; nil means none.
func (s *sickFS) fails(fault func(op, path string) error, room func(n int) (int, error)) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.fault, s.room = fault, room
}

func (s *sickFS) recovers() { s.fails(nil, nil) }

// failing makes the listed operations fail.
func failing(err error, ops ...string) func(op, path string) error {
	return func(op, path string) error {
		for _, o := range ops {
			if o == op {
				return &os.PathError{Op: op, Path: path, Err: err}
			}
		}
		return nil
	}
}

// noRoom makes each write fail after some bytes.
func noRoom(bytes int, err error) func(int) (int, error) {
	return func(n int) (int, error) { return min(n, bytes), err }
}

func (s *sickFS) check(op, path string) error {
	s.mu.Lock()
	fault := s.fault
	s.mu.Unlock()
	if fault == nil {
		return nil
	}
	return fault(op, path)
}

func (s *sickFS) mkdirAll(dir string) error {
	if err := s.check("mkdir", dir); err != nil {
		return err
	}
	return s.osFS.mkdirAll(dir)
}

func (s *sickFS) create(path string) (file, error) {
	if err := s.check("create", path); err != nil {
		return nil, err
	}
	f, err := s.osFS.create(path)
	if err != nil {
		return nil, err
	}
	return &sickFile{file: f, path: path, fs: s}, nil
}

func (s *sickFS) rename(from, to string) error {
	if err := s.check("rename", from); err != nil {
		return err
	}
	return s.osFS.rename(from, to)
}

func (s *sickFS) remove(path string) error {
	if err := s.check("remove", path); err != nil {
		return err
	}
	return s.osFS.remove(path)
}

func (s *sickFS) syncDir(dir string) error {
	if err := s.check("syncdir", dir); err != nil {
		return err
	}
	return s.osFS.syncDir(dir)
}

type sickFile struct {
	file
	path string
	fs   *sickFS
}

func (f *sickFile) Write(p []byte) (int, error) {
	f.fs.mu.Lock()
	room := f.fs.room
	f.fs.mu.Unlock()
	if room == nil {
		return f.file.Write(p)
	}
	n, fault := room(len(p))
	n, err := f.file.Write(p[:n])
	if err == nil {
		err = fault
	}
	return n, err
}

func (f *sickFile) Truncate(size int64) error {
	if err := f.fs.check("truncate", f.path); err != nil {
		return err
	}
	return f.file.Truncate(size)
}

func (f *sickFile) Stat() (os.FileInfo, error) {
	if err := f.fs.check("stat", f.path); err != nil {
		return nil, err
	}
	return f.file.Stat()
}

func (f *sickFile) Sync() error {
	if err := f.fs.check("sync", f.path); err != nil {
		return err
	}
	return f.file.Sync()
}

func (f *sickFile) Close() error {
	err := f.fs.check("close", f.path)
	if closing := f.file.Close(); err == nil {
		err = closing
	}
	return err
}
