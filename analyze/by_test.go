package analyze

import (
	"cmp"
	"encoding/json"
	"fmt"
	"maps"
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"hashlog/analyze/units"
	"hashlog/log"
	"hashlog/sim"
	"hashlog/sim/simtest"
)

var berlin = func() *time.Location {
	zone, err := ParseTimeZone("Europe/Berlin")
	if err != nil {
		panic(err)
	}
	return zone
}()

// findSources writes records to three files, and finds these. sources has the file of each record.
func findSources(t *testing.T, rng *rand.Rand, records []log.Record) (files *log.Files, sources []string) {
	t.Helper()
	dir := t.TempDir()
	texts := make([][]byte, 3)
	var paths []string
	for i := range texts {
		paths = append(paths, filepath.Join(dir, fmt.Sprint("node", i)))
	}
	for i := range records {
		n := rng.IntN(len(texts))
		sources = append(sources, paths[n])
		if rng.IntN(4) == 0 {
			records[i].Source = fmt.Sprint("worker ", rng.IntN(3))
			sources[i] = records[i].Source
		}
		var err error
		texts[n], err = log.AppendRecord(texts[n], &records[i])
		require.NoError(t, err)
	}
	for i, text := range texts {
		require.NoError(t, os.WriteFile(paths[i], text, 0o644))
	}
	slices.Reverse(paths)
	files, err := log.Find(t.Context(), paths, nil)
	require.NoError(t, err)
	return files, sources
}

// plainClass names the class of a record by the letter.
func plainClass(d Dimension, opts *Options, rec log.Record, source string, turn int) string {
	powers := func(n int64) string {
		for first := int64(1); ; first *= 2 {
			switch {
			case n == 0:
				return "0"
			case n == 1:
				return "1"
			case first <= n && n < 2*first:
				return fmt.Sprintf("%d-%d", first, 2*first-1)
			}
		}
	}
	switch d {
	case ByModel:
		return rec.ModelName
	case BySource:
		return source
	case BySalt:
		return rec.CacheSalt
	case ByTurn:
		return powers(int64(turn))
	case ByHour:
		date := time.UnixMilli(int64(math.Floor(rec.Timestamp * 1000)))
		if opts.TimeZone == nil {
			return date.UTC().Format("15")
		}
		return date.In(opts.TimeZone).Format("15")
	}
	if len(opts.LengthClasses) == 0 {
		return powers(rec.SeqLen)
	}
	first := int64(0)
	for _, next := range opts.LengthClasses {
		if rec.SeqLen < next {
			return fmt.Sprintf("%d-%d", first, next-1)
		}
		first = next
	}
	return fmt.Sprintf("%d+", first)
}

// plainTurns returns the turns of requests by the letter.
func plainTurns(records []log.Record, ignoreModel bool) (turns []int) {
	ids := map[string]uint32{}
	var lists [][]uint32
	for _, rec := range records {
		var list []uint32
		for _, hash := range rec.ChunkHashes {
			hash = chunkName(rec, hash, ignoreModel)
			if _, ok := ids[hash]; !ok {
				ids[hash] = uint32(len(ids))
			}
			list = append(list, ids[hash])
		}
		turns = append(turns, plainTurn(list, lists, turns))
		lists = append(lists, list)
	}
	return turns
}

