package log

// Entry is a record as a [Reader] yields it: what a replay needs, with
// fingerprints for hashes.
type Entry struct {
	Timestamp  float64
	RequestID  []byte
	ModelName  string
	ChunkSize  int64
	SeqLen     int64
	ChunkBytes int64    // bytes a full chunk stores, as logged; 0 = unknown
	Hashes     []uint64 // fingerprints in prefix order
	Dropped    int64    // records that the writer lost before this one
	File       string   // the file it stands in
	Line       int64    // and the line, counted from 1
	Text       []byte   // the record as a canonical line, from a Decoder that makes it; else empty
}
