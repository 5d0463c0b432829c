package convert

import (
	"bufio"
	"context"
	"fmt"
	"io"

	"hashlog/log"
	"hashlog/log/foreign"
)

// Trace writes an input as a Mooncake trace.
type Trace struct {
	Input
	IgnoreModel bool // ids stand for salt and hash alone

	Encoder     foreign.Encoder // has counted the rows
	Read        Read
	First, Last float64 // timestamps of the rows
}

// Write writes the trace. It reads files twice, so that a trace that can't be made is not begun; what can be read only once
// it can't look at beforehand. Where nothing is written, Encoder has no rows and Read says why.
func (t *Trace) Write(ctx context.Context, out io.Writer) error {
	t.Encoder.IgnoreModel = t.IgnoreModel
	if !t.Files.Streams() {
		if err := t.survey(ctx); err != nil || t.Read.Sieve.Passed == 0 {
			return err
		}
	}
	buffered := bufio.NewWriterSize(out, 1<<16)
	var row []byte
	var err error
	t.Read, err = t.each(ctx, "converting", func(e *log.Entry) (err error) {
		if row, err = t.Encoder.Append(row[:0], e); err != nil {
			if t.Encoder.Err() == nil {
				err = refused{err}
			}
			return err
		}
		if t.Encoder.Rows() == 1 {
			t.First, t.Last = e.Timestamp, e.Timestamp
		}
		t.Last = max(t.Last, e.Timestamp)
		return writing(buffered.Write(row))
	})
	if err != nil || t.Encoder.Rows() == 0 {
		return err
	}
	return writing(0, buffered.Flush())
}

// survey looks at all records.
func (t *Trace) survey(ctx context.Context) (err error) {
	t.Read, err = t.each(ctx, "surveying", func(e *log.Entry) error {
		t.Encoder.Add(e)
		return nil
	})
	if err != nil || t.Read.Sieve.Passed == 0 {
		return err
	}
	return t.Encoder.Err()
}

// writing says what failed.
func writing(_ int, err error) error {
	if err != nil {
		return fmt.Errorf("writing the trace: %w", err)
	}
	return nil
}
