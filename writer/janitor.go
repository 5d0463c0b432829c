package writer

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"sync"
	"time"

	"hashlog/log"
)

// janitor is the goroutine that looks after the folder: it cleans up after a crash,
// removes the oldest segments and compresses finished ones.
type janitor struct {
	opts   Options
	faults *faults

	mu     sync.Mutex
	queue  []string // paths of the segments to be compressed
	retain bool     // the folder may hold too much
	live   string   // path of the segment begun last, which stays
	growth int64    // bytes written since the folder was last looked at
	closed bool
	owned  map[string]ownSegment // by name, without the suffix of a compressed file
	pass   int                   // how often the folder has been looked at to remove the oldest

	deleted deleted

	wake   chan struct{} // of capacity 1
	done   chan struct{} // closed at the end
	ctx    context.Context
	cancel context.CancelFunc
}

// newJanitor starts one in a folder that holds some segments and temporary files.
func newJanitor(opts Options, f *faults, segments []held, temporary []string) *janitor {
	j := &janitor{opts: opts, faults: f, owned: make(map[string]ownSegment), wake: make(chan struct{}, 1), done: make(chan struct{})}
	j.ctx, j.cancel = context.WithCancel(context.Background())
	go j.run(segments, temporary)
	return j
}

func (j *janitor) run(segments []held, temporary []string) {
	defer close(j.done)
	j.cleanUp(segments, temporary)
	for {
		path, retain, closed := j.next()
		switch {
		case retain:
			j.removeOldest()
		case path != "":
			j.compress(path)
		case closed:
			return
		default:
			<-j.wake
		}
	}
}

// next returns what is to be done next: first of all to make room.
func (j *janitor) next() (path string, retain, closed bool) {
	j.mu.Lock()
	defer j.mu.Unlock()
	if j.retain {
		j.retain, j.growth = false, 0
		return "", true, j.closed
	}
	if len(j.queue) > 0 {
		path, j.queue = j.queue[0], j.queue[1:]
	}
	return path, false, j.closed
}

// tell changes what is to be done.
func (j *janitor) tell(change func()) {
	j.mu.Lock()
	change()
	j.mu.Unlock()
	select {
	case j.wake <- struct{}{}:
	default:
	}
}

// close waits until everything is done. When the context ends, compressions are
// undone.
func (j *janitor) close(ctx context.Context) {
	j.tell(func() { j.closed = true })
	select {
	case <-j.done:
	case <-ctx.Done():
		j.cancel()
		select {
		case <-j.done:
		case <-time.After(closeGrace):
		}
	}
	j.cancel()
}

// begun hears of a new live segment.
func (j *janitor) begun(path string) {
	j.tell(func() { j.live, j.retain = path, true })
}

// finished takes over a segment of some lines that is written to no more.
func (j *janitor) finished(path string, lines int) {
	j.tell(func() {
		j.retain = true
		j.own(path, lines)
		if j.opts.Compress != NoCompression {
			j.queue = append(j.queue, path)
		}
	})
}

// grown hears of bytes that were written. The folder is looked at from time to time
// while the live segment grows, if bytes are limited.
func (j *janitor) grown(n int64) {
	if j.opts.MaxBytes < 0 {
		return
	}
	const steps = 16
	j.mu.Lock()
	j.growth += n
	due := j.growth > j.opts.MaxBytes/steps
	j.mu.Unlock()
	if due {
		j.tell(func() { j.retain = true })
	}
}

func (j *janitor) compress(path string) {
	if j.ctx.Err() != nil {
		return
	}
	if err := compress(j.ctx, j.opts, path); err != nil && j.ctx.Err() == nil {
		j.faults.meet("compress", fmt.Errorf("compressing %s: %w", log.Quoted(path), err))
	}
}

