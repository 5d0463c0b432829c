package writer

import (
	"fmt"
	"math"
	"time"
)

// Options say where and how to log. Only Dir is needed. The limits (RotateInterval,
// RotateSize, MaxFiles, MaxBytes) are lifted by a negative value.
type Options struct {
	// Dir is the folder of the segments, which is made if it does not exist. Default "":
	// the writer is disabled, whatever else is set.
	Dir string

	// RotateInterval is how long one segment is written to. Default 0: 6 hours. Negative:
	// no limit.
	RotateInterval time.Duration
	// RotateSize is the largest size of a segment in bytes; a record that is larger gets a
	// segment of its own. Default 0: 100 MiB. Negative: no limit.
	RotateSize int64
	// Compress says how finished segments are compressed. Default: not at all.
	Compress Compression

	// MaxFiles is how many segments the folder may hold, including the live one and those
	// of earlier runs. The oldest are deleted. Default 0: 100, or no limit if MaxBytes is
	// above zero. Negative: no limit.
	MaxFiles int
	// MaxBytes is how many bytes all segments together may have on disk. The oldest are
	// deleted whenever a segment is begun or finished, and as the live one grows, each time
	// by a sixteenth of MaxBytes. The live segment always stays, so a RotateSize well below
	// MaxBytes makes for a closer limit. A compression under way adds to the bytes. Default
	// 0 and negative: no limit. If both MaxFiles and MaxBytes are set, both hold.
	MaxBytes int64

	// QueueBytes bounds the lookups that wait to be written, in bytes of memory. New takes
	// all of it from the system at once. Default 0: 64 MiB. It cannot be negative.
	QueueBytes int
	// QueueRecords bounds their number. Default 0: 65,536. It cannot be negative.
	QueueRecords int
	// FlushInterval is how long a record may wait before it is given to the operating
	// system. Default 0: one second. It cannot be negative.
	FlushInterval time.Duration
	// Sync stores each segment on disk (fsync) when it is finished. Default false.
	Sync bool

	// FollowTimestamps names and rotates segments by the timestamps of their records
	// instead of the clock, for logs that are generated or converted. An idle segment then
	// stays open until the next record or Close. Default false.
	FollowTimestamps bool

	// OnError is called with faults, with each kind at most once a minute, by the writer's
	// own two goroutines. It should return soon and must not call the writer. Default nil:
	// faults are only counted, in [Stats].
	OnError func(error)

	now   func() time.Time // the clock
	fs    fileSystem
	pause time.Duration // after a fault; it grows
	grace time.Duration // of Close, after its context has ended, for calls of the operating system
}

// Compression is a way to compress finished segments.
type Compression string

const (
	NoCompression Compression = ""    // segments stay as they are
	Gzip          Compression = "gz"  // the format of gzip; the slowest
	Zstd          Compression = "zst" // the format of zstd
)

// suffix is the end of the names of segments that are compressed in this way.
func (c Compression) suffix() string { return "." + string(c) }

// ParseCompression reads "none", "gz" or "zst".
func ParseCompression(s string) (Compression, error) {
	switch c := Compression(s); c {
	case Gzip, Zstd:
		return c, nil
	case "none":
		return NoCompression, nil
	}
	return "", fmt.Errorf("compression %q: must be none, gz or zst", s)
}

// FieldError is the error of [New] for a field of [Options] that makes no sense.
type FieldError struct {
	Field  string // its name
	Reason string // what is wrong with it, and what to set
}

func (e *FieldError) Error() string { return fmt.Sprintf("writer: %s: %s", e.Field, e.Reason) }

const (
	defaultRotateInterval = 6 * time.Hour
	defaultRotateSize     = 100 << 20
	defaultMaxFiles       = 100
	defaultQueueBytes     = 64 << 20
	defaultQueueRecords   = 1 << 16
	defaultFlushInterval  = time.Second
	firstPause            = 10 * time.Millisecond
	closeGrace            = 100 * time.Millisecond

	unlimited = -1 // of a limit, once defaults are filled in

	// Larger queues would fail to be allocated, with a panic.
	mostQueueBytes   = min(1<<40, math.MaxInt/2)
	mostQueueRecords = min(1<<32, math.MaxInt/256)
)

// withDefaults fills in what was left out, and refuses what makes no sense.
func (o Options) withDefaults() (Options, error) {
	if err := o.check(); err != nil {
		return o, err
	}
	fill(&o.RotateInterval, defaultRotateInterval)
	fill(&o.RotateSize, defaultRotateSize)
	if o.MaxBytes > 0 {
		fill(&o.MaxFiles, unlimited)
	}
	fill(&o.MaxFiles, defaultMaxFiles)
	fill(&o.MaxBytes, unlimited)
	fill(&o.QueueBytes, defaultQueueBytes)
	fill(&o.QueueRecords, defaultQueueRecords)
	fill(&o.FlushInterval, defaultFlushInterval)
	fill(&o.pause, firstPause)
	fill(&o.grace, closeGrace)
	if o.now == nil {
		o.now = wallClock
	}
	if o.fs == nil {
		o.fs = osFS{}
	}
	return o, nil
}

func (o Options) check() error {
	switch {
	case o.QueueBytes < 0 || o.QueueBytes > mostQueueBytes:
		return wrong("QueueBytes", "%d is out of range: the queue is allocated at once, so it cannot be unlimited; set 1 to %d, or 0 for the default of %d",
			o.QueueBytes, int64(mostQueueBytes), defaultQueueBytes)
	case o.QueueRecords < 0 || o.QueueRecords > mostQueueRecords:
		return wrong("QueueRecords", "%d is out of range: the queue is allocated at once, so it cannot be unlimited; set 1 to %d, or 0 for the default of %d",
			o.QueueRecords, int64(mostQueueRecords), defaultQueueRecords)
	case o.FlushInterval < 0:
		return wrong("FlushInterval", "%v is negative: records cannot wait without limit; set a time above zero, or 0 for the default of %v",
			o.FlushInterval, defaultFlushInterval)
	case o.Compress != NoCompression && o.Compress != Gzip && o.Compress != Zstd:
		return wrong("Compress", "%q is no known compression; set NoCompression, Gzip or Zstd", string(o.Compress))
	}
	return nil
}

func wrong(field, format string, args ...any) error {
	return &FieldError{field, fmt.Sprintf(format, args...)}
}

// wallClock is the clock as people set it, without the monotonic reading: names follow
// the clock when it is set, and so must rotation.
func wallClock() time.Time { return time.Now().Round(0) }

func fill[T comparable](option *T, standard T) {
	if zero := *new(T); *option == zero {
		*option = standard
	}
}
