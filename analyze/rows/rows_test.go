package rows_test

import (
	"bytes"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/parquet-go/parquet-go"
	"github.com/stretchr/testify/require"

	"hashlog/analyze"
	"hashlog/analyze/rows"
	"hashlog/analyze/units"
	"hashlog/log"
	"hashlog/sim"
)

// memory is an output in memory.
type memory struct {
	bytes.Buffer
	rewritten int // times
}

func (m *memory) Rewrite(convert func(io.Reader, io.Writer) error) error {
	old := bytes.Clone(m.Bytes())
	m.Reset()
	m.rewritten++
	return convert(bytes.NewReader(old), &m.Buffer)
}

// row is a row read back.
type row struct {
	Timestamp  float64 `parquet:"timestamp"`
	RequestID  string  `parquet:"request_id"`
	Model      string  `parquet:"model_name"`
	Source     string  `parquet:"source"`
	SeqLen     int64   `parquet:"seq_len"`
	Chunks     int64   `parquet:"chunks"`
	Turn       int64   `parquet:"turn"`
	TailTokens int64   `parquet:"tail_tokens"`
	ColdTokens int64   `parquet:"cold_tokens"`
	Demand     []step  `parquet:"demand,list"`
}

type step struct {
	Chunks    int64  `parquet:"capacity_chunks"`
	Bytes     *int64 `parquet:"capacity_bytes,optional"`
	HitTokens int64  `parquet:"hit_tokens"`
	Stairs    int64  `parquet:"stairs"`
}

// hitsAt reads the hit tokens of a row by the formula of the package's documentation. at gives a step's capacity, and size is
// how much deeper the next of its stairs is.
func hitsAt(r row, capacity int64, at func(step) int64, size func(step) int64) (hits int64) {
	before := step{Stairs: 1}
	for _, s := range r.Demand {
		if at(s) > capacity {
			break
		}
		hits = s.HitTokens + min(s.Stairs-1, (capacity-at(s))/size(s))*((s.HitTokens-before.HitTokens)/before.Stairs)
		before = s
	}
	return hits
}

func inChunks(r row, capacity int64) int64 {
	return hitsAt(r, capacity, func(s step) int64 { return s.Chunks }, func(step) int64 { return 1 })
}

func inBytes(r row, capacity int64) int64 {
	return hitsAt(r, capacity, func(s step) int64 { return *s.Bytes }, func(s step) int64 { return *s.Bytes / s.Chunks })
}

// readParquet reads a file.
func readParquet(t *testing.T, text []byte) []row {
	t.Helper()
	got, err := parquet.Read[row](bytes.NewReader(text), int64(len(text)))
	require.NoError(t, err)
	return got
}

// readCSV reads a file, with demand in chunks or in bytes as Chunks.
func readCSV(t *testing.T, text []byte) (header []string, got []row, cells [][]string) {
	t.Helper()
	cells, err := csv.NewReader(bytes.NewReader(text)).ReadAll()
	require.NoError(t, err)
	number := func(s string) int64 {
		n, err := strconv.ParseInt(s, 10, 64)
		require.NoError(t, err)
		return n
	}
	for _, c := range cells[1:] {
		r := row{RequestID: plainText(c[1]), Model: plainText(c[2]), Source: plainText(c[3]), SeqLen: number(c[4]), Chunks: number(c[5]), Turn: number(c[6]), TailTokens: number(c[7]), ColdTokens: number(c[8])}
		r.Timestamp, err = strconv.ParseFloat(c[0], 64)
		require.NoError(t, err)
		for _, text := range strings.Fields(c[len(c)-2]) {
			capacity, rest, _ := strings.Cut(text, ":")
			tokens, stairs, several := strings.Cut(rest, "*")
			if !several {
				stairs = "1"
			}
			r.Demand = append(r.Demand, step{Chunks: number(capacity), HitTokens: number(tokens), Stairs: number(stairs)})
		}
		got = append(got, r)
	}
	return cells[0], got, cells[1:]
}

// plainText is the text of a cell that has been made inert.
func plainText(cell string) string { return strings.TrimPrefix(cell, "'") }

// export replays a log and returns its rows in a format.
func export(t *testing.T, files *log.Files, opts analyze.Options, format rows.Format) (*memory, rows.Summary, *analyze.Report) {
	t.Helper()
	var names []string
	for _, c := range opts.Capacities {
		names = append(names, c.String())
	}
	w := rows.New(format, rows.Columns{Capacities: names})
	opts.OnRow = w.Add
	out, done := &memory{}, make(chan error, 1)
	go func() { done <- w.Write(out) }()
	report, err := analyze.Run(t.Context(), files, opts)
	w.Close()
	require.NoError(t, errors.Join(err, <-done))
	return out, w.Summary(), report
}

