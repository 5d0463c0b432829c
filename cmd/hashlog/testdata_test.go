package main

import (
	"bytes"
	"context"
	"flag"
	"fmt"
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"testing"

	"github.com/klauspost/compress/gzip"
	"github.com/klauspost/compress/zstd"
	"github.com/stretchr/testify/require"

	"hashlog/log"
)

var update = flag.Bool("update", false, "rewrite the logs of testdata, and what scripts and documents show")

const testdata = "../../testdata"

// The models of the made-up logs. A chunk's tensor is [2, layers, tokens, KV heads × head dimension].
var (
	llama = log.Record{ModelName: "meta-llama/Llama-3.1-70B-Instruct", ChunkSize: 256,
		DTypes: []string{"torch.bfloat16"}, Shapes: [][]int64{{2, 80, 256, 1024}}} // 80 MiB
	qwen = log.Record{ModelName: "Qwen/Qwen2.5-7B-Instruct", ChunkSize: 256,
		DTypes: []string{"torch.bfloat16"}, Shapes: [][]int64{{2, 28, 256, 512}}} // 14 MiB
)

// demoDay is a day of an assistant and a smaller model for code: users with conversations that grow turn by turn on a
// few system prompts, documents that many ask about, a quiet night.
func demoDay() []log.Record {
	r := rand.New(rand.NewPCG(2024, 331))
	d := demo{r: r}
	for range 4 {
		d.prompts = append(d.prompts, d.fresh(4+r.IntN(6)))
	}
	for range 60 {
		d.documents = append(d.documents, d.fresh(10+r.IntN(30)))
	}
	d.sessions = make([]session, 400)
	const start, day = 1711843200, 86400
	var records []log.Record
	for now := 0.0; now < day; {
		busy := 0.15 + 0.85*math.Max(0, math.Sin(math.Pi*(now/day-0.25)*1.4))
		now += r.ExpFloat64() * 12 / busy
		rec := d.request()
		rec.Timestamp = math.Round((start+now)*1000) / 1000
		rec.RequestID = fmt.Sprintf("req-%05d", len(records))
		records = append(records, rec)
	}
	return records
}

type demo struct {
	r         *rand.Rand
	prompts   [][]string
	documents [][]string
	sessions  []session
}

// session is one user's conversation.
type session struct {
	model  *log.Record
	hashes []string
	turns  int
}

func (d *demo) fresh(n int) (hashes []string) {
	for range n {
		hashes = append(hashes, fmt.Sprintf("0x%016x", d.r.Uint64()))
	}
	return hashes
}

// request is the next turn of a session, popular ones more often.
func (d *demo) request() log.Record {
	s := &d.sessions[int(float64(len(d.sessions))*math.Pow(d.r.Float64(), 2))]
	if s.turns == 0 {
		d.begin(s)
	}
	s.turns--
	s.hashes = append(s.hashes, d.fresh(d.r.IntN(6))...)
	rec := *s.model
	rec.ChunkHashes = append([]string{}, s.hashes...)
	rec.SeqLen = int64(len(s.hashes))*rec.ChunkSize + d.r.Int64N(rec.ChunkSize)
	return rec
}

func (d *demo) begin(s *session) {
	*s = session{model: &llama, turns: 1 + d.r.IntN(12)}
	if d.r.IntN(4) == 0 {
		s.model = &qwen
	}
	s.hashes = append(s.hashes, d.prompts[d.r.IntN(len(d.prompts))]...)
	if d.r.IntN(3) == 0 {
		s.hashes = append(s.hashes, d.documents[int(60*math.Pow(d.r.Float64(), 3))]...)
	}
}

// lines encodes records.
func lines(t testing.TB, records []log.Record) []byte {
	var text []byte
	for i := range records {
		var err error
		text, err = log.AppendRecord(text, &records[i])
		require.NoError(t, err)
	}
	return text
}

func gzipped(t testing.TB, text []byte) []byte {
	var out bytes.Buffer
	w := gzip.NewWriter(&out)
	_, err := w.Write(text)
	require.NoError(t, err)
	require.NoError(t, w.Close())
	return out.Bytes()
}

func zstded(t testing.TB, text []byte) []byte {
	w, err := zstd.NewWriter(nil, zstd.WithEncoderLevel(zstd.SpeedBestCompression))
	require.NoError(t, err)
	return w.EncodeAll(text, nil)
}

