package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"

	"hashlog/analyze"
	"hashlog/log"
	"hashlog/log/s3"
)

// summarySource is a file, an object or stdin that holds a summary.
type summarySource struct {
	name string    // as given; - is stdin
	in   io.Reader // stdin; nil otherwise
}

// named returns the name for messages.
func (s *summarySource) named() string {
	if s.in != nil {
		return "stdin"
	}
	return log.Quoted(s.name)
}

// open opens the source for reading from its beginning. Stdin can be read once.
func (s *summarySource) open(ctx context.Context) (io.ReadCloser, error) {
	if s.in != nil {
		return io.NopCloser(s.in), nil
	}
	return openFile(ctx, s.name)
}

// openCounted opens the source, and counts what is read of it.
func (s *summarySource) openCounted(ctx context.Context) (*countedReader, error) {
	f, err := s.open(ctx)
	if err != nil {
		return nil, err
	}
	size := int64(-1)
	if file, ok := f.(interface{ Stat() (os.FileInfo, error) }); ok {
		if info, err := file.Stat(); err == nil && info.Mode().IsRegular() {
			size = info.Size()
		}
	}
	return &countedReader{ReadCloser: f, size: size}, nil
}

// findSummary returns the summary that stands where logs may; nil if there are logs. It tells them by their first bytes. A summary stands
// alone.
func findSummary(ctx context.Context, env *env, args []string) (*summarySource, error) {
	for _, arg := range args {
		source, err := asSummary(ctx, env, arg, len(args) == 1)
		switch {
		case err != nil:
			return nil, err
		case source != nil && len(args) > 1:
			return nil, usageError{fmt.Errorf("%s is a summary, which is read alone: join summaries with hashlog merge", source.named())}
		case source != nil:
			return source, nil
		}
	}
	return nil, nil
}

// refuseSummaries fails if a summary is among the logs of a command that needs every request.
func refuseSummaries(ctx context.Context, env *env, command string, args []string) error {
	source, err := findSummary(ctx, env, args)
	if source == nil {
		return err
	}
	return usageError{fmt.Errorf("%s is a summary, and %s needs the logs themselves: simulate, plot and inspect read summaries", source.named(), command)}
}

// asSummary returns the source of that name if it begins as a summary does, else nil. Whatever cannot be opened is no summary: finding the
// logs says why.
func asSummary(ctx context.Context, env *env, name string, alone bool) (*summarySource, error) {
	var begins bool
	switch {
	case name == "-":
		if !alone || env.stdin == nil {
			return nil, nil // a stream among logs is one of them
		}
		var err error
		if begins, err = await(ctx, func() (bool, error) { return env.stdinBeginsSummary(), nil }); err != nil {
			return nil, err
		}
		if begins {
			return &summarySource{name, env.stdin}, nil
		}
		return nil, nil
	case s3.Is(name):
		if u, err := s3.Parse(name); !alone || err != nil || u.IsFolder() || u.IsPattern() {
			return nil, nil
		}
	default:
		if info, err := os.Stat(name); err != nil || !info.Mode().IsRegular() {
			return nil, nil
		}
	}
	f, err := openFile(ctx, name)
	if err != nil {
		return nil, ctx.Err()
	}
	defer f.Close()
	if begins = beginsSummary(firstBytes(f)); !begins {
		return nil, ctx.Err()
	}
	return &summarySource{name: name}, nil
}

// beginsSummary reports whether the first bytes of a file are those of a summary.
func beginsSummary(first []byte) bool { return bytes.Equal(first, []byte(analyze.SummaryMagic)) }

// firstBytes reads as many bytes as tell a summary, or fewer.
func firstBytes(r io.Reader) []byte {
	first := make([]byte, len(analyze.SummaryMagic))
	n, _ := io.ReadFull(r, first)
	return first[:n]
}

// stdinBeginsSummary looks at the first bytes of stdin, which remain to be read.
func (e *env) stdinBeginsSummary() bool {
	if f, ok := e.stdin.(*os.File); ok {
		if at, err := f.Seek(0, io.SeekCurrent); err == nil {
			first := firstBytes(f)
			_, err = f.Seek(at, io.SeekStart)
			return err == nil && beginsSummary(first)
		}
	}
	first := firstBytes(e.stdin)
	e.stdin = &peeked{io.MultiReader(bytes.NewReader(first), e.stdin), e.stdin}
	return beginsSummary(first)
}

// peeked is a stream of which the first bytes have been looked at.
type peeked struct {
	io.Reader
	stream io.Reader
}

// Stat describes the stream, if that can be described.
func (p *peeked) Stat() (os.FileInfo, error) {
	if f, ok := p.stream.(interface{ Stat() (os.FileInfo, error) }); ok {
		return f.Stat()
	}
	return nil, errors.ErrUnsupported
}