// randomLog makes a log of conversations. Sizes of chunks depend on the kind; tails and surplus hashes occur.
func randomLog(t *testing.T, r *rand.Rand, kind string, n int) *log.Files {
	t.Helper()
	var text []byte
	conversations := make([][]string, 6)
	now := 0.0
	for i := range n {
		now += float64(r.IntN(4))
		if kind == "late" && i > 4400 && i%50 == 0 { // later than records are put in order
			now = float64(i % 9)
		}
		if c := &conversations[r.IntN(len(conversations))]; len(*c) > 30 {
			*c = (*c)[:r.IntN(4)]
		} else {
			for range r.IntN(7) {
				*c = append(*c, fmt.Sprintf("0x%x", 1+r.IntN(300)))
			}
		}
		hashes := conversations[r.IntN(len(conversations))]
		rec := log.Record{Timestamp: now, RequestID: fmt.Sprintf("=%d,\"\n", i), ModelName: "a", ChunkSize: 16, ChunkHashes: hashes,
			SeqLen: max(1, 16*int64(len(hashes))+r.Int64N(24)-4), DTypes: []string{"int8"}, Shapes: [][]int64{{10}}}
		switch {
		case kind == "unlike" && r.IntN(3) == 0, kind == "unlike at last" && i > n*9/10, kind == "unlike, then unknown" && i > n/2 && r.IntN(3) == 0:
			rec.ModelName, rec.Shapes = "b", [][]int64{{25}}
		case kind == "unknown", kind == "unknown at last" && i > n/2, kind == "unlike, then unknown" && i > n*9/10, kind == "unknown, then unlike" && i < n/5:
			rec.DTypes, rec.Shapes, rec.ModelName = nil, nil, "c"
		case kind == "unknown, then unlike" && r.IntN(3) == 0:
			rec.ModelName, rec.Shapes = "b", [][]int64{{25}}
		}
		var err error
		text, err = log.AppendRecord(text, &rec)
		require.NoError(t, err)
	}
	path := filepath.Join(t.TempDir(), "lookup_hashes_20240101_000000_000001.jsonl")
	require.NoError(t, os.WriteFile(path, text, 0o644))
	files, err := log.Find(t.Context(), []string{path}, nil)
	require.NoError(t, err)
	return files
}

// TestSumsEqualSimulate reads rows back from CSV and Parquet. At random capacities that were not listed, their sums equal the
// results of a replay at these capacities.
func TestSumsEqualSimulate(t *testing.T) {
	variants := map[string]analyze.Options{
		"plain":   {},
		"tail":    {TouchOrder: sim.TailFirst},
		"warm-up": {Warmup: analyze.Warmup{Fraction: 0.4}, TouchOrder: sim.TailFirst},
		"server":  {Cache: analyze.Cache{TTL: 40 * time.Second, StoreDelay: 3 * time.Second}},
		"ttl":     {Cache: analyze.Cache{TTL: 15 * time.Second}, TouchOrder: sim.TailFirst},
	}
	for _, kind := range []string{"equal", "unlike", "unlike at last", "unknown", "unknown at last", "unknown, then unlike", "late"} {
		for name, opts := range variants {
			if kind == "late" && name != "ttl" && name != "tail" {
				continue
			}
			t.Run(kind+"/"+name, func(t *testing.T) {
				t.Parallel()
				r := rand.New(rand.NewPCG(uint64(len(kind)), uint64(len(name))))
				n := 400
				if kind == "late" {
					n = 4600
				}
				files := randomLog(t, r, kind, n)
				compareSums(t, r, files, opts, 500, 9000)
			})
		}
	}
}

