package log

import (
	"bytes"
	"context"
	"fmt"
	"math/rand/v2"
	"testing"

	"hashlog/log/internal/line"
)

// benchRecord returns a record with hashes of that many bytes.
func benchRecord(rng *rand.Rand, hashes, size int) line.Record {
	r := line.Record{Timestamp: 1711929600.123 + rng.Float64()*1000, RequestID: "cmpl-8f3f1b0a-5b0e-4f44-9d0f-2a6d1c1c5a77",
		ModelName: "deepseek-ai/DeepSeek-V3", ChunkSize: 256, SeqLen: int64(hashes)*256 + 17,
		DTypes: []string{"torch.bfloat16"}, Shapes: [][]int64{{61, 256, 576}}}
	for range hashes {
		b := make([]byte, size)
		for i := range b {
			b[i] = byte(rng.Uint32())
		}
		b[0] |= 0x80 // as wide as can be
		r.ChunkHashes = append(r.ChunkHashes, fmt.Sprintf("%#x", b))
	}
	return r
}

func report(b *testing.B, bytesEach, recordsEach int) {
	b.SetBytes(int64(bytesEach))
	b.ReportMetric(float64(b.N*recordsEach)/b.Elapsed().Seconds(), "records/s")
}

func BenchmarkDecode(b *testing.B) {
	for _, size := range []int{8, 32} {
		b.Run(fmt.Sprintf("hash=%d", size), func(b *testing.B) {
			benchDecode(b, encode(benchRecord(rand.New(rand.NewPCG(1, 1)), 100, size)))
		})
	}
}

// BenchmarkDecodeSession decodes lines with a session and a salt, canonical or nearly so.
func BenchmarkDecodeSession(b *testing.B) {
	r := benchRecord(rand.New(rand.NewPCG(1, 1)), 100, 32)
	r.SessionID, r.CacheSalt = "5f0c5a1e-3f1a-4b5e-9a39-0d1a5b8a7c11", "tenant-17"
	line := encode(r)
	b.Run("canonical", func(b *testing.B) { benchDecode(b, line) })
	b.Run("general", func(b *testing.B) { benchDecode(b, bytes.Replace(line, []byte(": "), []byte(":"), 1)) })
}

// BenchmarkDecodeMixed decodes what Python's hash and hex make of chunks: half of
// the hashes have a sign, and some have fewer digits.
func BenchmarkDecodeMixed(b *testing.B) {
	rng := rand.New(rand.NewPCG(1, 1))
	r := benchRecord(rng, 100, 8)
	for i := range r.ChunkHashes {
		r.ChunkHashes[i] = fmt.Sprintf("%#x", int64(rng.Uint64()))
	}
	benchDecode(b, encode(r))
}

// BenchmarkDecodeCompact decodes JSON without spaces.
func BenchmarkDecodeCompact(b *testing.B) {
	line := encode(benchRecord(rand.New(rand.NewPCG(1, 1)), 100, 32))
	for _, mark := range []string{",", ":"} {
		line = bytes.ReplaceAll(line, []byte(mark+" "), []byte(mark))
	}
	benchDecode(b, line)
}

// BenchmarkDecodeGeneral decodes a line that is nearly canonical.
func BenchmarkDecodeGeneral(b *testing.B) {
	line := encode(benchRecord(rand.New(rand.NewPCG(1, 1)), 100, 32))
	benchDecode(b, bytes.Replace(line, []byte(": "), []byte(":"), 1))
}

// BenchmarkDecodeOdd decodes a line that only the general decoder takes.
func BenchmarkDecodeOdd(b *testing.B) {
	line := encode(benchRecord(rand.New(rand.NewPCG(1, 1)), 100, 32))
	benchDecode(b, bytes.Replace(line, []byte("{"), []byte(`{"seq_len": 1, `), 1))
}

func benchDecode(b *testing.B, line []byte) {
	var d LineDecoder
	var e Entry
	b.ReportAllocs()
	for b.Loop() {
		if err := d.Decode(line, &e); err != nil {
			b.Fatal(err)
		}
	}
	report(b, len(line), 1)
}

func BenchmarkEncode(b *testing.B) {
	r := benchRecord(rand.New(rand.NewPCG(1, 1)), 100, 32)
	var buf []byte
	b.ReportAllocs()
	for b.Loop() {
		var err error
		if buf, err = line.AppendRecord(buf[:0], &r); err != nil {
			b.Fatal(err)
		}
	}
	report(b, len(buf), 1)
}

// BenchmarkMerge reads two files that overlap, plain and compressed.
func BenchmarkMerge(b *testing.B) {
	const records = 5000
	rng := rand.New(rand.NewPCG(1, 1))
	var texts [2]bytes.Buffer
	for i := range 2 * records {
		r := benchRecord(rng, 50, 32)
		r.Timestamp = float64(i) + rng.Float64()*2
		texts[i%2].Write(encode(r))
	}
	for _, form := range []struct {
		name string
		pack func(string) string
	}{{"plain", func(s string) string { return s }}, {"gz", gzipped}, {"zst", zstded}} {
		b.Run(form.name, func(b *testing.B) {
			dir := b.TempDir()
			files := find(b, write(b, dir, "0", form.pack(texts[0].String())), write(b, dir, "1", form.pack(texts[1].String())))
			b.ReportAllocs()
			for b.Loop() {
				benchRead(b, files, 2*records)
			}
			report(b, texts[0].Len()+texts[1].Len(), 2*records)
		})
	}
}

func benchRead(b *testing.B, files *Files, want int) {
	r, err := files.Open(context.Background(), Options{})
	if err != nil {
		b.Fatal(err)
	}
	defer r.Close()
	have := 0
	for r.Scan() {
		have++
	}
	if r.Err() != nil || have != want {
		b.Fatal(r.Err(), have)
	}
}
