package line

import (
	"bytes"
	"encoding/binary"
	"slices"

	"github.com/zeebo/xxh3"
)

// stride describes a list of hashes of one width. [fingerprints] checks and hashes such a list
// in one pass, without searching for quotes.
type stride struct {
	width  int // of a hash
	step   int // from one hash to the next
	prefix int // bytes before its digits: 2 for 0x, 3 for -0x

	// A hash begins with head and is followed by gap, in the bits that the masks set.
	head, headMask uint32
	gap, gapMask   uint32

	seed uint64 // initial state of xxh3
}

// gapMost is the length of the longest gap. A stride needs so many bytes after each hash.
const gapMost = len(`", "`)

// [mixed] accepts hashes of mixedLeast to mixedMost bytes that begin at least mixedAhead bytes
// before the end, since it reads 32 bytes at once and then the gap.
const (
	mixedLeast = 17
	mixedMost  = 31
	mixedAhead = 32 + gapMost
)

// newStride returns the stride of the list that begins with the hash first and has between,
// `", "` or `","`, after each hash but the last.
func newStride(first []byte, between string) stride {
	const prime64 = 11400714785074694791 // prime64_1 of xxh3
	s := stride{
		width:    len(first),
		step:     len(first) + len(between),
		prefix:   len("0x"),
		head:     'x'<<8 | '0',
		headMask: 1<<16 - 1,
		gap:      ' '<<16 | ','<<8 | '"' | '"'<<24,
		gapMask:  1<<32 - 1,
		seed:     uint64(len(first)) * prime64,
	}
	if len(first) > 0 && first[0] == '-' {
		s.prefix, s.head, s.headMask = len("-0x"), 'x'<<16|'0'<<8|'-', 1<<24-1
	}
	if between == `","` {
		s.gap, s.gapMask = '"'<<16|','<<8|'"', 1<<24-1
	}
	return s
}

// append appends the fingerprints of the hashes at the beginning of text, as long as they are
// of this stride and another hash follows.
func (s *stride) append(dst []uint64, text []byte) []uint64 {
	if s.width <= s.prefix || len(text) < s.width+gapMost {
		return dst
	}
	most := (len(text)-s.width-gapMost)/s.step + 1
	have := len(dst)
	dst = slices.Grow(dst, most)
	text = text[:(most-1)*s.step+s.width+gapMost] // fingerprints relies on it
	return dst[:have+fingerprints(dst[have:have+most], text, s)]
}

// fingerprintsPortable is [fingerprints] for any machine and width.
func fingerprintsPortable(dst []uint64, text []byte, s *stride) int {
	width, step, prefix := s.width, s.step, s.prefix
	for i := range dst {
		head := binary.LittleEndian.Uint32(text)
		gap := binary.LittleEndian.Uint32(text[width:])
		if (head^s.head)&s.headMask|(gap^s.gap)&s.gapMask != 0 || !isHex(text[prefix:width]) {
			return i
		}
		dst[i] = xxh3.Hash(text[:width])
		text = text[step:]
	}
	return len(dst)
}

// fingerprints steps over the hashes, up to the closing bracket, and appends their
// fingerprints.
func (c *cursor) fingerprints(dst []uint64) []uint64 {
	c.space()
	for more := c.peek() == '"'; more && !c.bad; more = c.more() {
		c.literal(`"`)
		h := c.hash()
		dst = append(dst, xxh3.Hash(h.of(c.text)))
		dst = c.leap(dst, h)
	}
	return dst
}

// leap steps over the hashes after h that have its form, except the last. It needs at least
// two to pay off.
func (c *cursor) leap(dst []uint64, h span) []uint64 {
	between := c.between(c.text[h.end:])
	if c.bad || between == "" {
		return dst
	}
	text, width := c.text[h.end+len(between):], h.end-h.start
	step := width + len(between)
	even := len(text) > step+width && text[width] == '"' && text[step+width] == '"'
	if !even && !hasKernels {
		return dst
	}
	s := newStride(h.of(c.text), between)
	if even {
		have := len(dst)
		dst = s.append(dst, text)
		c.at += (len(dst) - have) * s.step
	}
	return c.leapMixed(dst, &s)
}

// leapMixed is leap for hashes of about the same width. The cursor is after the closing quote
// of a hash of stride s.
func (c *cursor) leapMixed(dst []uint64, s *stride) []uint64 {
	start := c.at - len(`"`) + s.step - s.width
	if s.width < mixedLeast || s.width > mixedMost || start+mixedAhead > len(c.text) {
		return dst
	}
	have, most := len(dst), (len(c.text)-start)/mixedLeast
	dst = slices.Grow(dst, most)
	n, size := mixed(dst[have:have+most], c.text[start:], s)
	c.at += size
	return dst[:have+n]
}

// between returns the gap between two hashes that text begins with, "" if none.
func (c *cursor) between(text []byte) string {
	switch {
	case bytes.HasPrefix(text, []byte(`", "`)):
		return `", "`
	case c.loose && bytes.HasPrefix(text, []byte(`","`)):
		return `","`
	}
	return ""
}
