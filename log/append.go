package log

import "hashlog/log/internal/line"

// The functions of this file append a canonical line piece by piece, for a writer that has
// hashes as bytes or numbers and a layout that repeats. They check nothing. The order is
// AppendHead, AppendLayout, AppendHexHash or AppendIntHash for each hash with
// AppendSeparator between two, AppendEnd.

// AppendHead appends the line up to and including seq_len.
func AppendHead[S string | []byte](dst []byte, timestamp float64, requestID, modelName S, chunkSize, seqLen int64) []byte {
	return line.AppendHead(dst, timestamp, requestID, modelName, chunkSize, seqLen)
}

// AppendLayout appends dtypes, shapes and the beginning of chunk_hashes, up to the first hash.
func AppendLayout(dst []byte, dtypes []string, shapes [][]int64) []byte {
	return line.AppendLayout(dst, dtypes, shapes)
}

// AppendSeparator appends the separator of two hashes.
func AppendSeparator(dst []byte) []byte { return line.AppendSeparator(dst) }

// AppendHexHash appends a hash of raw bytes: "0x" and two digits per byte.
func AppendHexHash(dst, hash []byte) []byte { return line.AppendHexHash(dst, hash) }

// AppendIntHash appends a hash that is a number, as Python's hex prints it.
func AppendIntHash(dst []byte, hash int64) []byte { return line.AppendIntHash(dst, hash) }

// Optional are the fields of a line that may follow the hashes. Those that are empty or 0 are left
// out.
type Optional[S string | []byte] struct {
	SessionID       S
	CacheSalt       S
	Source          S
	CachedTokens    int64 // written only if HasCachedTokens
	HasCachedTokens bool
	Dropped         int64 // records that the writer lost before this one; other readers ignore the field
}

// AppendEnd ends a line after the last hash.
func AppendEnd[S string | []byte](dst []byte, o Optional[S]) []byte {
	return line.AppendEnd(dst, line.Optional[S](o))
}
