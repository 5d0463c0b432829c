package log

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
)

// mergeTwins leaves one of the logs that stand in one folder under one name,
// plain and compressed: they are one segment whose writer died before it had
// deleted the other.
func (f *finder) mergeTwins(ctx context.Context) error {
	groups := make(map[string][]*segment)
	for _, s := range f.found {
		if !s.stream {
			key := twinKey(s.path)
			groups[key] = append(groups[key], s)
		}
	}
	for _, s := range f.found {
		twins := groups[twinKey(s.path)]
		if len(twins) < 2 || twins[0] != s {
			continue
		}
		chosen, why, err := chooseTwin(ctx, twins)
		if err != nil {
			return err
		}
		f.replace(twins, chosen)
		f.notes = append(f.notes, twinNote(twins, chosen, why))
	}
	return nil
}

// twinKey is the same for logs that stand in one folder under one name.
func twinKey(path string) string {
	dir := filepath.Dir(path)
	if real, err := filepath.EvalSymlinks(dir); err == nil {
		dir = real
	}
	if abs, err := filepath.Abs(dir); err == nil {
		dir = abs
	}
	return filepath.Join(dir, stem(filepath.Base(path)))
}

// replace leaves of the twins only the chosen one, where the first of them
// stood.
func (f *finder) replace(twins []*segment, chosen *segment) {
	var found []*segment
	for _, s := range f.found {
		switch {
		case s == twins[0]:
			found = append(found, chosen)
		case !slices.Contains(twins, s):
			found = append(found, s)
		}
	}
	f.found = found
}

func twinNote(twins []*segment, chosen *segment, why string) string {
	note := ""
	for i, s := range twins {
		if i > 0 {
			note += " and "
		}
		note += s.path
	}
	return fmt.Sprintf("%s are one log: %s is read, %s", note, chosen.path, why)
}

// chooseTwin decides which of the twins is read, and why.
func chooseTwin(ctx context.Context, twins []*segment) (*segment, string, error) {
	var plain *segment
	var packed []*segment
	for _, s := range twins {
		if stem(s.path) == s.path {
			plain = s
		} else {
			packed = append(packed, s)
		}
	}
	slices.SortFunc(packed, func(a, b *segment) int { return bytes.Compare([]byte(a.path), []byte(b.path)) })
	best, got, err := choosePacked(ctx, packed, plain)
	if err != nil {
		return nil, "", err
	}
	switch {
	case plain == nil && got.whole:
		return best, "which is whole", nil
	case plain == nil:
		return best, "which is damaged but holds the most", nil
	case !got.whole && got.bytes > plain.info.Size():
		return best, "which is damaged but holds more", nil
	case !got.whole:
		return plain, "since the compressed one is damaged", nil
	case got.inPlain:
		return plain, "which holds all of the other", nil
	}
	return best, "which is whole", nil
}

// choosePacked returns the first whole one of the compressed logs, or else the
// one that yields the most.
func choosePacked(ctx context.Context, packed []*segment, plain *segment) (best *segment, most content, err error) {
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

// content is what a compressed log turned out to hold.
type content struct {
	bytes   int64
	whole   bool // it can be decoded to its end
	inPlain bool // the plain log begins with all of it
}

// measure decodes a compressed log, and compares it with the plain one if there
// is one.
func measure(ctx context.Context, packed, plain *segment) (content, error) {
	file, err := openSame(packed.path, packed.info)
	if err != nil {
		return content{}, named(packed.path, err)
	}
	defer file.Close()
	src := &source{ctx: ctx, raw: file, name: packed.path}
	decoded := src.unpacked()
	defer decoded.Close()
	var other io.Reader = failingReader{io.EOF}
	if plain != nil {
		file, err := os.Open(plain.path)
		if err != nil {
			return content{}, named(plain.path, err)
		}
		defer file.Close()
		other = &source{ctx: ctx, raw: file, name: plain.path}
	}
	got, err := compare(decoded, other)
	if src.err != nil {
		return content{}, src.err
	}
	return got, err
}

// compare reads decoded to its end, and tells how far other goes along.
func compare(decoded, other io.Reader) (content, error) {
	got := content{inPlain: true}
	a, b := make([]byte, blockSize), make([]byte, blockSize)
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