// compareSums does so at capacities up to the given ones, most of them small.
func compareSums(t *testing.T, r *rand.Rand, files *log.Files, opts analyze.Options, maxChunks, maxBytes int64) {
	t.Helper()
	at := opts
	at.Capacities = []units.Capacity{units.InChunks(7), units.InChunks(60), {Unit: units.Unlimited}} // listed
	for range 25 {
		at.Capacities = append(at.Capacities, units.InChunks(1+r.Int64N(1+r.Int64N(maxChunks))))
	}
	opts.Capacities = at.Capacities[:3]
	text, csvSummary, report := export(t, files, opts, rows.CSV)
	packed, summary, _ := export(t, files, opts, rows.Parquet)
	sizesKnown := report.Ceiling.CapacityBytes != nil
	if sizesKnown {
		for range 25 {
			at.Capacities = append(at.Capacities, units.InBytes(1+r.Int64N(1+r.Int64N(maxBytes))))
		}
	}
	want, err := analyze.Run(t.Context(), files, at)
	require.NoError(t, err)
	require.Equal(t, strings.Contains(t.Name(), "/late/"), want.Input.Late > 0)

	header, fromCSV, cells := readCSV(t, text.Bytes())
	fromParquet := readParquet(t, packed.Bytes())
	require.Equal(t, summary.Columns, header)
	require.EqualValues(t, len(fromCSV), csvSummary.Rows)
	require.EqualValues(t, len(fromParquet), summary.Rows)
	wantUnits := []string{"chunks"}
	if sizesKnown {
		wantUnits = []string{"chunks", "bytes"}
	}
	require.Equal(t, wantUnits, summary.DemandUnits)
	size := uniformSize(report)
	csvInBytes := csvSummary.DemandUnits[0] == "bytes"
	require.Equal(t, sizesKnown && size == 0, csvInBytes)
	for i, c := range at.Capacities {
		var sumCSV, sumParquet, sumListed int64
		for j, row := range fromParquet {
			if c.Unit == units.Bytes {
				sumParquet += inBytes(row, c.N)
			} else {
				sumParquet += inChunks(row, c.Limit())
			}
			switch {
			case csvInBytes, c.Unit != units.Bytes:
				sumCSV += inChunks(fromCSV[j], c.Limit())
			default:
				sumCSV += inChunks(fromCSV[j], c.N/size)
			}
			if i < 3 {
				listed, err := strconv.ParseInt(cells[j][9+i], 10, 64)
				require.NoError(t, err)
				sumListed += listed
			}
		}
		require.Equal(t, want.Results[i].HitTokens, sumParquet, "Parquet at %s", c)
		if csvInBytes == (c.Unit == units.Bytes) || c.Unit == units.Unlimited || size > 0 {
			require.Equal(t, want.Results[i].HitTokens, sumCSV, "CSV at %s", c)
		}
		if i < 3 {
			require.Equal(t, want.Results[i].HitTokens, sumListed, "column of %s", c)
		}
	}
	for i := range fromParquet {
		a, b := fromParquet[i], fromCSV[i]
		a.Demand, b.Demand = nil, nil
		require.Equal(t, a, b)
	}
}

// TestSumsOfLogs does the same with the demo, and with the reference trace where it is.
func TestSumsOfLogs(t *testing.T) {
	for _, path := range []string{"../../testdata/demo", "../../../shared/reference/conversation"} {
		if _, err := os.Stat(path); err != nil {
			continue
		}
		for _, order := range []sim.Order{sim.HeadFirst, sim.TailFirst} {
			t.Run(filepath.Base(path)+"/"+analyze.OrderName(order), func(t *testing.T) {
				t.Parallel()
				files, err := log.Find(t.Context(), []string{path}, nil)
				require.NoError(t, err)
				compareSums(t, rand.New(rand.NewPCG(1, 1)), files, analyze.Options{TouchOrder: order}, 200_000, 700<<30)
			})
		}
	}
}

// uniformSize returns the bytes of every chunk, 0 if they differ or one is unknown.
func uniformSize(r *analyze.Report) (size int64) {
	if c := r.Ceiling; c.CapacityBytes != nil && c.CapacityChunks != nil {
		size = *c.CapacityBytes / *c.CapacityChunks
	}
	return size
}

// TestCSVIsWrittenAnewOnce compares a file whose unit changes late with one whose unit is bytes from its first row.
func TestCSVIsWrittenAnewOnce(t *testing.T) {
	files := randomLog(t, rand.New(rand.NewPCG(1, 2)), "unlike at last", 3000)
	late, summary, _ := export(t, files, analyze.Options{TouchOrder: sim.TailFirst}, rows.CSV)
	require.Equal(t, 1, late.rewritten)
	require.Equal(t, []string{"bytes"}, summary.DemandUnits)
	_, got, _ := readCSV(t, late.Bytes())
	packed, _, _ := export(t, files, analyze.Options{TouchOrder: sim.TailFirst}, rows.Parquet)
	stairs := 0
	for i, r := range readParquet(t, packed.Bytes()) {
		var want []step
		var before int64
		for _, s := range r.Demand {
			each := s.HitTokens - before
			for j := range s.Stairs {
				before = s.HitTokens + j*each
				want = append(want, step{Chunks: *s.Bytes + j*(*s.Bytes/s.Chunks), HitTokens: before, Stairs: 1})
				stairs += int(j)
			}
		}
		require.Equal(t, want, got[i].Demand)
	}
	require.Positive(t, stairs)
	early, _, _ := export(t, randomLog(t, rand.New(rand.NewPCG(1, 2)), "unlike", 300), analyze.Options{}, rows.CSV)
	require.Zero(t, early.rewritten, "nothing had been written")
}

