package pdf

import (
	"encoding/binary"
	"maps"
	"slices"
)

// tables are the tables of a TrueType font, by tag, after the OpenType specification
// (https://learn.microsoft.com/typography/opentype/spec/otff).
type tables map[string][]byte

// parse returns the tables of a font, which must be whole.
func parse(data []byte) tables {
	t := tables{}
	for i := range int(binary.BigEndian.Uint16(data[4:])) {
		entry := data[12+16*i:]
		offset, length := binary.BigEndian.Uint32(entry[8:]), binary.BigEndian.Uint32(entry[12:])
		t[string(entry[:4])] = data[offset : offset+length]
	}
	return t
}

// embedded are the tables that a font in a PDF needs. The last three hold instructions that fit glyphs to pixels.
var embedded = []string{"glyf", "head", "hhea", "hmtx", "loca", "maxp", "cvt ", "fpgm", "prep"}

// subset returns a font with some of the glyphs, at their old indices. All others are empty.
func (t tables) subset(glyphs []uint16) []byte {
	kept := map[uint16]bool{0: true}
	for _, g := range glyphs {
		t.keep(kept, g)
	}
	out := tables{}
	for _, tag := range embedded {
		if b := t[tag]; b != nil {
			out[tag] = b
		}
	}
	count := int(binary.BigEndian.Uint16(t["maxp"][4:]))
	var outlines, places []byte
	for g := range count {
		places = binary.BigEndian.AppendUint32(places, uint32(len(outlines)))
		if kept[uint16(g)] {
			outlines = padded(append(outlines, t.outline(uint16(g))...))
		}
	}
	out["glyf"], out["loca"] = outlines, binary.BigEndian.AppendUint32(places, uint32(len(outlines)))
	head := slices.Clone(t["head"])
	const longOffsets = 1
	binary.BigEndian.PutUint16(head[50:], longOffsets)
	out["head"] = head
	return out.file()
}

// outline returns the description of a glyph; none if it is empty.
func (t tables) outline(g uint16) []byte {
	loca := t["loca"]
	if long := binary.BigEndian.Uint16(t["head"][50:]) != 0; long {
		return t["glyf"][binary.BigEndian.Uint32(loca[4*int(g):]):binary.BigEndian.Uint32(loca[4*int(g)+4:])]
	}
	return t["glyf"][2*int(binary.BigEndian.Uint16(loca[2*int(g):])) : 2*int(binary.BigEndian.Uint16(loca[2*int(g)+2:]))]
}

// Flags of a component of a composite glyph.
const (
	wordArguments  = 0x0001
	hasScale       = 0x0008
	moreComponents = 0x0020
	hasTwoScales   = 0x0040
	hasMatrix      = 0x0080
)

// keep marks a glyph and those that it is composed of.
func (t tables) keep(kept map[uint16]bool, g uint16) {
	if kept[g] && g != 0 {
		return
	}
	kept[g] = true
	b := t.outline(g)
	if len(b) == 0 || int16(binary.BigEndian.Uint16(b)) >= 0 {
		return
	}
	for b = b[10:]; ; {
		flags := binary.BigEndian.Uint16(b)
		t.keep(kept, binary.BigEndian.Uint16(b[2:]))
		length := 6
		if flags&wordArguments != 0 {
			length += 2
		}
		switch {
		case flags&hasScale != 0:
			length += 2
		case flags&hasTwoScales != 0:
			length += 4
		case flags&hasMatrix != 0:
			length += 8
		}
		if flags&moreComponents == 0 {
			return
		}
		b = b[length:]
	}
}

// file returns the tables as a font file.
func (t tables) file() []byte {
	tags := slices.Sorted(maps.Keys(t))
	power, log := 1, 0
	for power*2 <= len(tags) {
		power, log = power*2, log+1
	}
	b := []byte{0, 1, 0, 0}
	for _, n := range []int{len(tags), 16 * power, log, 16 * (len(tags) - power)} {
		b = binary.BigEndian.AppendUint16(b, uint16(n))
	}
	offset := len(b) + 16*len(tags)
	for _, tag := range tags {
		b = append(b, tag...)
		for _, n := range []uint32{checksum(t[tag]), uint32(offset), uint32(len(t[tag]))} {
			b = binary.BigEndian.AppendUint32(b, n)
		}
		offset += len(padded(t[tag]))
	}
	for _, tag := range tags {
		b = append(b, padded(t[tag])...)
	}
	return b
}

// padded returns b with zeros up to a multiple of four bytes.
func padded(b []byte) []byte { return append(b[:len(b):len(b)], make([]byte, -len(b)&3)...) }

// checksum returns the sum of b as 32-bit numbers.
func checksum(b []byte) (sum uint32) {
	for b = padded(b); len(b) > 0; b = b[4:] {
		sum += binary.BigEndian.Uint32(b)
	}
	return sum
}
