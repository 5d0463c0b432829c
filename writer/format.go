package writer

import (
	"bytes"
	"encoding/binary"
	"fmt"

	"hashlog/log"
)

// errLongLine means that readers would refuse the line.
var errLongLine = fmt.Errorf("its line would be longer than %d bytes", log.MaxLine)

// formatter turns entries into canonical lines. Most lookups have the same layout (dtypes
// and shapes) as the one before, so the formatter keeps the text of the last one.
type formatter struct {
	key    []byte // the layout as put writes it
	layout []byte // its text
	err    error  // why it cannot be logged
}

// line appends the line of an entry to dst, or returns dst and why there can be none. rest
// is what put has written.
func (f *formatter) line(dst []byte, e *entry, rest []byte) ([]byte, error) {
	if e.line {
		return append(dst, rest...), nil
	}
	next := func(n int) (part []byte) {
		part, rest = rest[:n], rest[n:]
		return part
	}
	requestID, model, session, salt := next(e.requestID), next(e.model), next(e.session), next(e.salt)
	layout, hashes := next(e.layout), rest
	if !bytes.Equal(layout, f.key) || f.layout == nil {
		f.readLayout(layout)
	}
	if f.err != nil {
		return dst, f.err
	}
	if err := log.CheckModelName(model); err != nil {
		return dst, err
	}
	start := len(dst)
	dst = log.AppendHead(dst, e.timestamp, requestID, model, e.chunkSize, e.seqLen)
	dst = append(dst, f.layout...)
	dst = appendHashes(dst, e, hashes)
	dst = log.AppendEnd(dst, log.Optional[[]byte]{SessionID: session, CacheSalt: salt, Dropped: e.dropped})
	if len(dst)-start-1 > log.MaxLine {
		return dst[:start], errLongLine
	}
	return dst, nil
}

func appendHashes(dst []byte, e *entry, data []byte) []byte {
	for i := range e.hashes {
		if i > 0 {
			dst = log.AppendSeparator(dst)
		}
		size := e.hashSize
		switch size {
		case 0:
			dst = log.AppendIntHash(dst, int64(binary.LittleEndian.Uint64(data)))
			data = data[8:]
			continue
		case unlike:
			size = int(binary.LittleEndian.Uint32(data))
			data = data[4:]
		}
		dst = log.AppendHexHash(dst, data[:size])
		data = data[size:]
	}
	return dst
}

// readLayout decodes what putLayout has written, and keeps its text.
func (f *formatter) readLayout(data []byte) {
	f.key = append(f.key[:0], data...)
	var dtypes []string
	number := func() int {
		n := binary.LittleEndian.Uint32(data)
		data = data[4:]
		return int(n)
	}
	for range number() {
		n := number()
		dtypes = append(dtypes, string(data[:n]))
		data = data[n:]
	}
	var shapes [][]int64
	for range number() {
		shape := make([]int64, number())
		for i := range shape {
			shape[i] = int64(binary.LittleEndian.Uint64(data))
			data = data[8:]
		}
		shapes = append(shapes, shape)
	}
	record := log.Record{DTypes: dtypes, Shapes: shapes}
	_, f.err = record.ChunkBytes()
	f.layout = log.AppendLayout(f.layout[:0], dtypes, shapes)
}