// removeOldest removes segments until there are no more than allowed.
func (j *janitor) removeOldest() {
	if !j.retains() {
		return
	}
	defer j.alone()()
	j.beginPass()
	segments, _, err := list(j.opts.fs, j.opts.Dir)
	if errors.Is(err, os.ErrNotExist) {
		return // the folder has been removed, and comes back with the next segment
	}
	if err != nil {
		j.faults.meet("retain", fmt.Errorf("looking for old segments: %w", err))
		return
	}
	j.disownGone(segments)
	files, bytes := len(segments), int64(0)
	if j.opts.MaxBytes > 0 {
		for i := range segments {
			bytes += segments[i].size()
		}
	}
	live := j.liveName()
	for _, s := range segments {
		if !j.tooMuch(files, bytes) {
			return
		}
		if s.name >= live { // what stands above the live one, as far as that is known here, is newer still
			return
		}
		if j.remove(s) {
			files--
			bytes -= s.bytes
		}
	}
}

// retains reports whether there is a limit at all.
func (j *janitor) retains() bool { return j.opts.MaxFiles >= 0 || j.opts.MaxBytes > 0 }

func (j *janitor) tooMuch(files int, bytes int64) bool {
	return j.opts.MaxFiles >= 0 && files > j.opts.MaxFiles || j.opts.MaxBytes > 0 && bytes > j.opts.MaxBytes
}

// liveName returns the name of the live segment, or, before the first, one above all.
func (j *janitor) liveName() string {
	j.mu.Lock()
	defer j.mu.Unlock()
	if j.live == "" {
		return "~"
	}
	return filepath.Base(j.live)
}

// alone waits until no other writer removes old segments of this folder, since two at
// once would remove too many. It doesn't wait for long.
func (j *janitor) alone() (release func()) {
	const attempts, pause = 100, 10 * time.Millisecond
	for range attempts {
		release, err := j.opts.fs.claim(j.opts.Dir)
		if err == nil {
			return release
		}
		if !errors.Is(err, errTaken) || j.ctx.Err() != nil {
			break
		}
		time.Sleep(pause)
	}
	return func() {}
}

// size returns the bytes of a segment's files.
func (h *held) size() int64 {
	h.bytes = 0
	for _, f := range h.files {
		if info, err := f.Info(); err == nil {
			h.bytes += info.Size()
		}
	}
	return h.bytes
}

// remove removes a segment's files, unless another writer holds one of them, and counts
// them. It reports whether none is left.
func (j *janitor) remove(h held) (gone bool) {
	gone = true
	mine := false // I have removed one of them, nobody else
	for _, f := range h.files {
		path, size := filepath.Join(j.opts.Dir, f.Name()), int64(0)
		if info, err := j.opts.fs.stat(path); err == nil {
			size = info.Size()
		}
		switch j.discard(path, "retain") {
		case removed:
			mine = true
			j.deleted.bytes.Add(size)
		case stays:
			gone = false
		}
	}
	if gone && mine {
		j.deleted.files.Add(1)
		j.deleted.records.Add(j.disown(h.name))
	}
	return gone
}

// cleanUp removes what a crash has left half done: temporary files, and segments
// whose compressed form is whole.
func (j *janitor) cleanUp(segments []held, temporary []string) {
	for _, name := range temporary {
		j.discard(filepath.Join(j.opts.Dir, name), "clean up")
	}
	for _, s := range segments {
		if len(s.files) > 1 && wholeTwin(j.ctx, j.opts.fs, j.opts.Dir, s) {
			j.discard(filepath.Join(j.opts.Dir, s.name), "clean up")
		}
	}
}

// fate is what has become of a file.
type fate int

const (
	stays   fate = iota
	removed      // by this writer
	missing      // before that
)

// discard removes a file unless another writer holds it.
func (j *janitor) discard(path, doing string) fate {
	release, err := j.opts.fs.claim(path)
	if err == nil {
		defer release()
		if err = j.opts.fs.remove(path); err == nil {
			return removed
		}
		if !errors.Is(err, os.ErrNotExist) {
			j.faults.meet(doing, fmt.Errorf("removing an old file: %w", err))
		}
	}
	if errors.Is(err, os.ErrNotExist) {
		return missing
	}
	return stays
}