// made returns the logs of testdata, by path.
func made(t testing.TB) map[string][]byte {
	day := demoDay()
	quarter := len(day) / 4
	few := day[:40]
	text := lines(t, few)
	shuffled := append([]log.Record{}, few...)
	for i := 0; i+3 < len(shuffled); i += 5 {
		shuffled[i], shuffled[i+3] = shuffled[i+3], shuffled[i]
	}
	bare := append([]log.Record{}, few...)
	for i := range bare {
		bare[i].DTypes, bare[i].Shapes = nil, nil
	}
	zst := zstded(t, lines(t, day[:quarter])) // several blocks long
	return map[string][]byte{
		"demo/lookup_hashes_20240331_000000_000000.jsonl.zst": zstded(t, lines(t, day[:quarter])),
		"demo/lookup_hashes_20240331_060000_000001.jsonl.zst": zstded(t, lines(t, day[quarter:2*quarter])),
		"demo/lookup_hashes_20240331_120000_000002.jsonl.gz":  gzipped(t, lines(t, day[2*quarter:3*quarter])),
		"demo/lookup_hashes_20240331_180000_000003.jsonl":     lines(t, day[3*quarter:]),
		"good.jsonl":          text,
		"good.jsonl.gz":       gzipped(t, text),
		"out-of-order.jsonl":  lines(t, shuffled),
		"no-sizes.jsonl":      lines(t, bare),
		"torn.jsonl":          text[:len(text)-100],
		"truncated.jsonl.zst": zst[:len(zst)/2],
		"corrupt.jsonl.gz":    corrupt(gzipped(t, text)),
		"bad.jsonl":           spoil(text),
	}
}

// corrupt flips bits in the second half.
func corrupt(data []byte) []byte {
	data[len(data)*2/3] ^= 0xff
	return data
}

// spoil puts bad lines between good ones.
func spoil(text []byte) []byte {
	good := bytes.SplitAfter(text, []byte("\n"))
	bad := []string{
		`not JSON at all`,
		`{"timestamp": 1711843300.5, "chunk_size": 256, "chunk_hashes": ["0x1"]}`,
		`{"timestamp": 1711843301.5, "chunk_size": 0, "seq_len": 256, "chunk_hashes": ["0x1"]}`,
		`{"timestamp": NaN, "chunk_size": 256, "seq_len": 256, "chunk_hashes": ["0x1"]}`,
		`{"timestamp": 1711843302.5, "chunk_size": 256, "seq_len": 256, "dtypes": ["int3"], "shapes": [[8]], "chunk_hashes": ["0x1"]}`,
		`[1, 2, 3]`,
	}
	var out []byte
	for i, line := range bad {
		out = append(out, good[i]...)
		out = append(out, line+"\n"...)
	}
	return append(out, bytes.Join(good[len(bad):], nil)...)
}

// TestTestdata keeps the logs of testdata what made makes of them, compressed ones by their content.
func TestTestdata(t *testing.T) {
	for name, want := range made(t) {
		path := filepath.Join(testdata, name)
		if *update {
			require.NoError(t, os.MkdirAll(filepath.Dir(path), 0o755))
			require.NoError(t, os.WriteFile(path, want, 0o644))
		}
		got, err := os.ReadFile(path)
		require.NoError(t, err)
		switch filepath.Ext(name) {
		case ".jsonl":
			require.True(t, bytes.Equal(want, got), "%s is out of date: go test ./cmd/hashlog -run Testdata -update", name)
		case ".gz", ".zst":
			require.InDelta(t, len(want), len(got), float64(len(want))/10, name)
		}
	}
}

// TestDemoIsWholeLog reads the compressed demo back and compares it with what was made.
func TestDemoIsWholeLog(t *testing.T) {
	files, err := log.Find(context.Background(), []string{testdata + "/demo"}, nil)
	require.NoError(t, err)
	reader, err := files.Open(context.Background(), log.Options{})
	require.NoError(t, err)
	defer reader.Close()
	day := demoDay()
	for i := range day {
		require.True(t, reader.Scan())
		require.Equal(t, day[i].RequestID, string(reader.Entry().RequestID))
		require.Equal(t, day[i].Timestamp, reader.Entry().Timestamp)
		require.Len(t, reader.Entry().Hashes, len(day[i].ChunkHashes))
	}
	require.False(t, reader.Scan())
	require.NoError(t, reader.Err())
}
