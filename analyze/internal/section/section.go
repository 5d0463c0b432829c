// Package section reads and writes files that consist of checked sections: the container of summaries and states.
//
// A [Writer] begins a part of the file with a tag and then writes values. A [Reader] meets the parts in the same order, and reads the values
// in the order in which they were written. Neither knows what the values mean.
package section

import "io"

// Writer writes parts. Its errors stick: the first one is returned by Close.
type Writer struct{}

// NewWriter begins a file with a magic and a version.
func NewWriter(w io.Writer) *Writer { panic("section: not yet") }

// Begin ends the part at hand and begins the next one. tag has four bytes. compressed says whether compression pays.
func (w *Writer) Begin(tag string, compressed bool) { panic("section: not yet") }

// The values: integers take fewer bytes the smaller they are.
func (w *Writer) Uint(n uint64)    { panic("section: not yet") }
func (w *Writer) Int(n int64)      { panic("section: not yet") }
func (w *Writer) Float(f float64)  { panic("section: not yet") } // all 64 bits
func (w *Writer) Fixed64(n uint64) { panic("section: not yet") } // 8 bytes
func (w *Writer) Bool(b bool)      { panic("section: not yet") }
func (w *Writer) Text(s string)    { panic("section: not yet") }

// Close ends the file. It does not close the underlying writer.
func (w *Writer) Close() error { panic("section: not yet") }

// Reader reads parts. Its errors stick: once it has one, it reads zeros.
type Reader struct{}

// NewReader reads the magic and the version.
func NewReader(r io.Reader) (*Reader, error) { panic("section: not yet") }

// Begin requires that the part at hand has been read to its end and that the next part has a tag.
func (r *Reader) Begin(tag string) { panic("section: not yet") }

// More reports whether the part at hand has more values.
func (r *Reader) More() bool { panic("section: not yet") }

func (r *Reader) Uint() uint64    { panic("section: not yet") }
func (r *Reader) Int() int64      { panic("section: not yet") }
func (r *Reader) Float() float64  { panic("section: not yet") }
func (r *Reader) Fixed64() uint64 { panic("section: not yet") }
func (r *Reader) Bool() bool      { panic("section: not yet") }
func (r *Reader) Text() string    { panic("section: not yet") }

// UpTo reads an integer ≥ 0 that may be at most some number, such as an index, and fails otherwise. what names it.
func (r *Reader) UpTo(most int64, what string) int64 { panic("section: not yet") }

// Fail makes an error of something impossible in the values, unless there is one already.
func (r *Reader) Fail(format string, args ...any) { panic("section: not yet") }

// Err returns the first error. It names the byte.
func (r *Reader) Err() error { panic("section: not yet") }

// Close requires the end of the file, whole, and nothing after it.
func (r *Reader) Close() error { panic("section: not yet") }
