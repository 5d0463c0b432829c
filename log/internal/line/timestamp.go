package line

import (
	"bytes"
	"math"
)

// Timestamp returns the timestamp of a line without decoding the rest, if it can.
func (d *Decoder) Timestamp(line []byte) (float64, bool) {
	c := cursor{text: line}
	c.literal(`{"timestamp": `)
	timestamp := c.float()
	c.literal(",")
	if !c.bad && math.Abs(timestamp) <= MaxTimestamp && !mayNameTimestamp(line[c.at:]) {
		return timestamp, true
	}
	err := d.other(line)
	timestamp = d.fields.Timestamp
	return timestamp, err == nil && d.fields.have.has(fieldTimestamp) && math.Abs(timestamp) <= MaxTimestamp
}

// mayNameTimestamp reports whether the rest of a line may hold another timestamp, perhaps with
// escapes in its name. The last one would win.
func mayNameTimestamp(rest []byte) bool {
	return bytes.IndexByte(rest, '\\') >= 0 || bytes.Contains(rest, []byte("timestamp"))
}
