package analyze

import (
	"bytes"
	"encoding/binary"
	"maps"
	"math/rand/v2"
	"runtime"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"hashlog/analyze/internal/histogram"
	"hashlog/analyze/internal/section"
	"hashlog/analyze/units"
	"hashlog/sim"
)

// smallFile is the file of a small summary, and one that it can be joined with.
type smallFile struct {
	file   []byte
	before []byte // of the part before, of the same settings
}

// smallSummaries returns files of small summaries of many kinds: open, closed, beside one another, of nothing.
func smallSummaries(t testing.TB) (files []smallFile) {
	rng := rand.New(rand.NewPCG(1, 1))
	options := summaryOptions()
	for _, name := range slices.Sorted(maps.Keys(options)) {
		opts := Options{Rolling: &RollingOptions{Window: time.Minute}, Capacities: []units.Capacity{units.InChunks(20)}}
		if options[name](&opts); opts.Tiers != nil {
			opts.Tiers.Window = opts.Rolling.Window
		}
		records := randomRecords(rng, "by model", 24)
		if opts.Warmup.Until != nil {
			opts.Warmup.Until = &records[12].Timestamp
		}
		log := findLog(t, records)
		parts := func() []*Summary {
			return partsOf(t, log, opts, []float64{records[12].Timestamp, records[23].Timestamp + 1})
		}
		add := func(change func(part *Summary)) {
			p := parts()
			change(p[1])
			files = append(files, smallFile{encodedSummary(t, p[1]), encodedSummary(t, p[0])})
		}
		add(func(*Summary) {})
		add(func(part *Summary) { require.NoError(t, part.close()) })
		add(func(part *Summary) {
			require.NoError(t, part.standAlone())
			part.caches = 2
		})
		p := parts()
		require.NoError(t, p[0].Then(p[1]))
		files = append(files, smallFile{encodedSummary(t, p[2]), encodedSummary(t, p[0])})
	}
	return files
}

// TestSmallSummaries requires that summaries of the damage tests can be used as these tests use them, as long as they are whole.
func TestSmallSummaries(t *testing.T) {
	joined := 0
	for _, f := range smallSummaries(t) {
		if thenFile(t, f.before, f.file) {
			joined++
		}
		require.True(t, useSummary(t, f))
	}
	require.Equal(t, 2*len(summaryOptions()), joined) // the open ones
}

// TestSummaryDamage flips each bit of a small summary and cuts it at each length: each is refused, with the place of the damage.
func TestSummaryDamage(t *testing.T) {
	t.Parallel()
	refused := func(file []byte) {
		_, err := ReadSummary(bytes.NewReader(file))
		var e *section.Error
		require.ErrorAs(t, err, &e)
		require.LessOrEqual(t, e.Byte, int64(len(file)))
	}
	file := smallSummaries(t)[0].file
	for i := range file {
		refused(file[:i])
		damaged := bytes.Clone(file)
		damaged[i] ^= 1 << (i % 8)
		refused(damaged)
	}
	refused(append(file, 0))
}

// TestJoinOfDamagedFiles joins files that are whole, but for a key that is there twice, or the times of the stack.
func TestJoinOfDamagedFiles(t *testing.T) {
	t.Parallel()
	for i, f := range smallSummaries(t) {
		if i%4 > 0 {
			continue // not open, or empty
		}
		sections := sectionsOf(f.file)
		for k := range sections {
			if s := &sections[k]; s.tag == keysTag {
				require.Greater(t, len(s.payload), 24)
				keys := s.payload
				s.payload = slices.Concat(keys[:16], keys[:8], keys[24:])
				requireRefused(t, f.before, resealed(sections), "a key is there twice")
				s.payload = keys
			}
		}
		before := readSummary(t, f.before)
		before.replay.told = 1e9
		late, err := OpenSummary(bytes.NewReader(f.file))
		require.NoError(t, err)
		err = before.ThenFile(late)
		if o := late.opts; o.Cache.TTL > 0 || o.TTLs != nil {
			require.ErrorContains(t, err, "when others were touched before")
		} else {
			require.NoError(t, err)
		}
	}
}

