package atomicfile

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"time"

	"hashlog/log/s3"
)

// objects is the folder in an object store that the files of a set go to.
type objects struct {
	store  *s3.Store
	folder s3.URL
}

// patient bounds requests that no caller's context ends.
func patient() (context.Context, context.CancelFunc) {
	return context.WithTimeout(context.Background(), time.Minute)
}

// newObjectSet checks that the folder can be written, and makes a local one for the temporary files.
func newObjectSet(name string) (*Set, error) {
	ctx, cancel := patient()
	defer cancel()
	folder, err := s3.Parse(name)
	if err != nil {
		return nil, fmt.Errorf("the output folder: %w", err)
	}
	store, err := s3.Open(ctx)
	if err != nil {
		return nil, err
	}
	if err := store.CheckWritable(ctx, folder.Join(probeName)); err != nil {
		store.CloseIdle()
		return nil, fmt.Errorf("the output folder %s cannot be written: %w", name, err)
	}
	dir, err := os.MkdirTemp("", "hashlog-")
	if err != nil {
		store.CloseIdle()
		return nil, fmt.Errorf("making a folder for what is uploaded: %w", err)
	}
	return &Set{dir: dir, made: Folders{dir}, objects: &objects{store, folder}}, nil
}

// upload is Commit for an object store. Where two runs write the same objects, the later one wins.
func (s *Set) upload(ctx context.Context, stale []string) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.over {
		return context.Canceled
	}
	defer s.end()
	return s.objects.commit(ctx, s.pending, s.Seal, stale)
}

// commit uploads the files, the seal last. The earlier set's seal is removed first.
func (o *objects) commit(ctx context.Context, files []*pending, sealName string, stale []string) error {
	var seal *pending
	for _, p := range files {
		if p.name == sealName {
			seal = p
		}
	}
	restore, err := o.breakSeal(ctx, seal)
	if err != nil {
		return err
	}
	uploaded := 0
	for _, p := range files {
		if p == seal {
			continue
		}
		if err := o.put(ctx, p); err != nil {
			if uploaded == 0 {
				restore() // the set before is as it was
			}
			return err
		}
		uploaded++
	}
	for _, name := range stale {
		_ = o.store.Remove(ctx, o.folder.Join(name)) // as a file that cannot be removed
	}
	if seal == nil {
		return nil
	}
	return o.put(ctx, seal)
}

// put uploads a file.
func (o *objects) put(ctx context.Context, p *pending) error {
	f, err := os.Open(p.temporary)
	if err != nil {
		return fmt.Errorf("writing %s: %w", p.final, err)
	}
	defer f.Close()
	info, err := f.Stat()
	if err == nil {
		err = o.store.Put(ctx, o.folder.Join(p.name), f, info.Size())
	}
	if err != nil {
		return fmt.Errorf("writing %s: %w", p.final, err)
	}
	return nil
}

// breakSeal removes the earlier set's seal, which those who may only write cannot read. restore brings back one that was read.
func (o *objects) breakSeal(ctx context.Context, seal *pending) (restore func(), err error) {
	if seal == nil {
		return func() {}, nil
	}
	at := o.folder.Join(seal.name)
	former, err := o.store.ReadAll(ctx, at, maxSeal)
	isRead := err == nil
	switch {
	case errors.Is(err, s3.ErrGone):
		return func() {}, nil
	case err != nil && !errors.Is(err, s3.ErrDenied):
		return nil, fmt.Errorf("replacing %s: %w", at, err)
	}
	if err := o.store.Remove(ctx, at); err != nil && !errors.Is(err, s3.ErrDenied) {
		return nil, fmt.Errorf("replacing %s: %w", at, err)
	}
	return func() {
		if !isRead {
			return
		}
		ctx, cancel := patient()
		defer cancel()
		_ = o.store.Put(ctx, at, bytes.NewReader(former), int64(len(former)))
	}, nil
}

// former returns the content of the earlier set's seal.
func (o *objects) former(seal string) [][]byte {
	ctx, cancel := patient()
	defer cancel()
	text, err := o.store.ReadAll(ctx, o.folder.Join(seal), maxSeal)
	if err != nil {
		return nil
	}
	return [][]byte{text}
}
