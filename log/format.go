package log

import (
	"fmt"

	"hashlog/log/internal/line"
)

// Format is a format of logs in addition to that of this package. Package foreign has those of
// published traces.
type Format interface {
	// Decoder returns a decoder for the log of that name, given a line of it, or nil if the line
	// is not in this format. It is called with the first line that is not blank and, while no
	// format recognises the log, with the following ones. It must be safe for concurrent use, and
	// may be called more than once for a line.
	Decoder(name string, line []byte) Decoder
}

// Decoder decodes the lines of one log, one after another. [LineDecoder] is the one for the
// format of this package.
type Decoder interface {
	// Decode decodes a line without its newline into e, whose memory it reuses. It sets all
	// fields but File and Line. Timestamp is in seconds and passes CheckTimestamp, ModelName passes
	// CheckModelName, ChunkSize is positive and SeqLen not negative. The error says why the line
	// is a bad record. For a line that is not JSON it must come from Object.Parse.
	Decode(line []byte, e *Entry) error
	// Timestamp returns the timestamp of a line, the same as Decode, if it can. It may be called
	// for lines that Decode refuses, and then must not return a timestamp that Decode would refuse.
	Timestamp(line []byte) (seconds float64, ok bool)
	// String describes the format, as in "a Mooncake trace: …". The format of this package has
	// none.
	String() string
}

// maxDoubts is after how many lines in no format a log counts as one of this package's format.
const maxDoubts = 1000

// detector finds the format of a log by its lines.
type detector struct {
	opts      *Options
	name      string
	decoder   Decoder // final once certain; nil before the first line that is not blank
	certain   bool
	doubts    int        // lines in no format
	ownFormat *ownFormat // nil before the first line and once certain
}

// ownFormat tells whether a line is a record of this package's format, with any dtype.
type ownFormat struct {
	decoder LineDecoder
	entry   Entry
}

// detect looks at the next line, while the format is uncertain. The log is in the first format
// that recognises the line, or else in this package's format if the line is such a record or
// after maxDoubts lines.
func (c *detector) detect(text []byte) {
	for _, f := range c.opts.Formats {
		if d := f.Decoder(c.name, text); d != nil {
			c.decoder, c.certain, c.ownFormat = d, true, nil
			return
		}
	}
	if c.decoder == nil {
		c.decoder = &LineDecoder{AnyDType: c.opts.AnyDType, names: line.NameCache{Shared: c.opts.names}}
		c.ownFormat = &ownFormat{decoder: LineDecoder{AnyDType: true}}
	}
	c.doubts++
	c.certain = len(c.opts.Formats) == 0 || c.doubts == maxDoubts || c.ownFormat.decoder.Decode(text, &c.ownFormat.entry) == nil
	if c.certain {
		c.ownFormat = nil
	}
}

// Foreign counts the logs that were read in one foreign format.
type Foreign struct {
	As    string // a description of the format, "a Mooncake trace: …"
	First string // the first of the logs
	Files int64
}

// String returns a clause that names the first log.
func (f Foreign) String() string {
	first := Quoted(f.First)
	switch f.Files {
	case 1:
		return fmt.Sprintf("%s is read as %s", first, f.As)
	case 2:
		return fmt.Sprintf("%s and another log are read as %s", first, f.As)
	}
	return fmt.Sprintf("%s and %d more logs are read as %s", first, f.Files-1, f.As)
}

// readAs counts a log by its format, "" for that of this package.
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
