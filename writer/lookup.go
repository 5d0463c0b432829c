package writer

import (
	"encoding/binary"
	"math"

	"hashlog/log"
)

// Lookup is one lookup as a server has it at hand. Record copies what it needs:
// the caller may reuse all of it at once.
type Lookup struct {
	Timestamp float64 // seconds since the Unix epoch, at most log.MaxTimestamp before or after; 0: now
	RequestID string
	ModelName string    // log.MaxModelName bytes at most
	ChunkSize int64     // tokens in a full chunk, > 0
	SeqLen    int64     // tokens in the request, tail included, ≥ 0
	DTypes    []string  // one for each tensor that a chunk stores
	Shapes    [][]int64 // one for each tensor
	// Hashes are those of the complete chunks in prefix order, as raw bytes. Each is
	// logged as 0x and two digits a byte.
	Hashes [][]byte
	// IntHashes are the same as numbers, logged as Python's hex prints them. They are
	// used if there are no Hashes.
	IntHashes []int64
}

// unlike is the size of hashes that have none in common.
const unlike = -1

// entry is a lookup in the queue: what has a fixed size, and where the rest lies.
type entry struct {
	at, size int // of the rest in the queue's memory, in the order of put

	timestamp         float64
	chunkSize, seqLen int64
	requestID, model  int   // bytes
	layout            int   // bytes
	hashes            int   // number
	hashSize          int   // bytes of each, or unlike; 0: numbers
	line              bool  // the rest is a whole line instead
	dropped           int64 // lookups lost before this one
}

// measure fills in what is fixed of an entry, and how many bytes the rest takes.
func (e *entry) measure(l *Lookup) {
	*e = entry{timestamp: l.Timestamp, chunkSize: l.ChunkSize, seqLen: l.SeqLen, requestID: len(l.RequestID), model: len(l.ModelName)}
	e.layout = 8
	for _, dtype := range l.DTypes {
		e.layout += 4 + len(dtype)
	}
	for _, shape := range l.Shapes {
		e.layout += 4 + 8*len(shape)
	}
	e.size = e.requestID + e.model + e.layout + e.measureHashes(l)
}

func (e *entry) measureHashes(l *Lookup) int {
	if e.hashes = len(l.Hashes); e.hashes == 0 {
		e.hashes = len(l.IntHashes)
		return 8 * e.hashes
	}
	e.hashSize = len(l.Hashes[0])
	total := 0
	for _, h := range l.Hashes {
		total += len(h)
		if len(h) != e.hashSize {
			e.hashSize = unlike
		}
	}
	if e.hashSize == unlike || e.hashSize == 0 {
		e.hashSize = unlike
		total += 4 * e.hashes
	}
	return total
}

// put copies the rest of a lookup into memory that has room for just that.
func (e *entry) put(data []byte, l *Lookup) {
	b := append(data[:0], l.RequestID...)
	b = append(b, l.ModelName...)
	b = putLayout(b, l)
	if len(l.Hashes) == 0 {
		for _, h := range l.IntHashes {
			b = binary.LittleEndian.AppendUint64(b, uint64(h))
		}
	}
	for _, h := range l.Hashes {
		if e.hashSize == unlike {
			b = binary.LittleEndian.AppendUint32(b, uint32(len(h)))
		}
		b = append(b, h...)
	}
}

func putLayout(b []byte, l *Lookup) []byte {
	b = binary.LittleEndian.AppendUint32(b, uint32(len(l.DTypes)))
	for _, dtype := range l.DTypes {
		b = binary.LittleEndian.AppendUint32(b, uint32(len(dtype)))
		b = append(b, dtype...)
	}
	b = binary.LittleEndian.AppendUint32(b, uint32(len(l.Shapes)))
	for _, shape := range l.Shapes {
		b = binary.LittleEndian.AppendUint32(b, uint32(len(shape)))
		for _, dim := range shape {
			b = binary.LittleEndian.AppendUint64(b, uint64(dim))
		}
	}
	return b
}

// fit reports whether a lookup's numbers may be logged.
func (e *entry) fit() bool {
	return math.Abs(e.timestamp) <= log.MaxTimestamp && e.chunkSize > 0 && e.seqLen >= 0
}
