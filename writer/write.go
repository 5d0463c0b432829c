package writer

import (
	"fmt"
	"time"

	"hashlog/log"
)

// longPause is the longest time between two attempts.
const longPause = time.Second

// ensureSegment opens a segment unless there is a live one, and tries again until it
// succeeds. It returns false if what is left should be dropped.
func (d *drain) ensureSegment() bool {
	for pause := d.opts.pause; d.outlet.live == nil; pause = min(2*pause, longPause) {
		if d.abandoned() {
			return false
		}
		if err := d.outlet.open(d.beginning()); err != nil {
			d.faults.obstruct("open", err)
			d.pause(pause)
			continue
		}
		d.segments.Add(1)
		d.checked = time.Now()
		d.janitor.begun(d.outlet.live.path)
	}
	return true
}

// beginning returns the time at which a segment begins if it is opened now.
func (d *drain) beginning() time.Time {
	if d.opts.FollowTimestamps {
		return d.at
	}
	return d.opts.now() // not d.at: attempts to open it may have taken hours
}

// writeOut writes the formatted lines, and tries again until all are in a file or what is
// left should be dropped.
func (d *drain) writeOut() {
	d.checkFolder()
	for pause := d.opts.pause; len(d.ends) > 0; pause = min(2*pause, longPause) {
		d.checkSize()
		if d.abandoned() || !d.ensureSegment() {
			return
		}
		lines, err := d.outlet.write(d.out, d.ends)
		d.written(lines)
		if err == nil {
			return
		}
		d.faults.obstruct("write", err)
		if d.outlet.live.broken || d.outlet.vanished() {
			d.finishSegment()
		}
		d.pause(pause)
	}
}

// written removes lines that are in a file from those to be written, and counts them.
func (d *drain) written(lines int) {
	if lines == 0 {
		return
	}
	n := d.ends[lines-1]
	var told int64
	for _, drops := range d.told[:lines] {
		told += drops
	}
	d.out = append(d.out[:0], d.out[n:]...)
	d.ends = append(d.ends[:0], d.ends[lines:]...)
	d.told = append(d.told[:0], d.told[lines:]...)
	for i := range d.ends {
		d.ends[i] -= n
	}
	if len(d.out) == 0 && cap(d.out) > 4*bufferSize {
		d.out = nil // release the memory of an exceptionally long line
	}
	d.faults.overcome()
	d.queue.wrote(int64(lines), int64(n), told)
	d.janitor.grown(int64(n))
}

// checkFolder ends the live segment if it is no longer in its folder, so that writing goes
// on in a file that can be found. It looks once per FlushInterval.
func (d *drain) checkFolder() {
	if d.outlet.live == nil || time.Since(d.checked) < d.opts.FlushInterval {
		return
	}
	d.checked = time.Now()
	if d.outlet.vanished() {
		d.faults.meet("vanished", fmt.Errorf("%s is no longer there", log.Quoted(d.outlet.live.path)))
		d.finishSegment()
	}
}

// checkSize ends the live segment if somebody else has changed its size, unless it is empty.
func (d *drain) checkSize() {
	if d.outlet.live == nil {
		return
	}
	if err := d.outlet.follow(); err != nil {
		d.faults.meet("changed", err)
		if d.outlet.live.broken {
			d.finishSegment()
		}
	}
}

// finishSegment ends the live segment and hands it to the janitor.
func (d *drain) finishSegment() {
	if d.outlet.live != nil && !d.outlet.live.broken { // a failed write leaves a broken one of any size
		if err := d.outlet.follow(); err != nil {
			d.faults.meet("changed", err)
		}
	}
	path, lines, err := d.outlet.close()
	if err != nil {
		d.faults.meet("finish", err)
	}
	if path != "" {
		d.janitor.finished(path, lines)
	}
}

// pause waits before the next attempt. It returns early if what is left should be dropped.
func (d *drain) pause(long time.Duration) {
	timer := time.NewTimer(long)
	defer timer.Stop()
	select {
	case <-timer.C:
	case <-d.quit:
	}
}
