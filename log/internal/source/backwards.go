package source

import (
	"bytes"
	"context"
	"errors"
	"os"
)

// maxBackwards bounds the lines that Backwards can find.
const maxBackwards = 16 << 20

// ErrNotBackwards says that a log can't be read from its end: it is compressed or no regular file, it isn't as it was found, or it has a
// line that is too long.
var ErrNotBackwards = errors.New("cannot be read from its end")

// Backwards calls visit with the lines of a plain log, from the last one back, without their newlines. It stops at the beginning, or when
// visit returns false. It reads as far as x says, or else from the present end of the file, which it returns. A line is valid until visit
// returns.
func Backwards(ctx context.Context, l *Log, x *Extent, visit func(line []byte) bool) (end int64, err error) {
	if l.Stream || l.Object != nil || l.Info == nil {
		return 0, ErrNotBackwards
	}
	file, err := OpenSame(l.Path, l.Info)
	if err != nil {
		return 0, err
	}
	defer file.Close()
	if end, err = backwardsFrom(file, l, x); err != nil {
		return 0, err
	}
	return end, linesBackwards(ctx, file, end, visit)
}

// backwardsFrom returns the end of the log. It fails with ErrNotBackwards if the file is shorter than it was, or compressed.
func backwardsFrom(file *os.File, l *Log, x *Extent) (end int64, err error) {
	now, err := file.Stat()
	if err != nil {
		return 0, err
	}
	end, fixed := x.Ending()
	if !fixed {
		end = now.Size()
	}
	var head [4]byte
	n, _ := file.ReadAt(head[:], 0)
	packed := bytes.HasPrefix(head[:n], gzipMagic) || n == len(zstdMagic) && startsMagic(head[:n])
	if packed || now.Size() < max(end, l.Size()) {
		return 0, ErrNotBackwards
	}
	return end, nil
}

// linesBackwards calls visit with the lines before an offset.
func linesBackwards(ctx context.Context, file *os.File, end int64, visit func(line []byte) bool) error {
	var begun []byte // the end of the line whose beginning is yet to be read
	most := int64(BlockSize / 8)
	for offset := end; offset > 0; most = min(2*most, BlockSize) {
		if err := ctx.Err(); err != nil {
			return err
		}
		n := min(offset, most)
		offset -= n
		block := make([]byte, n, int(n)+len(begun))
		if _, err := file.ReadAt(block, offset); err != nil {
			return err
		}
		block = append(block, begun...)
		for i := bytes.LastIndexByte(block, '\n'); i >= 0; i = bytes.LastIndexByte(block, '\n') {
			if !visit(block[i+1:]) {
				return nil
			}
			block = block[:i]
		}
		if begun = block; len(begun) > maxBackwards {
			return ErrNotBackwards
		}
	}
	visit(begun)
	return nil
}
