package atomicfile

import (
	"bufio"
	"context"
	"io"
	"os"
)

// Rewriter is a writer that can begin anew.
type Rewriter interface {
	io.Writer
	// Rewrite replaces what has been written so far by what convert makes of it. Meanwhile the old content takes room beside
	// the new one.
	Rewrite(convert func(old io.Reader, to io.Writer) error) error
}

// output writes a file of a set.
type output struct {
	*bufio.Writer
	ctx  context.Context
	set  *Set
	name string
	file *os.File
}

func newOutput(ctx context.Context, s *Set, name string, f *os.File) *output {
	return &output{bufio.NewWriterSize(&until{ctx, f}, 1<<16), ctx, s, name, f}
}

// Rewrite implements [Rewriter].
func (o *output) Rewrite(convert func(old io.Reader, to io.Writer) error) error {
	if err := o.Flush(); err != nil {
		return err
	}
	old, err := o.set.temporary(o.name)
	if err != nil {
		return err
	}
	os.Remove(old.Name()) // now, where the system can, so that nobody has to sweep it away
	defer os.Remove(old.Name())
	defer old.Close()
	if err := o.move(old); err != nil {
		return err
	}
	if err := convert(old, o); err != nil {
		return err
	}
	return o.Flush()
}

// move moves the content of the file to another one, and returns to the beginning of both.
func (o *output) move(to *os.File) error {
	if _, err := o.file.Seek(0, io.SeekStart); err != nil {
		return err
	}
	if _, err := io.Copy(&until{o.ctx, to}, o.file); err != nil {
		return err
	}
	if err := o.file.Truncate(0); err != nil {
		return err
	}
	for _, f := range []*os.File{o.file, to} {
		if _, err := f.Seek(0, io.SeekStart); err != nil {
			return err
		}
	}
	return nil
}
