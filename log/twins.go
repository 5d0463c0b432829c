package log

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"

	"hashlog/log/internal/source"
)

// mergeSome returns the twin that is read, and a note about it. Twins that disappear meanwhile
// no longer count: their writer has deleted them.
func mergeSome(ctx context.Context, twins []*source.Log) (chosen *source.Log, note string, err error) {
	for {
		left := thoseLeft(ctx, twins)
		switch len(left) {
		case 0:
			return twins[0], "", nil // reading reports it
		case 1:
			return left[0], "", nil
		}
		chosen, why, err := chooseTwin(ctx, left)
		if err == nil {
			return chosen, twinNote(left, chosen, why), nil
		}
		if !errors.Is(err, fs.ErrNotExist) || len(thoseLeft(ctx, left)) == len(left) {
			return nil, "", err
		}
	}
}

// thoseLeft returns the logs that still exist.
func thoseLeft(ctx context.Context, logs []*source.Log) (left []*source.Log) {
	for _, s := range logs {
		if isLeft(ctx, s) {
			left = append(left, s)
		}
	}
	return left
}

func isLeft(ctx context.Context, s *source.Log) bool {
	if s.Object != nil {
		return s.Object.Exists(ctx)
	}
	_, err := os.Stat(s.Path)
	return s.Info != nil && !errors.Is(err, fs.ErrNotExist)
}

// twinKey is the same for logs that are in one folder under one name.
func twinKey(s *source.Log) string {
	path := s.Path
	if s.Object != nil {
		return source.Stem(path)
	}
	dir := filepath.Dir(path)
	if real, err := filepath.EvalSymlinks(dir); err == nil {
		dir = real
	}
	if abs, err := filepath.Abs(dir); err == nil {
		dir = abs
	}
	return filepath.Join(dir, source.Stem(filepath.Base(path)))
}

func twinNote(twins []*source.Log, chosen *source.Log, why string) string {
	note := ""
	for i, s := range twins {
		if i > 0 {
			note += " and "
		}
		note += Quoted(s.Path)
	}
	return fmt.Sprintf("%s are one log: %s is read, %s", note, Quoted(chosen.Path), why)
}

// chooseTwin decides which of the twins is read, and why.
func chooseTwin(ctx context.Context, twins []*source.Log) (*source.Log, string, error) {
	var plain *source.Log
	var packed []*source.Log
	for _, s := range twins {
		if source.Stem(s.Path) == s.Path {
			plain = s
		} else {
			packed = append(packed, s)
		}
	}
	slices.SortFunc(packed, func(a, b *source.Log) int { return bytes.Compare([]byte(a.Path), []byte(b.Path)) })
	best, got, err := choosePacked(ctx, packed, plain)
	if err != nil {
		return nil, "", err
	}
	switch {
	case plain == nil && got.whole:
		return best, "which is whole", nil
	case plain == nil:
		return best, "which is damaged but holds the most", nil
	case !got.whole && got.bytes > plain.Size():
		return best, "which is damaged but holds more", nil
	case !got.whole:
		return plain, "since the compressed one is damaged", nil
	case got.inPlain:
		return plain, "which holds all of the other", nil
	}
	return best, "which is whole", nil
}

// choosePacked returns the first compressed log that is whole, or else the one that yields the
// most bytes.
func choosePacked(ctx context.Context, packed []*source.Log, plain *source.Log) (best *source.Log, most content, err error) {
	for _, s := range packed {
		got, err := measure(ctx, s, plain)
		if err != nil {
			return nil, content{}, err
		}
		if best == nil || got.whole || got.bytes > most.bytes {
			best, most = s, got
		}
		if got.whole {
			break
		}
	}
	return best, most, nil
}

// content describes the content of a compressed log.
type content struct {
	bytes   int64
	whole   bool // it can be decompressed to its end
	inPlain bool // the plain log begins with all of it
}

// measure decompresses a log, and compares it with the plain one if there is one.
func measure(ctx context.Context, packed, plain *source.Log) (content, error) {
	file, err := source.OpenCopy(ctx, packed)
	if err != nil {
		return content{}, source.Named(packed.Path, err)
	}
	defer file.Close()
	src := source.NewRaw(ctx, file, packed.Path)
	decoded := src.Decompressed()
	defer decoded.Close()
	var other io.Reader = bytes.NewReader(nil)
	if plain != nil {
		file, err := openPlain(ctx, plain)
		if err != nil {
			return content{}, source.Named(plain.Path, err)
		}
		defer file.Close()
		other = source.NewRaw(ctx, file, plain.Path)
	}
	got, err := compare(decoded, other)
	if err := src.Err(); err != nil {
		return content{}, err
	}
	return got, err
}

// openPlain opens the plain one, which its writer may have begun anew meanwhile.
func openPlain(ctx context.Context, plain *source.Log) (io.ReadCloser, error) {
	if plain.Object != nil {
		return source.OpenCopy(ctx, plain)
	}
	return os.Open(plain.Path)
}

// compare reads decoded to its end, and reports whether other begins with all of it.
func compare(decoded, other io.Reader) (content, error) {
	got := content{inPlain: true}
	a, b := make([]byte, source.BlockSize), make([]byte, source.BlockSize)
	for {
		n, err := decoded.Read(a)
		got.bytes += int64(n)
		if got.inPlain && n > 0 {
			m, err := io.ReadFull(other, b[:n])
			if err != nil && err != io.EOF && err != io.ErrUnexpectedEOF {
				return got, err
			}
			got.inPlain = bytes.Equal(a[:n], b[:m])
		}
		if err != nil {
			got.whole = err == io.EOF
			return got, nil
		}
	}
}
