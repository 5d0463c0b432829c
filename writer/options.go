package writer

import (
	"errors"
	"fmt"
	"time"
)

// Options say where and how to log. Only Dir is needed.
type Options struct {
	// Dir is the folder of the segments, made if it does not exist. Default "":
	// the writer is disabled.
	Dir string

	// RotateInterval is how long a segment is written to. Default 0: 6 hours.
	// Negative: for ever.
	RotateInterval time.Duration
	// RotateSize is how many bytes a segment may have; a larger record gets one of
	// its own. Default 0: 100 MiB. Negative: any number.
	RotateSize int64
	// MaxFiles is how many segments may be in the folder, the live one and those of
	// earlier runs included; the oldest go. Default 0: 100, or any number where MaxBytes
	// is given. Negative: any number.
	MaxFiles int
	// MaxBytes is how many bytes all segments may have together. The oldest go whenever
	// one is begun or finished and, as the live one grows, every sixteenth of MaxBytes;
	// for as long as a compression takes they may be more, and its temporary file is not
	// counted. The live one always stays. Default 0: any number. Where both limits are
	// given, both rule.
	MaxBytes int64
	// Compress is what becomes of finished segments. Default: they stay as they are.
	Compress Compression

	// QueueBytes bounds the lookups waiting to be written, in bytes of memory, which
	// is taken from the system at once. Default 0: 64 MiB.
	QueueBytes int
	// QueueRecords bounds their number. Default 0: 65,536.
	QueueRecords int
	// FlushInterval is how long a record may wait before it is given to the
	// operating system. Default 0: a second.
	FlushInterval time.Duration
	// Sync stores a segment on disk (fsync) when it is finished. Default false.
	Sync bool

	// FollowTimestamps names and rotates segments by the timestamps of their records
	// and not by the clock, for logs that are made up or converted. Default false.
	FollowTimestamps bool

	// OnError is told of faults, once for each kind and minute, from the writer's own
	// two goroutines. It should return soon and must not call the writer. Default nil:
	// faults stand in Stats alone.
	OnError func(error)

	now   func() time.Time // the clock
	fs    fileSystem
	pause time.Duration // after a fault; it grows
}

// Compression is a way to compress finished segments.
type Compression string

const (
	NoCompression Compression = ""    // segments stay as they are
	Gzip          Compression = "gz"  // as by gzip; the slowest
	Zstd          Compression = "zst" // as by zstd
)

// suffix is what the names of segments compressed in this way end in.
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

const (
	defaultRotateInterval = 6 * time.Hour
	defaultRotateSize     = 100 << 20
	defaultMaxFiles       = 100
	defaultQueueBytes     = 64 << 20
	defaultQueueRecords   = 1 << 16
	defaultFlushInterval  = time.Second
	firstPause            = 10 * time.Millisecond
)

// withDefaults fills in what was left out, and refuses what makes no sense.
func (o Options) withDefaults() (Options, error) {
	switch {
	case o.QueueBytes < 0:
		return o, errors.New("writer: QueueBytes is negative")
	case o.QueueRecords < 0:
		return o, errors.New("writer: QueueRecords is negative")
	case o.FlushInterval < 0:
		return o, errors.New("writer: FlushInterval is negative")
	case o.MaxBytes < 0:
		return o, errors.New("writer: MaxBytes is negative")
	case o.Compress != NoCompression && o.Compress != Gzip && o.Compress != Zstd:
		return o, fmt.Errorf("writer: unknown compression %q", o.Compress)
	}
	fill(&o.RotateInterval, defaultRotateInterval)
	fill(&o.RotateSize, defaultRotateSize)
	if o.MaxBytes > 0 {
		fill(&o.MaxFiles, -1)
	}
	fill(&o.MaxFiles, defaultMaxFiles)
	fill(&o.QueueBytes, defaultQueueBytes)
	fill(&o.QueueRecords, defaultQueueRecords)
	fill(&o.FlushInterval, defaultFlushInterval)
	fill(&o.pause, firstPause)
	if o.now == nil {
		o.now = wallClock
	}
	if o.fs == nil {
		o.fs = osFS{}
	}
	return o, nil
}

// wallClock is the clock as people set it, without the reading that is steady while they
// do: names follow it, and so must rotation.
func wallClock() time.Time { return time.Now().Round(0) }

func fill[T comparable](option *T, standard T) {
	if zero := *new(T); *option == zero {
		*option = standard
	}
}