// TestClassesEqualPlainReplay compares every figure of every class, at listed capacities and at those of the table, with a
// plain replay; and the sums of all classes with the whole.
func TestClassesEqualPlainReplay(t *testing.T) {
	t.Parallel()
	watermarks := []*sim.Watermark{nil, nil, {Trigger: 0.8, Ratio: 0.2}}
	for seed := range seeds(24) {
		t.Run(fmt.Sprint(seed), func(t *testing.T) {
			t.Parallel()
			rng := rand.New(rand.NewPCG(seed, 14))
			kind := []string{"equal", "by model", "disagreeing", "unknown"}[seed%4]
			records := randomRecords(rng, kind, 160)
			for i := range records {
				records[i].Timestamp = 400*records[i].Timestamp + float64(i)/1024 + 1711836000 // Berlin loses an hour in this night
			}
			opts := Options{By: Dimensions(), TouchOrder: sim.Order(rng.IntN(2)), IgnoreModel: rng.IntN(2) == 0,
				Capacities: []units.Capacity{units.InChunks(30), {Unit: units.Unlimited}, units.InChunks(7), units.InChunks(30)}}
			opts.Grid = &GridOptions{Points: 12}
			opts.Cache.Watermark = watermarks[seed%3]
			if kind != "unknown" {
				opts.Capacities = append(opts.Capacities, units.InBytes(520))
			}
			if rng.IntN(2) == 0 {
				opts.Cache.StoreDelay = 1000 * time.Second
			}
			if rng.IntN(2) == 0 {
				opts.Cache.TTL = time.Hour
			}
			if rng.IntN(2) == 0 {
				opts.Warmup.Fraction = .3
			}
			if rng.IntN(2) == 0 {
				opts.TimeZone = berlin
			}
			if rng.IntN(2) == 0 {
				opts.LengthClasses = []int64{16, 80, 100, 4096}
			}
			files, sources := findSources(t, rng, records)
			report, err := Run(t.Context(), files, opts)
			require.NoError(t, err)
			compareClasses(t, records, sources, &opts, report)
		})
	}
}

func compareClasses(t *testing.T, records []log.Record, sources []string, opts *Options, report *Report) {
	t.Helper()
	warmup := int(opts.Warmup.Fraction * float64(len(records)))
	turns := plainTurns(records, opts.IgnoreModel)
	table := report.Table.Grid.listed()
	require.Len(t, report.By, len(opts.By))
	for n, d := range report.By {
		require.Equal(t, opts.By[n], d.Dimension)
		of := func(i int) string { return plainClass(d.Dimension, opts, records[i], sources[i], turns[i]) }
		for i, c := range slices.Concat(opts.Capacities, table) {
			want := plainClasses(records, c, opts, warmup, of)
			require.Equal(t, len(want), d.Len(), d.Dimension)
			for class := range d.Len() {
				got := d.Class(class)
				require.Contains(t, want, got.Name)
				p := want[got.Name]
				require.Equal(t, p.total, got.TotalTokens)
				require.Equal(t, p.lookups, got.Requests)
				at := slices.Concat(got.Results, d.Table(class))[i]
				require.Equal(t, p.hits, at.HitTokens, "%s %s at %s", d.Dimension, got.Name, c)
				require.Equal(t, p.miss, at.MissTokens, "%s %s at %s", d.Dimension, got.Name, c)
				require.Equal(t, Rate(p.hits, p.total), at.TokenHitRate)
				if opts.Cache.Watermark == nil && c.Unit == report.Curve.Unit {
					require.Equal(t, []int64{p.hits, *got.CeilingHitTokens}, d.HitTokens(class, []int64{c.N, math.MaxInt64}))
				}
			}
		}
		require.True(t, slices.IsSortedFunc(classNames(d), orderOf(d, records, sources, warmup)), "%s: %v", d.Dimension, classNames(d))
	}
	requireAddUp(t, report)
}

// plainClasses counts each class; lookups are its requests.
func plainClasses(records []log.Record, c units.Capacity, opts *Options, warmup int, of func(i int) string) map[string]*plain {
	out := map[string]*plain{}
	eachPlain(records, c.Limit(), c.Unit, *opts, func(i int, cached, ageless *simtest.Outcome) {
		if i < warmup {
			return
		}
		p := out[of(i)]
		if p == nil {
			p = &plain{modelHits: map[string]int64{}, windowHits: map[float64]int64{}}
			out[of(i)] = p
		}
		requests := p.lookups
		p.count(records[i], cached, ageless, math.Inf(1))
		p.lookups = requests + 1
	})
	if opts.Cache.TTL > 0 {
		for _, p := range out {
			p.miss.Expired = &p.expired
		}
	}
	return out
}

