package writer

import (
	"fmt"
	"time"
)

const (
	firstPause = 10 * time.Millisecond
	longPause  = time.Second
)

// ensureSegment sees that there is a live segment, trying again until it can be
// opened. It returns false if everything has been abandoned meanwhile.
func (d *drain) ensureSegment() bool {
	for pause := firstPause; d.outlet.live == nil; pause = min(2*pause, longPause) {
		if err := d.outlet.open(d.at); err != nil {
			d.faults.meet("open", err)
			if !d.pause(pause) {
				return false
			}
			continue
		}
		d.segments.Add(1)
		d.checked = time.Now()
		d.janitor.retain(d.outlet.live.path)
	}
	return true
}

// writeOut writes the lines that are formatted, trying again until all are in a file
// or everything has been abandoned.
func (d *drain) writeOut() {
	d.checkFolder()
	for pause := firstPause; len(d.ends) > 0; pause = min(2*pause, longPause) {
		if d.abandoned() || !d.ensureSegment() {
			return
		}
		lines, err := d.outlet.write(d.out, d.ends)
		d.written(lines)
		if err == nil {
			return
		}
		d.faults.meet("write", err)
		if d.outlet.live.broken || d.outlet.vanished() {
			d.finishSegment()
		}
		if !d.pause(pause) {
			return
		}
	}
}

// written takes lines that are in a file off those to be written.
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
		d.out = nil // let go of the memory of an exceptionally long line
	}
	d.bytes.Add(int64(n))
	d.queue.wrote(int64(lines), told)
}

// checkFolder ends the live segment if it is no longer in its folder, so that
// writing goes on where it can be found. It looks once a flush interval.
func (d *drain) checkFolder() {
	if d.outlet.live == nil || time.Since(d.checked) < d.opts.FlushInterval {
		return
	}
	d.checked = time.Now()
	if d.outlet.vanished() {
		d.faults.meet("vanished", fmt.Errorf("%s is no longer there", d.outlet.live.path))
		d.finishSegment()
	}
}

// finishSegment ends the live segment and hands it on.
func (d *drain) finishSegment() {
	path, err := d.outlet.close()
	if err != nil {
		d.faults.meet("finish", err)
	}
	if path != "" {
		d.janitor.finished(path)
	}
}

// pause waits before the next attempt. It returns false if everything has been
// abandoned.
func (d *drain) pause(long time.Duration) bool {
	timer := time.NewTimer(long)
	defer timer.Stop()
	select {
	case <-timer.C:
		return true
	case <-d.quit:
		return false
	}
}
