package writer

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"time"

	"hashlog/log"
)

// segment is the file being written.
type segment struct {
	file   file
	path   string
	size   int64     // bytes in it
	lines  int       // whole lines written to it, including one that lacks only its newline
	begin  time.Time // when it was begun, by the clock or by its first record
	broken bool      // nothing more may be written to it
}

// outlet writes lines to segments. Only the drain uses it.
type outlet struct {
	opts   Options
	naming naming
	live   *segment // nil between segments
}

// open begins a segment at a time.
func (o *outlet) open(at time.Time) error {
	if err := o.opts.fs.mkdirAll(o.opts.Dir); err != nil {
		return fmt.Errorf("making the folder of segments: %w", err)
	}
	const attempts = 1000 // other writers may take names first
	for range attempts {
		name, ok := o.naming.next(at)
		if !ok {
			return fmt.Errorf("opening a segment: %s holds the last possible name", log.Quoted(o.opts.Dir))
		}
		path := filepath.Join(o.opts.Dir, name)
		f, err := o.opts.fs.create(path)
		if errors.Is(err, os.ErrExist) {
			continue
		}
		if err != nil {
			return fmt.Errorf("opening a segment: %w", err)
		}
		if o.used(path) {
			f.Close()
			o.opts.fs.remove(path)
			continue
		}
		o.live = &segment{file: f, path: path, begin: at}
		return nil
	}
	return fmt.Errorf("opening a segment: no free name in %s", log.Quoted(o.opts.Dir))
}

// used reports whether another writer has had a segment of this name, and has compressed
// it or is doing so.
func (o *outlet) used(path string) bool {
	for _, c := range []Compression{Gzip, Zstd} {
		for _, suffix := range []string{c.suffix(), c.suffix() + temporarySuffix} {
			if _, err := o.opts.fs.stat(path + suffix); err == nil {
				return true
			}
		}
	}
	return false
}

// vanished reports whether the live segment is no longer in its folder. It returns false
// if the folder may not be read.
func (o *outlet) vanished() bool {
	if o.live == nil {
		return false
	}
	inFolder, err := o.opts.fs.stat(o.live.path)
	if err != nil {
		return !errors.Is(err, os.ErrPermission)
	}
	mine, err := o.live.file.Stat()
	return err == nil && !os.SameFile(inFolder, mine)
}

// write writes whole lines, which end at the given offsets, to the live segment, and
// returns how many of them are in the file. After an error the segment is cut back to
// these lines. It is broken unless it is empty.
func (o *outlet) write(text []byte, ends []int) (lines int, err error) {
	n, err := o.live.file.Write(text) // appends
	if err == nil && n < len(text) {
		err = io.ErrShortWrite
	}
	if err == nil {
		o.live.size += int64(len(text))
		o.live.lines += len(ends)
		return len(ends), nil
	}
	err = fmt.Errorf("writing %s: %w", log.Quoted(o.live.path), err)
	whole := 0
	for lines < len(ends) && ends[lines] <= n {
		whole = ends[lines]
		lines++
	}
	if o.cutBack(n, whole) != nil {
		o.live.broken = true
		if lines < len(ends) && onlySpace(text[n:ends[lines]]) {
			lines++ // only its newline is missing, and readers take it for a record
		}
	} else if o.live.size > 0 {
		o.live.broken = true
	}
	o.live.lines += lines
	return lines, err
}

// cutBack removes what a write of n bytes has left after its last whole line, which ends at
// whole. It goes by the real size of the file: if somebody else has emptied it, truncating
// to a larger size would fill it with zeros.
func (o *outlet) cutBack(n, whole int) error {
	info, err := o.live.file.Stat()
	if err != nil {
		return err
	}
	half := int64(n - whole)
	size := max(0, min(o.live.size+int64(whole), info.Size()-half))
	if err := o.live.file.Truncate(size); err != nil {
		return err
	}
	o.live.size = size
	return nil
}

// follow adopts the real size of the live segment, and returns an error if somebody else
// has changed it. The segment is then broken unless it is empty: it may end in half a line.
func (o *outlet) follow() error {
	info, err := o.live.file.Stat()
	if err != nil || info.Size() == o.live.size {
		return nil // if the file cannot be examined, the next write fails
	}
	before := o.live.size
	o.live.size = info.Size()
	o.live.broken = o.live.size > 0
	return fmt.Errorf("%s has been changed by somebody else: it has %d bytes, not %d", log.Quoted(o.live.path), o.live.size, before)
}

func onlySpace(text []byte) bool { return len(bytes.TrimSpace(text)) == 0 }

// close ends the live segment, and returns its path and how many lines were written to it.
// The path is "" if there is no live segment, or if it has vanished: what has its name now
// is not ours. A segment without a whole line, after a write that failed, is removed.
func (o *outlet) close() (path string, lines int, err error) {
	if o.live == nil {
		return "", 0, nil
	}
	s, gone := o.live, o.vanished()
	useless := s.lines == 0 && !gone
	o.live = nil
	if o.opts.Sync && !useless && !gone {
		err = errors.Join(s.file.Sync(), o.opts.fs.syncDir(o.opts.Dir))
	}
	err = errors.Join(err, s.file.Close())
	if useless {
		err = errors.Join(err, o.opts.fs.remove(s.path))
	} else if !gone {
		path = s.path
	}
	if err != nil {
		err = fmt.Errorf("finishing %s: %w", log.Quoted(s.path), err)
	}
	return path, s.lines, err
}

// outgrown reports whether a line of n bytes, at a time, must go to another segment.
// waiting is how many bytes will be written before it.
func (o *outlet) outgrown(waiting, n int, at time.Time) bool {
	size := o.live.size + int64(waiting)
	return size > 0 && (o.opts.RotateSize > 0 && size+int64(n) > o.opts.RotateSize || o.expired(at))
}

// expired reports whether the live segment must be finished for its age.
func (o *outlet) expired(at time.Time) bool {
	age := at.Sub(o.live.begin)
	if !o.opts.FollowTimestamps {
		age = age.Abs() // the clock may have been set back
	}
	return o.opts.RotateInterval > 0 && age >= o.opts.RotateInterval
}
