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

// Optional are the fields that may follow the hashes. Package log's Optional has the same fields,
// explained there, so that one converts to the other.
type Optional[S string | []byte] struct {
	SessionID       S
	CacheSalt       S
	Source          S
	CachedTokens    int64
	HasCachedTokens bool
	Dropped         int64
}

// AppendEnd ends a line after the last hash.
func AppendEnd[S string | []byte](dst []byte, o Optional[S]) []byte {
	dst = append(dst, ']')
	dst = appendText(dst, `, "session_id": `, o.SessionID)
	dst = appendText(dst, `, "cache_salt": `, o.CacheSalt)
	dst = appendText(dst, `, "source": `, o.Source)
	if o.HasCachedTokens {
		dst = append(dst, `, "cached_tokens": `...)
		dst = strconv.AppendInt(dst, o.CachedTokens, 10)
	}
	if o.Dropped > 0 {
		dst = append(dst, `, "dropped": `...)
		dst = strconv.AppendInt(dst, o.Dropped, 10)
	}
	return append(dst, "}\n"...)
}

// appendText appends a name with what is around it, and a text, unless the text is empty.
func appendText[S string | []byte](dst []byte, name string, text S) []byte {
	if len(text) == 0 {
		return dst
	}
	return appendString(append(dst, name...), text)
}
