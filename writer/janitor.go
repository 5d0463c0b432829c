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

// janitor is the goroutine that looks after the folder: it cleans up after a crash, removes
// the oldest segments and compresses finished ones.
type janitor struct {
	opts   Options
	faults *faults

	mu     sync.Mutex
	queue  []string // paths of the segments to compress
	retain bool     // the folder may be over its limits
	live   string   // path of the segment begun last, which stays
	growth int64    // bytes written since the folder was last listed
	closed bool
	owned  map[string]ownSegment // by name of the plain file
	pass   int                   // how many times the folder has been listed to remove the oldest

	deleted deleted

	wake   chan struct{} // of capacity 1
	done   chan struct{} // closed at the end
	ctx    context.Context
	cancel context.CancelFunc
}

// newJanitor starts a janitor in a folder that holds these segments and temporary files.
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

// next returns what to do next. Making room comes first.
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

// tell changes what there is to do.
func (j *janitor) tell(change func()) {
	j.mu.Lock()
	change()
	j.mu.Unlock()
	select {
	case j.wake <- struct{}{}:
	default:
	}
}

// close waits until everything is done. If the context ends first, a compression under way
// is undone.
func (j *janitor) close(ctx context.Context) {
	j.tell(func() { j.closed = true })
	select {
	case <-j.done:
	case <-ctx.Done():
		j.cancel()
		select {
		case <-j.done:
		case <-time.After(j.opts.grace):
		}
	}
	j.cancel()
}

// begun tells the janitor about a new live segment.
func (j *janitor) begun(path string) {
	j.tell(func() { j.live, j.retain = path, true })
}

// finished hands over a segment to which nothing more is written, with its number of lines.
func (j *janitor) finished(path string, lines int) {
	j.tell(func() {
		j.retain = true
		j.own(path, lines)
		if j.opts.Compress != NoCompression {
			j.queue = append(j.queue, path)
		}
	})
}

// grown tells the janitor about bytes that were written. If MaxBytes is set, the folder is
// listed from time to time while the live segment grows.
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

// removeOldest removes the oldest segments until the limits hold.
func (j *janitor) removeOldest() {
	if !j.retains() {
		return
	}
	defer j.alone()()
	j.beginPass()
	segments, _, err := list(j.opts.fs, j.opts.Dir)
	if errors.Is(err, os.ErrNotExist) {
		return // the folder has been removed; the next segment makes it again
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
		if s.name >= live { // the live segment, and newer ones of which the janitor has not heard
			return
		}
		if j.remove(s) {
			files--
			bytes -= s.bytes
		}
	}
}

// retains reports whether there is any limit.
func (j *janitor) retains() bool { return j.opts.MaxFiles >= 0 || j.opts.MaxBytes > 0 }

func (j *janitor) tooMuch(files int, bytes int64) bool {
	return j.opts.MaxFiles >= 0 && files > j.opts.MaxFiles || j.opts.MaxBytes > 0 && bytes > j.opts.MaxBytes
}

// liveName returns the name of the live segment, or a name above all others before the
// first segment.
func (j *janitor) liveName() string {
	j.mu.Lock()
	defer j.mu.Unlock()
	if j.live == "" {
		return "~"
	}
	return filepath.Base(j.live)
}

// alone waits, for a second at most, until no other writer removes old segments from this
// folder: two at once would remove too many.
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

// size returns how many bytes a segment's files have.
func (h *held) size() int64 {
	h.bytes = 0
	for _, f := range h.files {
		if info, err := f.Info(); err == nil {
			h.bytes += info.Size()
		}
	}
	return h.bytes
}

// remove removes a segment's files, except those that another writer holds, and counts
// them. It reports whether none is left.
func (j *janitor) remove(h held) (gone bool) {
	gone = true
	mine := false // this writer has removed one of them
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

// cleanUp removes what a crash has left: temporary files, and segments whose compressed
// form is whole.
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

// fate is what became of a file that should go.
type fate int

const (
	stays   fate = iota
	removed      // by this writer
	missing      // it was gone already
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