// TestNodeColumn writes the nodes last, whatever their names, and also when what has been written in chunks is written anew in bytes.
func TestNodeColumn(t *testing.T) {
	nodes := []string{"0", "logs/a,5:1,\"b\"", "x\ny", "", "=1", "7:16*2"}
	steps := []analyze.Step{{Chunks: 2, Bytes: 20, HitTokens: 16, Stairs: 2}}
	inChunks, inBytes := analyze.RowSizes{Known: true, One: 10}, analyze.RowSizes{Known: true, Unlike: true}
	for _, before := range []int{1, 10_000} { // rows until sizes differ: in memory, and written
		var want, packed memory
		w, p := rows.New(rows.CSV, rows.Columns{Capacities: []string{"1GiB"}, Node: true}), rows.New(rows.Parquet, rows.Columns{Node: true})
		done := make(chan error, 2)
		out := &memory{}
		go func() { done <- w.Write(out) }()
		go func() { done <- p.Write(&packed) }()
		want.WriteString("timestamp,request_id,model_name,source,seq_len,chunks,turn,tail_tokens,cold_tokens,hit_tokens@1GiB,demand,node,cached_tokens\n")
		for i := range before + len(nodes) {
			node := nodes[i%len(nodes)]
			row := analyze.Row{RequestID: []byte("a,b"), Node: node, Hits: []int64{3}, Demand: steps, Sizes: inChunks}
			cached := ""
			if i%3 > 0 {
				row.CachedTokens, row.HasCachedTokens = int64(i%3-1), true
				cached = strconv.Itoa(i%3 - 1)
			}
			if i >= before {
				row.Sizes, row.Demand = inBytes, nil
			}
			require.NoError(t, w.Add(&row))
			require.NoError(t, p.Add(&row))
			cells := csv.NewWriter(&want)
			demand := "20:16 30:32"
			if i >= before {
				demand = ""
			}
			if node == "=1" {
				node = "'=1"
			}
			require.NoError(t, cells.Write([]string{"0", "a,b", "", "", "0", "0", "0", "0", "0", "3", demand, node, cached}))
			cells.Flush()
		}
		w.Close()
		p.Close()
		require.NoError(t, errors.Join(<-done, <-done))
		require.Equal(t, want.String(), out.String())
		require.Equal(t, before > 1, out.rewritten == 1)
		require.Equal(t, "node", p.Summary().Columns[10])
		got, err := parquet.Read[nodeRow](bytes.NewReader(packed.Bytes()), int64(packed.Len()))
		require.NoError(t, err)
		require.Len(t, got, before+len(nodes))
		for i, r := range got {
			require.Equal(t, nodes[i%len(nodes)], r.Node)
			require.Equal(t, i%3 > 0, r.Cached != nil)
			require.True(t, r.Cached == nil || *r.Cached == int64(i%3-1))
			require.Equal(t, i < before, len(r.Demand) == 1)
		}
	}
}

// nodeRow is a row of a fleet read back.
type nodeRow struct {
	Demand []step `parquet:"demand,list"`
	Node   string `parquet:"node"`
	Cached *int64 `parquet:"cached_tokens,optional"`
}

// TestUnitError has a record whose size is unknown after sizes have begun to differ.
func TestUnitError(t *testing.T) {
	files := randomLog(t, rand.New(rand.NewPCG(1, 2)), "unlike, then unknown", 300)
	w := rows.New(rows.CSV, rows.Columns{})
	go func() { _ = w.Write(&memory{}) }()
	_, err := analyze.Run(t.Context(), files, analyze.Options{OnRow: w.Add})
	w.Stop()
	var unit *rows.UnitError
	require.ErrorAs(t, err, &unit)
	require.ErrorContains(t, err, ".jsonl:272: chunks differ in size")
	packed, _, _ := export(t, files, analyze.Options{}, rows.Parquet)
	got := readParquet(t, packed.Bytes())
	require.Len(t, got, 300)
	require.NotNil(t, got[269].Demand[0].Bytes)
	require.Nil(t, got[299].Demand[0].Bytes)
}

