package log

import "hashlog/log/internal/line"

// LineDecoder decodes lines in the format of this package, for a program that reads them
// by other means than a [Reader]. It is the [Decoder] that a Reader uses for such logs. Its
// zero value is ready. A LineDecoder must not be used by several goroutines at once.
type LineDecoder struct {
	// AnyDType accepts records with an unknown dtype. Entry.ChunkBytes is 0 then.
	AnyDType bool

	lines line.Decoder
	names line.NameCache // of models

	sources line.NameCache
}

// Decode decodes a line, with or without its newline, into e. It reuses the memory of
// e.RequestID, e.SessionID, e.CacheSalt and e.Hashes, empties Text, and leaves File and Line as
// they are. The error says why the line is a bad record, and e is unchanged then; [IsNotJSON]
// tells whether the line is JSON.
func (d *LineDecoder) Decode(text []byte, e *Entry) error {
	d.lines.AnyDType = d.AnyDType
	f, err := d.lines.Decode(text)
	if err != nil {
		return err
	}
	e.Timestamp, e.ChunkSize, e.SeqLen = f.Timestamp, f.ChunkSize, f.SeqLen
	e.RequestID = append(e.RequestID[:0], f.RequestID...)
	e.SessionID = append(e.SessionID[:0], f.SessionID...)
	e.CacheSalt = append(e.CacheSalt[:0], f.CacheSalt...)
	e.Source = line.Intern(&d.sources, f.Source)
	e.CachedTokens, e.HasCachedTokens = f.CachedTokens, f.HasCachedTokens()
	e.ModelName = line.Intern(&d.names, f.ModelName)
	e.ChunkBytes = f.ChunkBytes()
	e.Dropped = f.Dropped
	e.Hashes = append(e.Hashes[:0], f.Fingerprints...)
	e.Text = e.Text[:0]
	return nil
}

// Timestamp returns the timestamp of a line without decoding the rest, if it can.
func (d *LineDecoder) Timestamp(text []byte) (seconds float64, ok bool) {
	return d.lines.Timestamp(text)
}

// String returns "": this format needs no mention.
func (d *LineDecoder) String() string { return "" }

// Checker tells records from other lines. Its zero value is ready. A Checker must not be
// used by several goroutines at once.
type Checker struct{ lines line.Decoder }

// Check returns the timestamp of a line, with or without its newline, or an error that says
// why the line is not a record.
func (c *Checker) Check(text []byte) (timestamp float64, err error) {
	f, err := c.lines.DecodeTexts(text)
	if err != nil {
		return 0, err
	}
	return f.Timestamp, nil
}

// IsNotJSON reports whether an error of a decoder, a [Checker] or [Object.Parse] says that a
// line is not one JSON value. A last line that is not, and has no newline, is torn.
func IsNotJSON(err error) bool { return line.IsNotJSON(err) }
