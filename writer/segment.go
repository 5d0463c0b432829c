package writer

import (
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"time"
)

// segment is the file being written.
type segment struct {
	file   file
	path   string
	size   int64     // bytes of whole lines in it
	begin  time.Time // its time, by the clock or by its first record
	broken bool      // nothing more may be written to it
}

// outlet writes lines to segments. It is the drain's own.
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
	const attempts = 1000 // other writers take names too
	for range attempts {
		path := filepath.Join(o.opts.Dir, o.naming.next(at))
		f, err := o.opts.fs.create(path)
		if errors.Is(err, os.ErrExist) {
			continue
		}
		if err != nil {
			return fmt.Errorf("opening a segment: %w", err)
		}
		o.live = &segment{file: f, path: path, begin: at}
		return nil
	}
	return fmt.Errorf("opening a segment: no free name in %s", o.opts.Dir)
}

// vanished reports whether the live segment is no longer in its folder.
func (o *outlet) vanished() bool {
	if o.live == nil {
		return false
	}
	inFolder, err := o.opts.fs.stat(o.live.path)
	if err != nil {
		return errors.Is(err, os.ErrNotExist)
	}
	mine, err := o.live.file.Stat()
	return err == nil && !os.SameFile(inFolder, mine)
}

// write writes whole lines, which end at the offsets given, to the live segment, and
// returns how many of them are in the file. After an error the segment is cut back to
// these, and closed unless it is as good as new.
func (o *outlet) write(text []byte, ends []int) (lines int, err error) {
	n, err := o.live.file.Write(text)
	if err == nil && n < len(text) {
		err = io.ErrShortWrite
	}
	if err == nil {
		o.live.size += int64(len(text))
		return len(ends), nil
	}
	err = fmt.Errorf("writing %s: %w", o.live.path, err)
	whole := 0
	for lines < len(ends) && ends[lines] <= n {
		whole = ends[lines]
		lines++
	}
	size := o.live.size + int64(whole)
	cut := o.cutBack(size)
	if !cut && lines < len(ends) && n == ends[lines]-1 {
		lines++ // only its newline is missing, and readers take it for a record
	}
	o.live.size = size
	o.live.broken = !cut || size > 0
	return lines, err
}

// cutBack removes the half line at the end of the live segment, if it can.
func (o *outlet) cutBack(size int64) bool {
	if o.live.file.Truncate(size) != nil {
		return false
	}
	_, err := o.live.file.Seek(size, io.SeekStart)
	return err == nil
}

// close ends the live segment and returns its path, "" if there is none.
func (o *outlet) close() (path string, err error) {
	if o.live == nil {
		return "", nil
	}
	s := o.live
	o.live = nil
	if o.opts.Sync {
		err = s.file.Sync()
	}
	if closing := s.file.Close(); err == nil {
		err = closing
	}
	if err != nil {
		err = fmt.Errorf("finishing %s: %w", s.path, err)
	}
	return s.path, err
}

// outgrown reports whether a line of n bytes at a time must go to another segment.
// waiting is how many bytes are about to be written before it.
func (o *outlet) outgrown(waiting, n int, at time.Time) bool {
	size := o.live.size + int64(waiting)
	return size > 0 && (o.opts.RotateSize > 0 && size+int64(n) > o.opts.RotateSize || o.expired(at))
}

// expired reports whether the live segment has been written to for long enough.
func (o *outlet) expired(at time.Time) bool {
	age := at.Sub(o.live.begin)
	if !o.opts.FollowTimestamps {
		age = age.Abs() // the clock may have been set back
	}
	return o.opts.RotateInterval > 0 && age >= o.opts.RotateInterval
}