// TestTextIsInert has texts that a spreadsheet would run, and their opposite.
func TestTextIsInert(t *testing.T) {
	w := rows.New(rows.CSV, rows.Columns{Capacities: []string{"64GiB"}})
	texts := []string{"=1+1", "+1", "-1", "@sum(a1)", "\tx", "\rx", "'=1", "plain", "", "a=b", "=\"a\",b", "x\ny"}
	want := []string{"'=1+1", "'+1", "'-1", "'@sum(a1)", "'\tx", "\"'\rx\"", "''=1", "plain", "", "a=b", "\"'=\"\"a\"\",b\"", "\"x\ny\""}
	for _, text := range texts {
		require.NoError(t, w.Add(&analyze.Row{RequestID: []byte(text), Model: text, Source: text, Timestamp: 1711929600.25, Hits: []int64{7}}))
	}
	w.Close()
	out := &memory{}
	require.NoError(t, w.Write(out))
	lines := "timestamp,request_id,model_name,source,seq_len,chunks,turn,tail_tokens,cold_tokens,hit_tokens@64GiB,demand,cached_tokens\n"
	for _, text := range want {
		lines += fmt.Sprintf("1711929600.25,%s,%s,%s,0,0,0,0,0,7,,\n", text, text, text)
	}
	require.Equal(t, lines, out.String())
}

// TestManyRowGroups bounds how much is held before it is written.
func TestManyRowGroups(t *testing.T) {
	w := rows.New(rows.Parquet, rows.Columns{})
	out, done := &memory{}, make(chan error, 1)
	go func() { done <- w.Write(out) }()
	long := make([]analyze.Step, 5000)
	for i := range long {
		long[i] = analyze.Step{Chunks: int64(i + 1), Bytes: int64(10*i + 10), HitTokens: int64(16*i + 16), Stairs: 1}
	}
	const n = 400
	for i := range n {
		require.NoError(t, w.Add(&analyze.Row{RequestID: []byte(fmt.Sprint(i)), Demand: long[:min(i*100, len(long))]}))
	}
	w.Close()
	require.NoError(t, <-done)
	f, err := parquet.OpenFile(bytes.NewReader(out.Bytes()), int64(out.Len()))
	require.NoError(t, err)
	require.InDelta(t, n*5000*4*8/(16<<20), len(f.RowGroups()), 2)
	got := readParquet(t, out.Bytes())
	require.Len(t, got, n)
	for i, r := range got {
		require.Equal(t, fmt.Sprint(i), r.RequestID)
		require.Len(t, r.Demand, min(i*100, 5000))
	}
}

// failing is an output that is full.
type failing struct{ *memory }

func (failing) Write([]byte) (int, error) { return 0, io.ErrShortWrite }

// TestErrorsEndBothSides ends the replay if rows cannot be written, and the writing if the replay fails.
func TestErrorsEndBothSides(t *testing.T) {
	for _, format := range []rows.Format{rows.CSV, rows.Parquet} {
		w := rows.New(format, rows.Columns{})
		done := make(chan error, 1)
		go func() { done <- w.Write(failing{}) }()
		var err error
		for i := 0; err == nil && i < 1e6; i++ {
			err = w.Add(&analyze.Row{RequestID: bytes.Repeat([]byte("x"), 1<<10)})
		}
		require.ErrorIs(t, err, rows.ErrStopped)
		w.Close()
		require.ErrorIs(t, <-done, io.ErrShortWrite)

		w = rows.New(format, rows.Columns{})
		go func() { done <- w.Write(&memory{}) }()
		require.NoError(t, w.Add(&analyze.Row{}))
		w.Stop()
		require.ErrorIs(t, <-done, rows.ErrStopped)

		w = rows.New(format, rows.Columns{})
		w.Stop()
		for err = nil; err == nil; {
			err = w.Add(&analyze.Row{})
		}
		require.ErrorIs(t, err, rows.ErrStopped)
		w.Close()
	}
}

func TestFormatOf(t *testing.T) {
	for path, want := range map[string]rows.Format{"a.csv": rows.CSV, "x/B.CSV": rows.CSV, "a.b.parquet": rows.Parquet} {
		got, err := rows.FormatOf(path)
		require.NoError(t, err)
		require.Equal(t, want, got)
	}
	for _, path := range []string{"", "csv", "a.csv.gz", "a.json", "a.csv/b"} {
		_, err := rows.FormatOf(path)
		require.ErrorContains(t, err, ".csv or .parquet")
	}
}