func classNames(d *Division) (names []string) {
	for i := range d.Len() {
		names = append(names, d.Class(i).Name)
	}
	return names
}

// orderOf compares names of classes: numbers and salts rise, models come in the order of the log, and sources in that given, those that
// records name last.
func orderOf(d *Division, records []log.Record, sources []string, warmup int) func(a, b string) int {
	switch d.Dimension {
	case ByModel:
		place := map[string]int{}
		for i, rec := range records {
			if _, ok := place[rec.ModelName]; !ok {
				place[rec.ModelName] = i
			}
		}
		return func(a, b string) int { return cmp.Compare(place[a], place[b]) }
	case BySource:
		place := map[string]int{}
		for i, rec := range records[warmup:] {
			if _, ok := place[rec.Source]; rec.Source != "" && !ok {
				place[rec.Source] = i
			}
		}
		return func(a, b string) int {
			at, named := place[a]
			bt, bothNamed := place[b]
			switch {
			case !named && !bothNamed:
				return cmp.Compare(b, a)
			case !named:
				return -1
			case !bothNamed:
				return 1
			}
			return cmp.Compare(at, bt)
		}
	case BySalt:
		return cmp.Compare[string]
	}
	return func(a, b string) int { return cmp.Compare(lowerBound(a), lowerBound(b)) }
}

// lowerBound reads the number that a name begins with.
func lowerBound(name string) int64 {
	n, err := strconv.ParseInt(strings.Split(strings.TrimSuffix(name, "+"), "-")[0], 10, 64)
	if err != nil {
		panic(err)
	}
	return n
}

// requireAddUp expects the classes of each dimension to add up to the figures of the whole.
func requireAddUp(t *testing.T, r *Report) {
	t.Helper()
	for _, d := range r.By {
		var ceiling int64
		results, table := make([]Figures, len(r.Results)), make([]Figures, len(r.Table.Figures))
		for i := range d.Len() {
			c := d.Class(i)
			ceiling += *c.CeilingHitTokens
			for j, at := range c.Results {
				addUp(&results[j], c, at)
			}
			for j, at := range d.Table(i) {
				addUp(&table[j], c, at)
			}
		}
		require.Equal(t, r.Ceiling.HitTokens, ceiling)
		for j, want := range r.Results {
			require.Equal(t, Figures{HitTokens: want.HitTokens, TotalTokens: want.TotalTokens, Miss: want.MissTokens}, results[j])
		}
		for j, want := range r.Table.Figures {
			require.Equal(t, Figures{HitTokens: want.HitTokens, TotalTokens: want.TotalTokens, Miss: want.Miss}, table[j])
		}
	}
}

func addUp(sum *Figures, c Class, r ClassResult) {
	sum.HitTokens += r.HitTokens
	sum.TotalTokens += c.TotalTokens
	m := &sum.Miss
	m.Tail += r.MissTokens.Tail
	m.Cold += r.MissTokens.Cold
	m.Capacity += r.MissTokens.Capacity
	m.BrokenPrefix += r.MissTokens.BrokenPrefix
	if e := r.MissTokens.Expired; e != nil {
		if m.Expired == nil {
			m.Expired = new(int64)
		}
		*m.Expired += *e
	}
}

