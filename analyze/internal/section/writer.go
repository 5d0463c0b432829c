package section

import (
	"encoding/binary"
	"fmt"
	"io"
	"math"
	"slices"
	"sync"

	"github.com/klauspost/compress/zstd"
	"github.com/zeebo/xxh3"
)

// Writer writes parts. Its errors stick: Close returns the first one. It is made with NewWriter.
type Writer struct {
	w        io.Writer
	tag      string // of the part at hand; "" before the first one
	compress bool   // the part at hand
	section  []byte // at hand, before compression: room for the header, and the payload so far
	packed   []byte // memory of compressed sections
	count    uint64 // sections written
	sums     xxh3.Hasher
	err      error
}

// NewWriter begins a file with the magic and the version.
func NewWriter(w io.Writer) *Writer {
	out := &Writer{w: w, section: make([]byte, headerBytes)}
	out.write(binary.LittleEndian.AppendUint32([]byte(Magic), Version))
	return out
}

// Begin ends the part at hand and begins the next one. tag has four bytes, unlike those of the part at hand, and is not "END ". compress
// says whether compression pays. Begin panics for another tag.
func (w *Writer) Begin(tag string, compress bool) {
	if len(tag) != tagBytes || tag == endTag || tag == w.tag {
		panic(fmt.Sprintf("section: a part %q after the part %q", tag, w.tag))
	}
	w.begin(tag, compress)
}

func (w *Writer) begin(tag string, compress bool) {
	if w.tag != "" {
		w.cut()
	}
	w.tag, w.compress = tag, compress
}

// Uint writes an integer ≥ 0 in fewer bytes the smaller it is.
func (w *Writer) Uint(n uint64) {
	w.section = binary.AppendUvarint(w.number(), n)
}

// Int writes an integer in fewer bytes the nearer to 0 it is.
func (w *Writer) Int(n int64) {
	w.section = binary.AppendVarint(w.number(), n)
}

// Float writes all 64 bits of a number.
func (w *Writer) Float(f float64) { w.Fixed64(math.Float64bits(f)) }

// Fixed64 writes an integer in 8 bytes.
func (w *Writer) Fixed64(n uint64) {
	w.section = binary.LittleEndian.AppendUint64(w.number(), n)
}

// AllFixed64 is Fixed64 for each of the integers.
func (w *Writer) AllFixed64(list []uint64) {
	for len(list) > 0 {
		b := w.number()
		n := min(len(list), (headerBytes+MaxPayload-maxNumber-len(b))/8+1)
		b = slices.Grow(b, 8*n)
		at := len(b)
		b = b[:at+8*n]
		for i, v := range list[:n] {
			binary.LittleEndian.PutUint64(b[at+8*i:], v)
		}
		w.section, list = b, list[n:]
	}
}

// Bool writes a truth value in one byte.
func (w *Writer) Bool(b bool) {
	n := byte(0)
	if b {
		n = 1
	}
	w.section = append(w.number(), n)
}

// Text writes a text of any bytes.
func (w *Writer) Text(s string) {
	w.Uint(uint64(len(s)))
	for len(s) > 0 {
		n := min(len(s), w.room())
		w.section = append(w.section, s[:n]...)
		s = s[n:]
	}
}

// Blob writes bytes, which [Reader.Blob] reads.
func (w *Writer) Blob(b []byte) {
	w.Uint(uint64(len(b)))
	for len(b) > 0 {
		n := min(len(b), w.room())
		w.section = append(w.section, b[:n]...)
		b = b[n:]
	}
}

// number returns the section at hand, with room for a number.
func (w *Writer) number() []byte {
	if len(w.section) > headerBytes+MaxPayload-maxNumber {
		w.cut()
	}
	return w.section
}

// room returns how many bytes fit into the section at hand, at least 1.
func (w *Writer) room() int {
	if len(w.section) == headerBytes+MaxPayload {
		w.cut()
	}
	return headerBytes + MaxPayload - len(w.section)
}

// cut writes the section at hand.
func (w *Writer) cut() {
	out, flags := w.section, uint32(0)
	if w.compress {
		if w.pack(); len(w.packed) < len(out) {
			out, flags = w.packed, compressed
		}
	}
	copy(out, w.tag)
	binary.LittleEndian.PutUint32(out[tagBytes:], uint32(len(out)-headerBytes)|flags)
	out = binary.LittleEndian.AppendUint64(out, xxh3.Hash(out))
	w.sums.Write(out[len(out)-sumBytes:])
	w.count++
	w.write(out)
	w.section = w.section[:headerBytes]
}

// pack compresses the section at hand.
func (w *Writer) pack() {
	payload := w.section[headerBytes:]
	w.packed = packer().EncodeAll(payload, append(w.packed[:0], w.section[:headerBytes]...))
	least := headerBytes + (len(payload)+MaxRatio-1)/MaxRatio
	if short := least - len(w.packed); short > 0 {
		w.packed = appendSkippable(w.packed, short)
	}
}

// appendSkippable appends a zstd frame of at least n bytes that contains nothing (RFC 8878, section 3.1.2).
func appendSkippable(b []byte, n int) []byte {
	empty := max(n-8, 0)
	b = append(b, 0x50, 0x2a, 0x4d, 0x18)
	b = binary.LittleEndian.AppendUint32(b, uint32(empty))
	return append(b, make([]byte, empty)...)
}

// packer compresses the sections of all writers.
var packer = sync.OnceValue(func() *zstd.Encoder {
	e, err := zstd.NewWriter(nil, zstd.WithWindowSize(MaxPayload), zstd.WithEncoderCRC(false), zstd.WithAllLitEntropyCompression(true), zstd.WithLowerEncoderMem(true))
	if err != nil {
		panic(err) // only options can be wrong
	}
	return e
})

func (w *Writer) write(b []byte) {
	if w.err == nil {
		_, w.err = w.w.Write(b)
	}
}

// Close ends the file. It does not close the underlying writer.
func (w *Writer) Close() error {
	w.begin(endTag, false)
	count, sum := w.count, w.sums.Sum64()
	w.Fixed64(count)
	w.Fixed64(sum)
	w.cut()
	return w.err
}