// requireRefused joins files, and requires an error that names a byte.
func requireRefused(t *testing.T, before, file []byte, text string) {
	t.Helper()
	f, err := OpenSummary(bytes.NewReader(file))
	require.NoError(t, err)
	err = readSummary(t, before).ThenFile(f)
	var e *section.Error
	require.ErrorAs(t, err, &e)
	require.ErrorContains(t, err, text)
}

func readSummary(t *testing.T, file []byte) *Summary {
	t.Helper()
	s, err := ReadSummary(bytes.NewReader(file))
	require.NoError(t, err)
	return s
}

// TestSummaryOfDamagedSections changes each fifth byte within sections, with checksums that are right: whatever can still be read is used like any
// other summary.
func TestSummaryOfDamagedSections(t *testing.T) {
	t.Parallel()
	for _, f := range smallSummaries(t) {
		sections := sectionsOf(f.file)
		for i := range sections {
			whole := sections[i].payload
			for at := range whole {
				every := 11
				if raceDetector {
					every = 37
				}
				if sections[i].tag == headTag && at%(8*every) > 0 || at%every > 0 { // most of the head is text
					continue
				}
				sections[i].payload = bytes.Clone(whole)
				sections[i].payload[at] ^= []byte{1, 0x7f, 0x80}[at/5%3]
				damaged := smallFile{resealed(sections), f.before}
				thenFile(t, damaged.before, damaged.file)
				useSummary(t, damaged)
			}
			sections[i].payload = whole
		}
	}
}

// useSummary reads a file and, if that succeeds, uses the summary in every way. Errors are fine.
func useSummary(t testing.TB, f smallFile) bool {
	s, err := ReadSummary(bytes.NewReader(f.file))
	if err != nil {
		return false
	}
	require.NoError(t, s.Encode(&bytes.Buffer{}))
	opts, err := s.Settings().Options()
	require.NoError(t, err)
	opts.Grid = &GridOptions{}
	besides, err := ReadSummary(bytes.NewReader(f.file))
	require.NoError(t, err)
	if other, err := ReadSummary(bytes.NewReader(f.before)); err == nil && besides.Beside(other) == nil {
		_, _ = besides.Report(*opts)
	}
	_, err = s.Report(*opts)
	return err == nil || s.Requests() == 0
}

// thenFile joins two files, block by block, and uses what comes of it. It reports whether that succeeds.
func thenFile(t testing.TB, before, file []byte) bool {
	s, err := ReadSummary(bytes.NewReader(before))
	require.NoError(t, err)
	f, err := OpenSummary(bytes.NewReader(file))
	if err != nil || s.ThenFile(f) != nil {
		return false
	}
	require.NoError(t, s.Encode(&bytes.Buffer{}))
	opts, err := s.Settings().Options()
	require.NoError(t, err)
	opts.Grid = &GridOptions{}
	_, _ = s.Report(*opts)
	return true
}

// FuzzReadSummary reads sections of any content, with right checksums.
func FuzzReadSummary(f *testing.F) {
	files := smallSummaries(f)
	for i, file := range files {
		f.Add(uint(i), resealed(sectionsOf(file.file)))
	}
	f.Fuzz(func(t *testing.T, before uint, file []byte) {
		_, _ = ReadSummary(bytes.NewReader(file)) // mostly damaged
		damaged := smallFile{resealed(sectionsOf(file)), files[before%uint(len(files))].before}
		thenFile(t, damaged.before, damaged.file)
		useSummary(t, damaged)
	})
}

