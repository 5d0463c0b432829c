package log

import "hashlog/log/internal/line"

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
		c.decoder = &LineDecoder{AnyDType: c.opts.AnyDType, names: line.NameCache{Shared: c.opts.names}, sources: line.NameCache{Shared: c.opts.names}}
		c.ownFormat = &ownFormat{decoder: LineDecoder{AnyDType: true}}
	}
	c.doubts++
	c.certain = len(c.opts.Formats) == 0 || c.doubts == maxDoubts || c.ownFormat.decoder.Decode(text, &c.ownFormat.entry) == nil
	if c.certain {
		c.ownFormat = nil
	}
}
