package section

import (
	"bufio"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"math"
	"slices"

	"github.com/zeebo/xxh3"
)

// Error says what is wrong with a file, and where.
type Error struct {
	Byte int64  // from 0, where the section begins that is wrong; of the file where that is the end
	Tag  string // of that section; "" if it is none
	Msg  string
}

func (e *Error) Error() string {
	if e.Tag == "" {
		return fmt.Sprintf("byte %d: %s", e.Byte, e.Msg)
	}
	return fmt.Sprintf("byte %d, section %q: %s", e.Byte, e.Tag, e.Msg)
}

// Reader reads parts. Its errors stick: once it has one, it reads zeros, and there are no more values. It is made with NewReader.
//
// An error is an [*Error], or one of the underlying reader.
type Reader struct {
	in      *bufio.Reader
	at      int64  // bytes read
	tag     string // of the section at hand; "" before the first one
	start   int64  // where it begins
	payload []byte // of it, what has yet to be read
	next    header // of the next section, which has been read already
	count   uint64 // sections read
	sums    xxh3.Hasher
	stored  []byte // memory of the section as it is in the file
	plain   []byte // memory of the payload decompressed
	err     error
}

// header begins a section.
type header struct {
	bytes  [headerBytes]byte
	tag    string
	length int
	packed bool
	start  int64 // its place in the file
}

// NewReader reads the magic and the version. The error is an [*Error] or that of r.
func NewReader(r io.Reader) (*Reader, error) {
	in := &Reader{in: bufio.NewReaderSize(r, 64<<10)}
	start := make([]byte, len(Magic)+4)
	n, err := io.ReadFull(in.in, start)
	in.at = int64(n)
	switch {
	case n < len(Magic) || string(start[:len(Magic)]) != Magic:
		if err != nil && !ended(err) {
			return nil, err
		}
		return nil, &Error{Msg: "no summary: it begins with other bytes"}
	case err != nil:
		return nil, in.short(err)
	}
	if version := binary.LittleEndian.Uint32(start[len(Magic):]); version != Version {
		return nil, &Error{Byte: int64(len(Magic)), Msg: fmt.Sprintf("a summary of version %d; this program reads version %d", version, Version)}
	}
	in.readHeader()
	return in, in.err
}

// ended reports whether an error is the end of a file.
func ended(err error) bool { return errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) }

// short returns the error of a file that ends too soon, unless reading it has failed.
func (r *Reader) short(err error) error {
	if ended(err) {
		return &Error{Byte: r.at, Msg: "the file is truncated"}
	}
	return err
}

// Read returns how many bytes of the file have been read.
func (r *Reader) Read() int64 { return r.at }

// Next returns the tag of the part that follows the one at hand, which must have been read to its end.
func (r *Reader) Next() string {
	if r.More() {
		r.Fail("it has more than expected")
	}
	if r.err != nil {
		return ""
	}
	return r.next.tag
}

// Begin requires that the part at hand has been read to its end and that the next part has a tag.
func (r *Reader) Begin(tag string) {
	next := r.Next()
	if r.err != nil {
		return
	}
	if next != tag {
		r.err = &Error{Byte: r.next.start, Tag: next, Msg: fmt.Sprintf("a section %q should be here", tag)}
		return
	}
	r.load()
}

// More reports whether the part at hand has more values.
func (r *Reader) More() bool {
	for len(r.payload) == 0 {
		if r.err != nil || r.tag == "" || r.next.tag != r.tag {
			return false
		}
		r.load()
	}
	return r.err == nil
}

// readHeader reads the header of the next section.
func (r *Reader) readHeader() {
	h := &r.next
	h.start = r.at
	if !r.fill(h.bytes[:]) {
		return
	}
	h.tag = string(h.bytes[:tagBytes])
	length := binary.LittleEndian.Uint32(h.bytes[tagBytes:])
	h.packed = length&compressed != 0
	h.length = int(length &^ compressed)
	switch {
	case h.length > MaxPayload:
		r.err = &Error{Byte: h.start, Tag: h.tag, Msg: fmt.Sprintf("%d bytes, more than a section may have", h.length)}
	case h.tag == endTag && (h.packed || h.length != endBytes):
		r.err = &Error{Byte: h.start, Tag: h.tag, Msg: "it has another form than the end of a summary"}
	}
}

// fill reads bytes; ok is false if there are too few.
func (r *Reader) fill(b []byte) (ok bool) {
	if r.err != nil {
		return false
	}
	n, err := io.ReadFull(r.in, b)
	r.at += int64(n)
	if err != nil {
		r.err = r.short(err)
	}
	return err == nil
}

// load makes the next section the one at hand, checks it, and reads the header of the one after it.
func (r *Reader) load() {
	h := r.next
	r.tag, r.start, r.payload = h.tag, h.start, nil
	payload, sum, ok := r.read(&h)
	if !ok {
		return
	}
	if xxh3.Hash(r.stored[:headerBytes+h.length]) != sum {
		r.Fail("its checksum is wrong")
		return
	}
	if h.tag == endTag {
		r.next = header{}
	} else {
		r.count++
		r.sums.Write(r.stored[headerBytes+h.length:])
		r.readHeader()
	}
	if h.packed {
		payload, ok = r.unpack(payload)
	}
	if ok && r.err == nil {
		r.payload = payload
	}
}