// TestSummaryMemory reads files that claim much more than they have.
func TestSummaryMemory(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	requests, _ := randomRequests(r, 1)
	many := requests[0]
	many.runs = make([]sim.Run, 200_000)
	for i := range many.runs {
		many.runs[i] = alikeRun(1, neverRun, 1, many.size)
	}
	many.ages, many.rows, many.brings = nil, []sim.Row{{N: len(many.runs)}}, len(many.runs)
	var list requestList
	list.add(&many)
	sections := sectionsOf(smallSummaries(t)[0].file)
	for i := range sections {
		if sections[i].tag == reqsTag {
			var out bytes.Buffer
			w := section.NewWriter(&out)
			w.Begin(reqsTag, true)
			w.Blob(list.pages[0].data)
			require.NoError(t, w.Close())
			sections[i] = sectionsOf(out.Bytes())[0]
		}
	}
	file := resealed(sections)
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	_, err := ReadSummary(bytes.NewReader(file))
	runtime.ReadMemStats(&after)
	require.Error(t, err)
	require.Less(t, after.TotalAlloc-before.TotalAlloc, uint64(500*len(file)+8<<20))
}

// TestBesideMemory reads files of caches beside one another, which have no keys, with hits that would take much memory: deeper than any cache is,
// and each on a page of its own.
func TestBesideMemory(t *testing.T) {
	far := []histogram.Change{{Depth: 1, By: 1}, {Depth: 2, By: -1}, {Depth: histogram.MaxDepth - 1, By: 1}, {Depth: histogram.MaxDepth, By: -1}}
	var apart []histogram.Change
	for depth := int64(512); depth < 1<<27; depth += 512 {
		apart = append(apart, histogram.Change{Depth: depth, By: 1}, histogram.Change{Depth: depth + 1, By: -1})
	}
	beside := smallSummaries(t)[2].file
	for _, test := range []struct {
		changes []histogram.Change
		refused bool
	}{{far[:2], false}, {apart[:1000], false}, {far, true}, {apart, true}} {
		s := readSummary(t, beside)
		require.Greater(t, s.caches, 1)
		s.replay.beside.seen.chunks = histogram.MaxDepth
		sums := s.replay.sums
		sums.tally.totals.touches, sums.input.sum.ChunkLookups = 1<<20, 1<<20
		sums.tally.sizes, sums.writes.sizes, sums.writes.hits = sizes{}, sizes{}, nil
		sums.all[slices.Index(sums.all, counter(sums.tally))] = &tallyWithHits{sums.tally, test.changes}
		file := encodedSummary(t, s)
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		_, err := ReadSummary(bytes.NewReader(file))
		if runtime.ReadMemStats(&after); !test.refused {
			require.NoError(t, err)
			continue
		}
		require.ErrorContains(t, err, "bytes of memory")
		require.Less(t, after.TotalAlloc-before.TotalAlloc, uint64(3000*len(file)+8<<20))
	}
}

// tallyWithHits is saved with other chunk hits than it has, and with no others.
type tallyWithHits struct {
	*tally
	changes []histogram.Change
}

func (y *tallyWithHits) save(w *section.Writer) {
	y.sizes.save(w)
	y.totals.save(w)
	for what := range y.chunks.Len() {
		if quantity(what) != chunkHits {
			saveCounts(w, 0, 1)
			continue
		}
		saveCounts(w, int64(len(y.changes)), 1)
		at := int64(0)
		for _, c := range y.changes {
			saveCounts(w, c.Depth-at)
			w.Int(c.By)
			at = c.Depth
		}
	}
}

