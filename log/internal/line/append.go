package line

import (
	"encoding/hex"
	"strconv"
)

// The functions of this file append a canonical line piece by piece and check nothing.
// Package log exports and documents them.

// AppendHead appends the line up to and including seq_len.
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

// AppendLayout appends dtypes, shapes and the beginning of chunk_hashes, up to the first hash.
func AppendLayout(dst []byte, dtypes []string, shapes [][]int64) []byte {
	dst = append(dst, `, "dtypes": `...)
	dst = appendList(dst, dtypes, appendString[string])
	dst = append(dst, `, "shapes": `...)
	dst = appendList(dst, shapes, appendShape)
	return append(dst, `, "chunk_hashes": [`...)
}

// AppendSeparator appends the separator of two hashes.
func AppendSeparator(dst []byte) []byte { return append(dst, ", "...) }

// AppendHexHash appends a hash of raw bytes: "0x" and two digits per byte.
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

// AppendEnd ends a line after the last hash, with those of the fields session_id, cache_salt and
// dropped that are not empty or 0.
func AppendEnd[S string | []byte](dst []byte, sessionID, cacheSalt S, dropped int64) []byte {
	dst = append(dst, ']')
	if len(sessionID) > 0 {
		dst = append(dst, `, "session_id": `...)
		dst = appendString(dst, sessionID)
	}
	if len(cacheSalt) > 0 {
		dst = append(dst, `, "cache_salt": `...)
		dst = appendString(dst, cacheSalt)
	}
	if dropped > 0 {
		dst = append(dst, `, "dropped": `...)
		dst = strconv.AppendInt(dst, dropped, 10)
	}
	return append(dst, "}\n"...)
}
