package writer

import (
	"encoding/binary"
	"math"

	"hashlog/log"
)

// Lookup is one lookup as a server has it at hand. Record copies what it needs: the
// caller may reuse all of its memory as soon as Record returns.
type Lookup struct {
	Timestamp float64 // seconds since the Unix epoch, within ± log.MaxTimestamp; 0: the time of the call
	RequestID string
	ModelName string    // at most log.MaxModelName bytes
	ChunkSize int64     // tokens in a full chunk, > 0
	SeqLen    int64     // tokens in the request, including the tail, ≥ 0
	DTypes    []string  // one per tensor that a chunk stores, such as "torch.bfloat16"
	Shapes    [][]int64 // one per tensor
	// Hashes are the hashes of the complete chunks, in prefix order, as raw bytes. Each is
	// logged as 0x and two hex digits per byte.
	Hashes [][]byte
	// IntHashes are the hashes as numbers, logged as Python's hex prints them. They are
	// used only if Hashes is empty.
	IntHashes []int64

	SessionID string // the conversation; empty: not logged
	CacheSalt string // requests with unlike salts share no chunk; empty: not logged
}

// unlike stands for the size of hashes if they differ in size.
const unlike = -1

// entry is a lookup in the queue: the parts of fixed size, and where the rest is.
type entry struct {
	at, size int // of the rest in the queue's memory, in the order in which put writes it

	timestamp         float64
	chunkSize, seqLen int64
	requestID, model  int   // bytes
	session, salt     int   // bytes
	layout            int   // bytes
	hashes            int   // number
	hashSize          int   // bytes of each, or unlike; 0: they are numbers
	line              bool  // the rest is a whole line instead
	dropped           int64 // lookups lost before this one, which its record reports
}

// measure sets the parts of fixed size, and how many bytes the rest takes.
func (e *entry) measure(l *Lookup) {
	*e = entry{timestamp: l.Timestamp, chunkSize: l.ChunkSize, seqLen: l.SeqLen, requestID: len(l.RequestID), model: len(l.ModelName),
		session: len(l.SessionID), salt: len(l.CacheSalt)}
	e.layout = 8
	for _, dtype := range l.DTypes {
		e.layout += 4 + len(dtype)
	}
	for _, shape := range l.Shapes {
		e.layout += 4 + 8*len(shape)
	}
	e.size = e.requestID + e.model + e.session + e.salt + e.layout + e.measureHashes(l)
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

// put copies the rest of a lookup into data, which has e.size bytes.
func (e *entry) put(data []byte, l *Lookup) {
	b := append(data[:0], l.RequestID...)
	b = append(b, l.ModelName...)
	b = append(b, l.SessionID...)
	b = append(b, l.CacheSalt...)
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

// valid reports whether a lookup's numbers may be logged.
func (e *entry) valid() bool {
	return math.Abs(e.timestamp) <= log.MaxTimestamp && e.chunkSize > 0 && e.seqLen >= 0
}
