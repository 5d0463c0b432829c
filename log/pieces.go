package log

import (
	"encoding/hex"
	"strconv"
)

// The functions of this file append the pieces of a canonical line, for a writer
// that has hashes as bytes or numbers and a layout that repeats. They check
// nothing. In order: AppendHead, AppendLayout, then for each hash AppendSeparator
// (but for the first) and AppendHexHash or AppendIntHash, then AppendEnd.

// AppendHead appends a line up to seq_len.
func AppendHead[S string | []byte](dst []byte, timestamp float64, requestID, modelName S, chunkSize, seqLen int64) []byte {
	dst = append(dst, `{"timestamp": `...)
	dst = appendFloat(dst, timestamp)
	dst = append(dst, `, "request_id": `...)
	dst = appendString(dst, requestID)
	dst = append(dst, `, "model_name": `...)
	dst = appendString(dst, modelName)
	dst = append(dst, `, "chunk_size": `...)
	dst = strconv.AppendInt(dst, chunkSize, 10)
	dst = append(dst, `, "seq_len": `...)
	return strconv.AppendInt(dst, seqLen, 10)
}

// AppendLayout appends what lies between seq_len and the first hash.
func AppendLayout(dst []byte, dtypes []string, shapes [][]int64) []byte {
	dst = append(dst, `, "dtypes": `...)
	dst = appendList(dst, dtypes, appendString[string])
	dst = append(dst, `, "shapes": `...)
	dst = appendList(dst, shapes, appendShape)
	return append(dst, `, "chunk_hashes": [`...)
}

// AppendSeparator appends what stands between two hashes.
func AppendSeparator(dst []byte) []byte { return append(dst, ", "...) }

// AppendHexHash appends a hash of raw bytes: "0x" and two digits for each.
func AppendHexHash(dst, hash []byte) []byte {
	dst = append(dst, `"0x`...)
	dst = hex.AppendEncode(dst, hash)
	return append(dst, '"')
}

// AppendIntHash appends a hash that is a number, as Python's hex prints it.
func AppendIntHash(dst []byte, hash int64) []byte {
	dst = append(dst, '"')
	magnitude := uint64(hash)
	if hash < 0 {
		dst = append(dst, '-')
		magnitude = -magnitude
	}
	dst = append(dst, "0x"...)
	dst = strconv.AppendUint(dst, magnitude, 16)
	return append(dst, '"')
}

// AppendEnd ends a line behind the last hash. dropped, unless it is 0, says how
// many records were lost before it, as a last field that other readers ignore.
func AppendEnd(dst []byte, dropped int64) []byte {
	dst = append(dst, ']')
	if dropped > 0 {
		dst = append(dst, `, "dropped": `...)
		dst = strconv.AppendInt(dst, dropped, 10)
	}
	return append(dst, "}\n"...)
}

// Checker tells records from other lines. Its zero value is ready; it is not safe
// for concurrent use.
type Checker struct{ decoder decoder }

// Check returns the timestamp of a line, with or without its newline, or why it is no
// record.
func (c *Checker) Check(line []byte) (timestamp float64, err error) {
	err = c.decoder.parse(line)
	return c.decoder.fields.timestamp, err
}
