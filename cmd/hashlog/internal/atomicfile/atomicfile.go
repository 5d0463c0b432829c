// Package atomicfile writes a set of files into a folder such that each is either complete under its final name or absent.
//
// Each file is written under a temporary name beside the final one, such as .rolling.csv-1f2e3d.tmp, and locked (flock) until it
// is renamed. A process that is killed leaves such files behind, but no locks, so a later run can sweep them away.
//
// One file of a set may be its seal: it is renamed last, and the seal of the set before is removed first. If it exists, the
// set is complete.
//
// The folder may be one in an object store (s3://bucket/prefix). Then the temporary files are on this machine, in a folder of
// their own, and are uploaded instead of renamed. An object is there as a whole or not at all, too.
package atomicfile

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"sync"

	"hashlog/log/flock"
	"hashlog/log/s3"
)

// Set is a set of files being written. Each is written beside its final name, and all are renamed together.
type Set struct {
	// Seal is the name of the file that is renamed last: if it exists, the set is complete. Default "": none.
	Seal string

	dir     string
	made    Folders  // that did not exist before
	objects *objects // where the files go if not into dir; nil if they stay there

	mu      sync.Mutex // of what follows
	pending []*pending
	over    bool // committed or aborted: no other file is begun
}

type pending struct {
	name, temporary, final string
	held                   *os.File // holds the lock; nil where there are none
}

// NewSet makes the folder if it does not exist, and checks that files can be written there. The caller must Commit or Abort.
func NewSet(dir string) (*Set, error) {
	if s3.Is(dir) {
		return newObjectSet(dir)
	}
	s := &Set{dir: dir, made: Missing(dir)}
	if err := os.MkdirAll(dir, 0o777); err != nil {
		s.Abort()
		return nil, fmt.Errorf("making the output folder: %w", err)
	}
	probe, err := s.temporary(probeName)
	if err != nil {
		s.Abort()
		return nil, fmt.Errorf("the output folder %s cannot be written: %w", dir, err)
	}
	err = probe.Close()
	if gone := os.Remove(probe.Name()); !errors.Is(gone, os.ErrNotExist) { // somebody who sweeps was faster
		err = cmp.Or(err, gone)
	}
	if err != nil {
		s.Abort()
	}
	return s, err
}

// probeName is the name of a file that is made to check that files can be.
const probeName = "probe"

// temporary makes a temporary file for a final name, and locks it.
func (s *Set) temporary(name string) (*os.File, error) {
	for {
		path := filepath.Join(s.dir, fmt.Sprintf(".%s-%x.tmp", name, rand.Uint64()))
		f, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE|os.O_EXCL, 0o666)
		if errors.Is(err, os.ErrExist) {
			continue
		}
		if err != nil || mine(f) {
			return f, err
		}
		f.Close()
		os.Remove(path)
	}
}

// mine locks a file that has just been made. It returns false if a sweep was faster.
func mine(f *os.File) bool {
	if errors.Is(flock.Lock(f), flock.ErrHeld) {
		return false
	}
	made, err := f.Stat()
	there, gone := os.Lstat(f.Name())
	return err != nil || gone == nil && os.SameFile(made, there)
}

// File is one file of a set.
type File struct {
	Name string
	// Render writes its content. The writer is also a [Rewriter].
	Render func(io.Writer) error
}

// Write writes files of the set under temporary names. As many are rendered at once as there are processors, beginning with
// the last of them: files that take long should stand at the end. Each is flushed to disk while others are rendered. Write
// returns the error of the first file that fails, or that of the context. When the context ends, it aborts the set at once,
// since many gigabytes take a while to remove, and files being written get no further block.
func (s *Set) Write(ctx context.Context, files ...File) error {
	defer context.AfterFunc(ctx, s.Abort)()
	errs := make([]error, len(files))
	processors := make(chan struct{}, runtime.GOMAXPROCS(0))
	var group sync.WaitGroup
	for i, file := range slices.Backward(files) {
		processors <- struct{}{}
		group.Go(func() { errs[i] = s.write(ctx, file, func() { <-processors }) })
	}
	group.Wait()
	return cmp.Or(ctx.Err(), cmp.Or(errs...))
}