// TestClassNames has the bounds of all classes.
func TestClassNames(t *testing.T) {
	length := newDimension(ByLength, &Options{}, nil)
	bounded := newDimension(ByLength, &Options{LengthClasses: []int64{1, 4096, 4097}}, nil)
	for _, tt := range []struct {
		tokens          int64
		powers, bounded string
	}{
		{0, "0", "0"}, {1, "1", "1-4095"}, {2, "2-3", "1-4095"}, {3, "2-3", "1-4095"}, {4, "4-7", "1-4095"},
		{4095, "2048-4095", "1-4095"}, {4096, "4096-8191", "4096"}, {4097, "4096-8191", "4097+"},
		{1<<62 - 1, "2305843009213693952-4611686018427387903", "4097+"}, {math.MaxInt64, "4611686018427387904+", "4097+"},
	} {
		q := &request{tokens: tokens{1, tt.tokens}}
		require.Equal(t, tt.powers, length.name(length.of(q)), tt.tokens)
		require.Equal(t, tt.bounded, bounded.name(bounded.of(q)), tt.tokens)
	}
	turn := newDimension(ByTurn, &Options{}, nil)
	for n, want := range []string{"0", "1", "2-3", "2-3", "4-7", "4-7", "4-7", "4-7", "8-15"} {
		require.Equal(t, want, turn.name(turn.of(&request{turn: n})))
	}
}

// TestHours has hours around the beginning and the end of summer time, in zones of all kinds, and times outside the calendar.
func TestHours(t *testing.T) {
	for _, tt := range []struct {
		zone, time string
		want       string
	}{
		{"UTC", "2024-03-31T00:59:59.999999Z", "00"},
		{"Europe/Berlin", "2024-03-31T00:59:59.9Z", "01"},
		{"Europe/Berlin", "2024-03-31T01:00:00Z", "03"},
		{"Europe/Berlin", "2024-10-27T00:30:00Z", "02"},
		{"Europe/Berlin", "2024-10-27T01:30:00Z", "02"},
		{"Asia/Kolkata", "2024-06-01T18:29:59Z", "23"},
		{"Asia/Kolkata", "2024-06-01T18:30:00Z", "00"},
		{"America/New_York", "1969-12-31T23:59:59Z", "18"},
	} {
		zone, err := ParseTimeZone(tt.zone)
		require.NoError(t, err)
		at, err := time.Parse(time.RFC3339Nano, tt.time)
		require.NoError(t, err)
		d := newDimension(ByHour, &Options{TimeZone: zone}, nil)
		require.Equal(t, tt.want, d.name(d.of(&request{time: float64(at.UnixNano()) / 1e9})), tt)
	}
	d := newDimension(ByHour, &Options{}, nil)
	for _, far := range []float64{-1e300, 1e18, 1e300} {
		require.Equal(t, "unknown", d.name(d.of(&request{time: far})))
	}
}

func TestParseBy(t *testing.T) {
	for _, d := range Dimensions() {
		got, err := ParseDimension(string(d))
		require.NoError(t, err)
		require.Equal(t, d, got)
	}
	_, err := ParseDimension("Length")
	require.EqualError(t, err, `dimension "Length": must be length, model, source, hour, turn or salt`)
	for _, name := range []string{"", "Local", "Europe/Berln", "../etc/passwd", "cet "} {
		_, err := ParseTimeZone(name)
		require.ErrorContains(t, err, "is not known: must be a name of the IANA database", name)
	}
	for _, text := range []string{"", "0", "-1", "4k", "1.5", "9223372036854775808"} {
		_, err := ParseLengthClass(text)
		require.ErrorContains(t, err, "is not a whole number of tokens above zero", text)
	}
	for want, opts := range map[string]Options{
		`dimension "age": must be`:             {By: []Dimension{"age"}},
		"length class from 5 tokens on after":  {By: []Dimension{ByLength}, LengthClasses: []int64{5, 5}},
		"length classes need the dimension":    {By: []Dimension{ByModel}, LengthClasses: []int64{5}},
		"a time zone needs the dimension hour": {By: []Dimension{ByModel}, TimeZone: berlin},
		"length class from 0 tokens on after":  {By: []Dimension{ByLength}, LengthClasses: []int64{0}},
	} {
		require.ErrorContains(t, opts.Check(), want)
	}
}

