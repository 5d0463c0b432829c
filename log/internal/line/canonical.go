package line

import (
	"bytes"
	"encoding/binary"
)

// canonical decodes a canonical line and reports whether it is one. It accepts exactly the
// canonical spacing and order, strings of printable ASCII without escapes, plain integers, and
// hashes -?0x[0-9a-f]+. The general decoder handles everything else, so this one may refuse
// good lines but must never accept bad ones.
func (f *Fields) canonical(line []byte) bool {
	c := f.head(line)
	f.hashes = c.hashes(f.hashes)
	return f.tail(&c)
}

// canonicalPrints is canonical with a fingerprint for each hash.
func (f *Fields) canonicalPrints(line []byte) bool {
	c := f.head(line)
	f.Fingerprints = c.fingerprints(f.Fingerprints)
	return f.tail(&c)
}

// head decodes everything before the hashes.
func (f *Fields) head(line []byte) cursor {
	f.reset()
	f.text = line
	c := cursor{text: line}
	c.literal(`{"timestamp": `)
	f.Timestamp = c.float()
	c.literal(`, "request_id": "`)
	f.RequestID = c.string().of(line)
	c.literal(`, "model_name": "`)
	f.ModelName = c.string().of(line)
	c.literal(`, "chunk_size": `)
	f.ChunkSize = c.integer()
	c.literal(`, "seq_len": `)
	f.SeqLen = c.integer()
	c.layout(&f.layout)
	f.have = canonicalFields
	return c
}

// tail decodes everything after the hashes, and reports whether all of the line was canonical.
func (f *Fields) tail(c *cursor) bool {
	c.literal(`]`)
	if c.accept(`, "session_id": "`) {
		f.SessionID = c.string().of(c.text)
	}
	if c.accept(`, "cache_salt": "`) {
		f.CacheSalt = c.string().of(c.text)
	}
	if c.accept(`, "source": "`) {
		f.Source = c.string().of(c.text)
	}
	if c.accept(`, "cached_tokens": `) {
		f.CachedTokens = c.integer()
		f.have |= 1 << fieldCachedTokens
	}
	if c.accept(`, "dropped": `) {
		f.Dropped = c.integer()
	}
	c.literal(`}`)
	return !c.bad && c.at == len(c.text)
}

// layout steps over everything between seq_len and the first hash. If the text repeats that of
// the line before, l is kept.
func (c *cursor) layout(l *layout) {
	if n := len(l.key); n > 0 && bytes.HasPrefix(c.text[c.at:], l.key) {
		c.at += n
		return
	}
	l.reset()
	start := c.at
	c.literal(`, "dtypes": [`)
	c.dtypes(l)
	c.literal(`, "shapes": [`)
	c.shapes(l)
	c.literal(`, "chunk_hashes": [`)
	if !c.bad {
		l.key = append(l.key, c.text[start:c.at]...)
	}
}

// dtypes steps over the rest of a list of strings, after its opening bracket.
func (c *cursor) dtypes(l *layout) {
	c.space()
	if c.accept("]") {
		return
	}
	for more := true; more && !c.bad; more = c.more() {
		c.literal(`"`)
		name := c.string()
		start := len(l.text)
		l.text = append(l.text, name.of(c.text)...)
		l.dtypes = append(l.dtypes, span{start, len(l.text)})
	}
	c.literal("]")
}

// shapes steps over the rest of a list of lists of integers, after its opening bracket.
func (c *cursor) shapes(l *layout) {
	c.space()
	if c.accept("]") {
		return
	}
	for more := true; more && !c.bad; more = c.more() {
		c.literal("[")
		c.shape(l)
		l.ends = append(l.ends, len(l.dims))
	}
	c.literal("]")
}

// shape steps over the rest of a list of integers, after its opening bracket.
func (c *cursor) shape(l *layout) {
	c.space()
	if c.accept("]") {
		return
	}
	for more := true; more && !c.bad; more = c.more() {
		l.dims = append(l.dims, c.integer())
	}
	c.literal("]")
}

// hashes steps over the hashes, up to the closing bracket, and appends their positions.
func (c *cursor) hashes(spans []span) []span {
	if !c.accept(`"`) {
		return spans
	}
	for !c.bad {
		h := c.hash()
		spans = append(spans, h)
		spans = c.stride(spans, h.end-h.start)
		if !c.accept(`, "`) {
			break
		}
	}
	return spans
}

// hash steps over the rest of one hash, after its opening quote.
func (c *cursor) hash() span {
	if c.loose {
		return c.string()
	}
	n := bytes.IndexByte(c.text[c.at:], '"')
	if n < 0 || !isHash(c.text[c.at:c.at+n]) {
		c.bad = true
		return span{}
	}
	h := span{c.at, c.at + n}
	c.at += n + 1
	return h
}

// stride steps over the following hashes of the given width, without searching for quotes.
// That is nearly always all of them.
func (c *cursor) stride(spans []span, width int) []span {
	const between = `", "`
	text, at := c.text, c.at-1 // at is the closing quote of the hash before
	for at+len(between)+width < len(text) {
		start := at + len(between)
		end := start + width
		if string(text[at:start]) != between || text[end] != '"' || !isHash(text[start:end]) {
			break
		}
		spans = append(spans, span{start, end})
		at = end
	}
	c.at = at + 1
	return spans
}

// isHash reports whether h is -?0x[0-9a-f]+.
func isHash(h []byte) bool {
	if len(h) > 0 && h[0] == '-' {
		h = h[1:]
	}
	return len(h) > 2 && h[0] == '0' && h[1] == 'x' && isHex(h[2:])
}

// isHex reports whether h is [0-9a-f]*.
func isHex(h []byte) bool {
	if len(h) < 8 {
		for _, b := range h {
			if !(b >= '0' && b <= '9' || b >= 'a' && b <= 'f') {
				return false
			}
		}
		return true
	}
	last := binary.LittleEndian.Uint64(h[len(h)-8:])
	valid, high := hexBits(last), last
	for ; len(h) > 8; h = h[8:] {
		word := binary.LittleEndian.Uint64(h)
		valid &= hexBits(word)
		high |= word
	}
	return valid&^high&highBits == highBits
}

const (
	everyByte = 0x0101010101010101
	highBits  = 0x80 * everyByte
)

// hexBits sets the high bit of each of the eight bytes that is in [0-9a-f] and clears it in
// the others, if all bytes are < 0x80. The other bits are undefined. Adding 0x80-x to such a byte sets its high bit if it is ≥ x and
// carries no further, so each pair of sums differs in the high bit for the bytes
// of one range.
func hexBits(w uint64) uint64 {
	return (w + (0x80-'0')*everyByte) ^ (w + (0x80-'9'-1)*everyByte) ^
		(w + (0x80-'a')*everyByte) ^ (w + (0x80-'f'-1)*everyByte)
}
