package analyze

import (
	"bytes"
	"math/rand/v2"
	"runtime"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"hashlog/analyze/internal/section"
	"hashlog/analyze/units"
	"hashlog/sim"
)

// smallSummaries returns files of small summaries of many kinds: open, closed, beside one another, of nothing.
func smallSummaries(t testing.TB) (files [][]byte) {
	rng := rand.New(rand.NewPCG(1, 1))
	for _, change := range summaryOptions() {
		opts := Options{Rolling: &RollingOptions{Window: time.Minute}, Capacities: []units.Capacity{units.InChunks(20)}}
		if change(&opts); opts.Tiers != nil {
			opts.Tiers.Window = opts.Rolling.Window
		}
		log := findLog(t, randomRecords(rng, "by model", 12))
		part := func() *Summary {
			s, err := Summarize(t.Context(), log, opts)
			require.NoError(t, err)
			return s
		}
		files = append(files, encodedSummary(t, part()))
		closed := part()
		require.NoError(t, closed.close())
		files = append(files, encodedSummary(t, closed))
		require.NoError(t, closed.standAlone())
		closed.caches = 2
		files = append(files, encodedSummary(t, closed))
		opts.Until = new(float64)
		files = append(files, encodedSummary(t, part()))
	}
	return files
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
	file := smallSummaries(t)[0]
	for i := range file {
		refused(file[:i])
		damaged := bytes.Clone(file)
		damaged[i] ^= 1 << (i % 8)
		refused(damaged)
	}
	refused(append(file, 0))
}

// TestSummaryOfDamagedSections changes bytes within sections, with checksums that are right: whatever can still be read is used like any
// other summary.
func TestSummaryOfDamagedSections(t *testing.T) {
	t.Parallel()
	for _, file := range smallSummaries(t) {
		sections := sectionsOf(file)
		for i := range sections {
			whole := sections[i].payload
			for at := range whole {
				if sections[i].tag == headTag && at%8 > 0 { // most of it is text
					continue
				}
				sections[i].payload = bytes.Clone(whole)
				sections[i].payload[at] ^= []byte{1, 0x7f, 0x80}[at/8%3]
				useSummary(t, resealed(sections), file)
			}
			sections[i].payload = whole
		}
	}
}

// useSummary reads a file and, if that succeeds, uses the summary in every way. Errors are fine. behind is the file of a sound summary.
func useSummary(t testing.TB, file, behind []byte) {
	s, err := ReadSummary(bytes.NewReader(file))
	if err != nil {
		return
	}
	require.NoError(t, s.Encode(&bytes.Buffer{}))
	first, err := ReadSummary(bytes.NewReader(behind))
	require.NoError(t, err)
	f, err := OpenSummary(bytes.NewReader(file))
	require.NoError(t, err)
	_ = first.ThenFile(f)
	opts, err := s.Settings().Options()
	require.NoError(t, err)
	opts.Grid = &GridOptions{}
	_, _ = s.Report(*opts)
}

// FuzzReadSummary reads sections of any content, with right checksums.
func FuzzReadSummary(f *testing.F) {
	files := smallSummaries(f)
	for _, file := range files {
		f.Add(resealed(sectionsOf(file)))
	}
	f.Fuzz(func(t *testing.T, file []byte) {
		_, _ = ReadSummary(bytes.NewReader(file)) // mostly damaged
		useSummary(t, resealed(sectionsOf(file)), files[0])
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
	sections := sectionsOf(smallSummaries(t)[0])
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
