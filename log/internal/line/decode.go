package line

import (
	"slices"

	"github.com/zeebo/xxh3"
)

// Decoder decodes lines one after another. Its zero value is ready.
type Decoder struct {
	// AnyDType accepts unknown dtypes. ChunkBytes returns 0 for such a line.
	AnyDType bool

	fields  Fields
	general general
}

// DecodeTexts decodes a line and keeps its hashes as text instead of computing fingerprints.
// The fields alias line and are valid until the next call.
func (d *Decoder) DecodeTexts(line []byte) (*Fields, error) {
	if !d.fields.canonical(TrimEnd(line)) {
		if err := d.general.parse(line, &d.fields); err != nil {
			return nil, err
		}
	}
	return d.checked()
}

// Decode decodes a line and computes a fingerprint of each hash. The fields alias line and
// are valid until the next call.
func (d *Decoder) Decode(line []byte) (*Fields, error) {
	if !d.fields.canonicalPrints(TrimEnd(line)) {
		if err := d.other(line); err != nil {
			return nil, err
		}
	}
	return d.checked()
}

// checked returns the fields if they make a record.
func (d *Decoder) checked() (*Fields, error) {
	if err := d.fields.check(d.AnyDType); err != nil {
		return nil, err
	}
	return &d.fields, nil
}

// other decodes a line that is not canonical.
func (d *Decoder) other(line []byte) error {
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

// Fingerprint returns the 64 bits that stand for the text of a chunk hash.
func Fingerprint(hash []byte) uint64 { return xxh3.Hash(hash) }

// FingerprintString is Fingerprint of a string.
func FingerprintString(s string) uint64 { return xxh3.HashString(s) }

// FingerprintSalt returns the 64 bits that stand for a cache salt: 0 for none, and others than for
// a hash or a name of the same text.
func FingerprintSalt(salt []byte) uint64 {
	const seed = 1
	if len(salt) == 0 {
		return 0
	}
	return xxh3.HashSeed(salt, seed)
}

// fingerprint computes the fingerprints of the hashes, one by one.
func (f *Fields) fingerprint() {
	f.Fingerprints = slices.Grow(f.Fingerprints[:0], len(f.hashes))
	for _, h := range f.hashes {
		f.Fingerprints = append(f.Fingerprints, Fingerprint(h.of(f.text)))
	}
}

// TrimEnd cuts off a newline, and a carriage return before it.
func TrimEnd(line []byte) []byte {
	if n := len(line); n > 0 && line[n-1] == '\n' {
		line = line[:n-1]
	}
	if n := len(line); n > 0 && line[n-1] == '\r' {
		line = line[:n-1]
	}
	return line
}