// write writes one file, and calls rendered once it needs no processor any more. It may leave the file behind on failure, for
// Abort.
func (s *Set) write(ctx context.Context, file File, rendered func()) error {
	rendered = sync.OnceFunc(rendered)
	defer rendered()
	final := s.final(file.Name)
	f, err := s.begin(file, final)
	if err != nil {
		return fmt.Errorf("writing %s: %w", final, err)
	}
	out := newOutput(ctx, s, file.Name, f)
	if err = file.Render(out); err == nil {
		err = out.Flush()
	}
	rendered()
	if err == nil {
		err = f.Sync()
	}
	if !flock.Supported { // there is no lock to hold, and Windows renames no open file
		err = cmp.Or(err, f.Close())
	}
	if err != nil {
		return fmt.Errorf("writing %s: %w", final, err)
	}
	return nil
}

// final returns where a file of the set goes.
func (s *Set) final(name string) string {
	if s.objects != nil {
		return s.objects.folder.Join(name).String()
	}
	return filepath.Join(s.dir, name)
}

// begin makes the temporary file, unless the set has ended.
func (s *Set) begin(file File, final string) (*os.File, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.over {
		return nil, context.Canceled
	}
	f, err := s.temporary(file.Name)
	if err != nil {
		return nil, err
	}
	p := &pending{name: file.Name, temporary: f.Name(), final: final}
	if flock.Supported {
		p.held = f
	}
	s.pending = append(s.pending, p)
	return f, nil
}

// until writes until its context ends.
type until struct {
	ctx context.Context
	w   io.Writer
}

func (u *until) Write(p []byte) (n int, err error) {
	if err := u.ctx.Err(); err != nil {
		return 0, err
	}
	if n, err = u.w.Write(p); err != nil && u.ctx.Err() != nil {
		err = u.ctx.Err() // the file has been closed for that
	}
	return n, err
}

// Check fails if files of these names cannot be put into the folder because of what is there.
func (s *Set) Check(names ...string) error {
	if s.objects != nil { // no folder is in the way of an object
		return nil
	}
	for _, name := range names {
		if err := replaceable(filepath.Join(s.dir, name)); err != nil {
			return err
		}
	}
	return nil
}

func replaceable(path string) error {
	if info, err := os.Lstat(path); err == nil && info.IsDir() {
		return fmt.Errorf("writing %s: a folder of this name is in the way: move it, or name another output folder", path)
	}
	return nil
}

// Commit gives all files their final names, and removes the stale files of an earlier set. It checks everything it can before
// the first rename. The context ends uploads; renames take no time.
func (s *Set) Commit(ctx context.Context, stale ...string) error {
	if s.objects != nil {
		return s.upload(ctx, stale)
	}
	release, err := turn(s.dir)
	if err != nil {
		return err
	}
	defer release()
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.over { // the context of a Write has ended just behind it
		return context.Canceled
	}
	if err = s.commit(stale); err == nil {
		s.made = nil
	}
	s.end()
	return err
}

func (s *Set) commit(stale []string) error {
	for _, p := range s.pending {
		if err := replaceable(p.final); err != nil {
			return err
		}
	}
	seal, restore, err := s.breakSeal()
	if err != nil {
		return err
	}
	renamed := 0
	for _, p := range s.pending {
		if p == seal {
			continue
		}
		if err := p.rename(); err != nil {
			if renamed == 0 {
				restore() // the set before is as it was
			}
			return err
		}
		renamed++
	}
	for _, name := range stale {
		s.remove(name)
	}
	if seal == nil {
		return nil
	}
	syncFolder(s.dir) // what the seal stands for is stored before it
	if err := seal.rename(); err != nil {
		return err
	}
	os.Remove(aside(seal.final))
	return nil
}

func (p *pending) rename() error {
	if err := os.Rename(p.temporary, p.final); err != nil {
		return fmt.Errorf("writing %s: %w", p.final, err)
	}
	p.temporary = ""
	return nil
}

// remove removes a regular file, and nothing else.
func (s *Set) remove(name string) {
	path := filepath.Join(s.dir, name)
	if info, err := os.Lstat(path); err == nil && info.Mode().IsRegular() {
		os.Remove(path)
	}
}

// syncFolder flushes the names in a folder to disk, if the system can.
func syncFolder(dir string) {
	if f, err := os.Open(dir); err == nil {
		_ = f.Sync()
		f.Close()
	}
}

// Abort removes what has not been committed, and the folders that NewSet made if they are empty. A Write in progress begins no
// further file.
func (s *Set) Abort() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.end()
}

// end removes all temporary files and releases the locks.
func (s *Set) end() {
	s.over = true
	for _, p := range s.pending {
		if p.temporary != "" {
			os.Remove(p.temporary)
		}
		if p.held != nil {
			p.held.Close()
		}
	}
	s.made.RemoveEmpty()
	if s.objects != nil {
		s.objects.store.CloseIdle()
	}
	s.pending, s.made = nil, nil
}
