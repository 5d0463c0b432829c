package log

import "errors"

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
	// fields but File and Line; Source is empty if the line names none. Timestamp is in seconds and
	// passes CheckTimestamp, ModelName passes CheckModelName and Source CheckSource, ChunkSize is
	// positive, SeqLen not negative, and CachedTokens from 0 to SeqLen. The error says why the line
	// is a bad record. For a line that is not JSON it must come from Object.Parse. ErrNoLookup and a
	// *RefusedError mean something else.
	Decode(line []byte, e *Entry) error
	// Timestamp returns the timestamp of a line, the same as Decode, if it can. It may be called
	// for lines that Decode refuses, and then must not return a timestamp that Decode would refuse.
	// A Decoder whose Decode is called has its Timestamp not called, and conversely.
	Timestamp(line []byte) (seconds float64, ok bool)
	// String describes the format, as in "a Mooncake trace: …". The format of this package has
	// none.
	String() string
}

// ErrNoLookup is the error of a [Decoder] for a line that holds no lookup and is no bad record: an
// event of another kind. Such lines are passed over like blank ones.
var ErrNoLookup = errors.New("the line holds no lookup")

// RefusedError is the error of a [Decoder] for a log that cannot be read as lookups at all. It ends
// the reading.
type RefusedError struct{ Why string }

func (e *RefusedError) Error() string { return e.Why }