// read reads the payload and the checksum of a section. Memory grows as the file turns out to have the bytes.
func (r *Reader) read(h *header) (payload []byte, sum uint64, ok bool) {
	const step = 64 << 10
	length := headerBytes + h.length + sumBytes
	r.stored = append(r.stored[:0], h.bytes[:]...)
	for len(r.stored) < length {
		n := len(r.stored)
		more := min(length-n, max(step, n))
		r.stored = slices.Grow(r.stored, more)[:n+more]
		if !r.fill(r.stored[n:]) {
			return nil, 0, false
		}
	}
	end := headerBytes + h.length
	return r.stored[headerBytes:end], binary.LittleEndian.Uint64(r.stored[end:]), true
}

// Uint reads what Writer.Uint has written.
func (r *Reader) Uint() uint64 {
	if len(r.payload) > 0 && r.payload[0] < 0x80 {
		n := r.payload[0]
		r.payload = r.payload[1:]
		return uint64(n)
	}
	if !r.another() {
		return 0
	}
	n, size := binary.Uvarint(r.payload)
	if size <= 0 {
		r.Fail("a number is cut off or too large")
		return 0
	}
	r.payload = r.payload[size:]
	return n
}

// Int reads what Writer.Int has written.
func (r *Reader) Int() int64 {
	n := r.Uint()
	return int64(n>>1) ^ -int64(n&1)
}

// Float reads what Writer.Float has written.
func (r *Reader) Float() float64 { return math.Float64frombits(r.Fixed64()) }

// Fixed64 reads what Writer.Fixed64 has written.
func (r *Reader) Fixed64() uint64 {
	if len(r.payload) < 8 {
		if !r.another() {
			return 0
		}
		if len(r.payload) < 8 {
			r.Fail("a number is cut off")
			return 0
		}
	}
	n := binary.LittleEndian.Uint64(r.payload)
	r.payload = r.payload[8:]
	return n
}

// AppendFixed64 reads as many integers as the section at hand has yet, as Fixed64 would.
func (r *Reader) AppendFixed64(list []uint64) []uint64 {
	n := max(len(r.payload)/8, 1)
	list = slices.Grow(list, n)
	for range n {
		list = append(list, r.Fixed64())
	}
	return list
}

// Bool reads what Writer.Bool has written.
func (r *Reader) Bool() bool { return r.UpTo(1, "truth value") == 1 }

// UpTo reads an integer ≥ 0 that may be at most some number, such as an index, and fails otherwise. what names it.
func (r *Reader) UpTo(most int64, what string) int64 {
	n := r.Uint()
	if n > uint64(max(most, 0)) {
		r.Fail("%s of %d, above %d", what, n, most)
		return 0
	}
	return int64(n)
}

// Text reads what Writer.Text has written.
func (r *Reader) Text() string { return string(r.Blob(nil)) }

// Blob appends to b what Writer.Blob has written. Memory grows as the file turns out to have the bytes.
func (r *Reader) Blob(b []byte) []byte {
	for left := r.Uint(); left > 0; {
		if !r.another() {
			return nil
		}
		n := min(left, uint64(len(r.payload)))
		b = append(b, r.payload[:n]...)
		r.payload = r.payload[n:]
		left -= n
	}
	return b
}

// another requires another value of the part at hand.
func (r *Reader) another() bool {
	if r.More() {
		return true
	}
	r.Fail("it has less than expected")
	return false
}

// Fail makes an error of something impossible in the values, unless there is one already.
func (r *Reader) Fail(format string, args ...any) {
	if r.err == nil {
		r.err = &Error{Byte: r.start, Tag: r.tag, Msg: fmt.Sprintf(format, args...)}
	}
	r.payload = nil
}

// Err returns the first error. It names the byte where the section begins that is wrong.
func (r *Reader) Err() error { return r.err }

// Close requires the end of the file, whole, and nothing after it. It does not close the underlying reader.
func (r *Reader) Close() error {
	r.Begin(endTag)
	count, sum := r.Fixed64(), r.Fixed64()
	switch {
	case r.err != nil:
		return r.err
	case count != r.count:
		r.Fail("%d sections were written, and %d are here", count, r.count)
	case sum != r.sums.Sum64():
		r.Fail("the sections are not those that were written")
	default:
		r.nothingMore()
	}
	return r.err
}

// nothingMore requires the end of the underlying reader.
func (r *Reader) nothingMore() {
	switch _, err := r.in.ReadByte(); {
	case err == nil:
		r.err = &Error{Byte: r.at, Msg: "bytes follow the end of the summary"}
	case err != io.EOF:
		r.err = err
	}
}
