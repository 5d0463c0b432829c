package log

import (
	"fmt"

	"hashlog/log/internal/line"
	"hashlog/log/internal/source"
)

// Format is a form of log beside the one of the package comment. Package foreign has
// those of published traces.
type Format interface {
	// Decoder returns a decoder for the log of that name by a line of it, or nil if that is
	// not in this format. It is asked about the first line that is not blank, and, as long
	// as no format knows the log, about the next. It may be called from several goroutines
	// at once, and more than once for a line.
	Decoder(name string, line []byte) Decoder
}

// Decoder decodes the lines of one log, one after another.
type Decoder interface {
	// Decode decodes a line without its newline into e, whose memory it reuses. It
	// sees to all but File and Line, to a Timestamp in seconds that CheckTimestamp finds
	// good, to a ModelName that CheckModelName finds good, to a ChunkSize above 0 and a
	// SeqLen of 0 or more. Its error is why the line is a bad record;
	// of a line that is no JSON it is one that Object.Parse returned.
	Decode(line []byte, e *Entry) error
	// Timestamp returns the same timestamp as Decode, if it can find it, for a look
	// ahead; it may be called for lines that Decode refuses, and doesn't find a timestamp
	// for which it would.
	Timestamp(line []byte) (seconds float64, ok bool)
	// String says in words what the log is read as: "a Mooncake trace: …".
	String() string
}

// maxDoubt is how many lines that are nothing a log may begin with before it counts as one of ours.
const maxDoubt = 1000

// choice finds a log's decoder by its lines.
type choice struct {
	opts    *Options
	name    string
	decoder Decoder // the right one if certain; nil before the first line that is not blank
	certain bool
	doubts  int   // lines that were nothing
	own     *ours // nil before the first line, and once it is certain
}

// ours tells whether a line is a record of ours, whatever its dtype.
type ours struct {
	decoder LineDecoder
	entry   Entry
}

// learn looks at the next line, if it isn't certain what the log is: in the first format that knows the line, or, if that
// is a record of ours or nothing has been known for long, in our own.
func (c *choice) learn(text []byte) {
	for _, f := range c.opts.Formats {
		if d := f.Decoder(c.name, text); d != nil {
			c.decoder, c.certain, c.own = d, true, nil
			return
		}
	}
	if c.decoder == nil {
		c.decoder = &LineDecoder{AnyDType: c.opts.AnyDType, names: line.NameCache{Shared: c.opts.names}}
		c.own = &ours{decoder: LineDecoder{AnyDType: true}}
	}
	c.doubts++
	c.certain = len(c.opts.Formats) == 0 || c.doubts == maxDoubt || c.own.decoder.Decode(text, &c.own.entry) == nil
	if c.certain {
		c.own = nil
	}
}

// Foreign says which logs were read as something else than the format of package log.
type Foreign struct {
	As    string // in words, "a Mooncake trace: …"
	First string // the first of the logs
	Files int64
}

// String returns a sentence.
func (f Foreign) String() string {
	first := source.Quoted(f.First)
	switch f.Files {
	case 1:
		return fmt.Sprintf("%s is read as %s", first, f.As)
	case 2:
		return fmt.Sprintf("%s and another log are read as %s", first, f.As)
	}
	return fmt.Sprintf("%s and %d more logs are read as %s", first, f.Files-1, f.As)
}

// readAs notes what a log is read as, unless that is nothing special.
func (s *Stats) readAs(file, as string) {
	if as == "" {
		return
	}
	for i := range s.Foreign {
		if s.Foreign[i].As == as {
			s.Foreign[i].Files++
			return
		}
	}
	s.Foreign = append(s.Foreign, Foreign{as, file, 1})
}