// TestSummaryOfHugeChunks reads and joins chunks that have more bytes together than a number can count, alone and beside smaller ones.
func TestSummaryOfHugeChunks(t *testing.T) {
	const huge = 1 << 62
	for _, f := range smallSummaries(t) {
		sections := sectionsOf(f.file)
		for i := range sections {
			if sections[i].tag != moreTag {
				continue
			}
			whole := sections[i].payload
			n := len(sections[i-1].payload) / 8
			for _, sizes := range []sizeRuns{{{n, huge}}, {{n - 1, 100}, {n, huge}}, {{1, huge}, {n, 100}}, {{1, 0}, {n, huge}}, {{n - 1, huge}, {n, 0}}} {
				sections[i].payload = nil
				first := 0
				for _, run := range sizes {
					sections[i].payload = binary.AppendUvarint(binary.AppendUvarint(sections[i].payload, uint64(run.end-first)), uint64(run.size))
					first = run.end
				}
				damaged := smallFile{resealed(sections), f.before}
				thenFile(t, damaged.before, damaged.file)
				useSummary(t, damaged)
			}
			sections[i].payload = whole
		}
	}
}

// TestImpossibleRequests changes a deferred request of a file to one that cannot be there.
func TestImpossibleRequests(t *testing.T) {
	known := func(q *deferredRequest) int {
		return slices.IndexFunc(q.runs, func(r sim.Run) bool { return r.Need.Chunks != sim.Never })
	}
	changes := map[string]func(s *Summary, q *deferredRequest){
		"nothing": func(*Summary, *deferredRequest) {},
		"depth": func(_ *Summary, q *deferredRequest) {
			r := &q.runs[known(q)]
			*r = alikeRun(r.N, kindOf(*r), 1<<20, r.Size)
		},
		"expired":  func(_ *Summary, q *deferredRequest) { q.runs[known(q)].Expired = true },
		"refused":  func(_ *Summary, q *deferredRequest) { q.runs[known(q)].Refused = true },
		"too late": func(s *Summary, q *deferredRequest) { q.now = s.replay.told + 1 },
		"model":    func(s *Summary, q *deferredRequest) { q.model = int32(len(s.replay.sums.names.list)) },
		"arg":      func(s *Summary, q *deferredRequest) { q.arg = int32(max(len(s.replay.deferred.names.args.list), 1)) },
		"salt":     func(s *Summary, q *deferredRequest) { q.salt = int32(max(len(s.replay.deferred.names.salts.list), 1)) },
		"tokens":   func(s *Summary, q *deferredRequest) { q.seqLen = s.replay.sums.input.sum.TotalTokens + 1 },
		"ages":     func(_ *Summary, q *deferredRequest) { q.ages = []sim.MaxAge{{N: 1}} },
		"too many keys": func(_ *Summary, q *deferredRequest) {
			q.runs[slices.IndexFunc(q.runs, isNever)].N++
			q.rows[len(q.rows)-1].N++
			q.brings++
		},
	}
	tried := 0
	for i, f := range smallSummaries(t) {
		s := readSummary(t, f.file)
		if i%4 > 0 || s.opts.Cache.TTL > 0 || s.opts.TTLs != nil {
			continue // not open, or empty, or with ages
		}
		last := -1 // request with chunks that are known
		n := 0
		for q := range s.replay.deferred.requests.all() {
			if known(q) >= 0 && q.counted {
				last = n
			}
			n++
		}
		for name, change := range changes {
			if last < 0 || name == "too many keys" && last < n-1 {
				continue
			}
			var list requestList
			n = 0
			for q := range s.replay.deferred.requests.all() {
				if n == last {
					change(s, q)
				}
				list.add(q)
				n++
			}
			sections := sectionsOf(f.file)
			at := slices.IndexFunc(sections, func(s plainSection) bool { return s.tag == reqsTag })
			sections[at].payload = append(binary.AppendUvarint(nil, uint64(len(list.pages[0].data))), list.pages[0].data...)
			_, err := ReadSummary(bytes.NewReader(resealed(sections)))
			if name == "nothing" {
				require.NoError(t, err)
				continue
			}
			tried++
			require.ErrorContains(t, err, "refers to what is not there", name)
		}
	}
	require.Greater(t, tried, 10)
}

func isNever(r sim.Run) bool { return r.Need.Chunks == sim.Never }
