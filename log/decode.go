package log

import (
	"slices"

	"github.com/zeebo/xxh3"
)

// Decode decodes one line, canonical or not, with or without its newline.
// Empty lists become nil.
func Decode(line []byte) (Record, error) {
	var d decoder
	if err := d.parse(line); err != nil {
		return Record{}, err
	}
	return d.fields.record(), nil
}

// decoder decodes lines one after another. Its zero value is ready.
type decoder struct {
	anyDType bool // Options.AnyDType

	fields  fields
	general general
	names   nameCache
}

// parse takes line apart and checks it. The result aliases line.
func (d *decoder) parse(line []byte) error {
	if !d.fields.canonical(trimEnd(line)) {
		if err := d.general.parse(line, &d.fields); err != nil {
			return err
		}
	}
	return d.fields.check(d.anyDType)
}

// Decode decodes line into e, whose memory it reuses. File and Line are left.
func (d *decoder) Decode(line []byte, e *Entry) error {
	if !d.fields.canonicalPrints(trimEnd(line)) {
		if err := d.other(line); err != nil {
			return err
		}
	}
	return d.fill(e)
}

// fill makes e of the fields.
func (d *decoder) fill(e *Entry) error {
	f := &d.fields
	if err := f.check(d.anyDType); err != nil {
		return err
	}
	e.Timestamp, e.ChunkSize, e.SeqLen = f.timestamp, f.chunkSize, f.seqLen
	e.RequestID = append(e.RequestID[:0], f.requestID...)
	e.ModelName = intern(&d.names, f.model)
	e.ChunkBytes = f.layout.size
	e.Dropped = f.dropped
	e.Hashes = append(e.Hashes[:0], f.prints...)
	return nil
}

// other takes a line apart that is not canonical.
func (d *decoder) other(line []byte) error {
	d.general.reset()
	if d.fields.simple(line) {
		return nil
	}
	if err := d.general.parse(line, &d.fields); err != nil {
		return err
	}
	d.fields.fingerprint()
	return nil
}

// fingerprint computes the fingerprints of the hashes, one by one.
func (f *fields) fingerprint() {
	f.prints = slices.Grow(f.prints[:0], len(f.hashes))
	for _, h := range f.hashes {
		f.prints = append(f.prints, xxh3.Hash(h.of(f.text)))
	}
}

// trimEnd cuts off the end of a line.
func trimEnd(line []byte) []byte {
	if n := len(line); n > 0 && line[n-1] == '\n' {
		line = line[:n-1]
	}
	if n := len(line); n > 0 && line[n-1] == '\r' {
		line = line[:n-1]
	}
	return line
}
