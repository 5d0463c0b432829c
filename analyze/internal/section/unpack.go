package section

import (
	"sync"

	"github.com/klauspost/compress/zstd"
)

// unpacker decompresses the sections of all readers.
var unpacker = sync.OnceValue(func() *zstd.Decoder {
	d, err := zstd.NewReader(nil, zstd.WithDecoderLowmem(true), zstd.WithDecoderMaxMemory(MaxPayload), zstd.WithDecodeAllCapLimit(true))
	if err != nil {
		panic(err) // only options can be wrong
	}
	return d
})

// unpack decompresses a payload.
func (r *Reader) unpack(payload []byte) (plain []byte, ok bool) {
	most := min(MaxRatio*len(payload), MaxPayload)
	if cap(r.plain) < most {
		r.plain = make([]byte, 0, most)
	}
	plain, err := unpacker().DecodeAll(payload, r.plain[:0:most])
	if err != nil {
		r.Fail("it cannot be decompressed: %v", err)
	}
	return plain, err == nil
}
