package line

import (
	"fmt"
	"math/rand/v2"
)

// encode returns the canonical line of a record that is known to be good.
func encode(r Record) []byte {
	b, err := AppendRecord(nil, &r)
	if err != nil {
		panic(err)
	}
	return b
}

// small returns a canonical line of a small record.
func small(timestamp float64, id string) string {
	return string(encode(Record{Timestamp: timestamp, RequestID: id, ModelName: "m", ChunkSize: 16, SeqLen: 40,
		DTypes: []string{"float16"}, Shapes: [][]int64{{4}}, ChunkHashes: []string{"0xa", "0xb"}}))
}

// randomString returns a string that tries an encoder.
func randomString(rng *rand.Rand) string {
	alphabet := []rune("aZ09-_/ \"\\\b\f\n\r\t\x00\x1f\x7f\u0080é中\u2028\ufffd\uffff😀\U0010ffff")
	runes := make([]rune, rng.IntN(12))
	for i := range runes {
		runes[i] = alphabet[rng.IntN(len(alphabet))]
	}
	return string(runes)
}

// randomRecord returns a valid record.
func randomRecord(rng *rand.Rand) Record {
	r := Record{
		Timestamp: (rng.Float64() - .5) * []float64{1e-9, 1, 1e10, MaxTimestamp}[rng.IntN(4)],
		RequestID: randomString(rng), ModelName: randomString(rng),
		ChunkSize: 1 + rng.Int64N(1<<rng.IntN(62)), SeqLen: rng.Int64N(1 << rng.IntN(62)),
	}
	if rng.IntN(3) == 0 {
		r.SessionID = randomString(rng)
	}
	if rng.IntN(3) == 0 {
		r.CacheSalt = randomString(rng)
	}
	if rng.IntN(3) == 0 {
		r.Source = randomString(rng)
	}
	if rng.IntN(3) == 0 {
		r.CachedTokens = new(int64)
		*r.CachedTokens = rng.Int64N(r.SeqLen + 1)
	}
	for range rng.IntN(3) {
		r.DTypes = append(r.DTypes, []string{"float8_e5m2", "torch.bool", "int64"}[rng.IntN(3)])
		var shape []int64
		for range rng.IntN(3) {
			shape = append(shape, 1+rng.Int64N(1000))
		}
		r.Shapes = append(r.Shapes, shape)
	}
	for range rng.IntN(20) {
		switch rng.IntN(4) {
		case 0:
			r.ChunkHashes = append(r.ChunkHashes, randomString(rng))
		default:
			r.ChunkHashes = append(r.ChunkHashes, fmt.Sprintf("0x%x", rng.Uint64()>>rng.IntN(64)))
		}
	}
	return r
}