// TestByCSV pins the rows of two models, one with a hostile name, and their estimated size.
func TestByCSV(t *testing.T) {
	var records []log.Record
	for i := range 4 {
		records = append(records, log.Record{Timestamp: float64(i), ModelName: []string{"=1+1", "b,\"c\""}[i%2], ChunkSize: 10, SeqLen: 25,
			DTypes: []string{"int8"}, Shapes: [][]int64{{64}}, ChunkHashes: []string{"0x1", "0x2"}})
	}
	report := runLog(t, records, Options{By: []Dimension{ByModel, ByLength}, Grid: &GridOptions{From: units.InChunks(1), To: units.InChunks(4), Points: 2}})
	var text strings.Builder
	require.NoError(t, WriteByCSV(&text, report))
	require.Equal(t, `dimension,class,capacity_bytes,capacity_chunks,requests,hit_tokens,total_tokens,token_hit_rate,ceiling_hit_tokens,tail_tokens,cold_tokens,capacity_miss_tokens,broken_prefix_tokens,capacity_label
model,'=1+1,64,1,2,0,50,0,20,10,20,20,0,64 B
model,'=1+1,256,4,2,20,50,0.4,20,10,20,0,0,256 B
model,"b,""c""",64,1,2,0,50,0,20,10,20,20,0,64 B
model,"b,""c""",256,4,2,20,50,0.4,20,10,20,0,0,256 B
length,16-31,64,1,4,0,100,0,40,20,40,40,0,64 B
length,16-31,256,4,4,40,100,0.4,40,20,40,0,0,256 B
`, text.String())
	rows, bytes := ByCSVSize(report)
	require.EqualValues(t, 6, rows)
	require.InDelta(t, text.Len()-strings.IndexByte(text.String(), '\n')-1, bytes, 10)
}

// TestManyClasses has as many models as are never held at once: they are computed on demand, and written one at a time.
func TestManyClasses(t *testing.T) {
	var records []log.Record
	for i := range 3000 {
		records = append(records, log.Record{Timestamp: float64(i), ModelName: fmt.Sprint("m", i%1000), ChunkSize: 10, SeqLen: int64(10 + i%1000),
			ChunkHashes: []string{"0x1"}})
	}
	report := runLog(t, records, Options{By: []Dimension{ByModel}, Capacities: []units.Capacity{units.InChunks(2000)}})
	models := report.By[0]
	require.Equal(t, 1000, models.Len())
	require.Equal(t, []int{999, 998, 997}, models.Largest(3))
	require.Equal(t, []int{0, 1, 2}, models.Largest(1000)[:3])
	var text strings.Builder
	require.NoError(t, WriteJSON(&text, report))
	whole, err := asJSON(report, "", "  ")
	require.NoError(t, err)
	require.Equal(t, string(whole)+"\n", text.String())
	var again Report
	require.NoError(t, json.Unmarshal(whole, &again))
	require.Equal(t, 1000, again.By[0].Len())
	require.Equal(t, models.Class(999), again.By[0].Class(999))
	var parsed struct{ By []map[string]any }
	require.NoError(t, json.Unmarshal([]byte(text.String()), &parsed))
	require.Len(t, parsed.By, 1000)
	require.Equal(t, map[string]any{"dimension": "model", "class": "m7", "requests": 3.0, "total_tokens": 51.0, "ceiling_hit_tokens": 20.0,
		"results": []any{map[string]any{"capacity_bytes": nil, "capacity_chunks": 2000.0, "hit_tokens": 20.0, "token_hit_rate": 20.0 / 51,
			"miss_tokens": map[string]any{"tail": 21.0, "cold": 10.0, "capacity": 0.0, "broken_prefix": 0.0}}}}, parsed.By[7])
	require.Equal(t, []string{"assumptions", "by", "ceiling", "input", "knee", "notes", "results", "settings", "targets"}, keysOf(t, whole))
	require.NotContains(t, keysOf(t, []byte(everything(t, runLog(t, records[:5], Options{})))), "by")
}

func keysOf(t *testing.T, text []byte) []string {
	t.Helper()
	var object map[string]any
	require.NoError(t, json.NewDecoder(strings.NewReader(string(text))).Decode(&object))
	return slices.Sorted(maps.Keys(object))
}
