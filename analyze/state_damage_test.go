package analyze

import (
	"bytes"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"hashlog/analyze/internal/section"
	"hashlog/analyze/units"
	"hashlog/log"
)

// smallStates returns files of small states of many kinds.
func smallStates(t testing.TB) (files [][]byte) {
	rng := rand.New(rand.NewPCG(1, 3))
	for _, change := range stateOptions() {
		opts := Options{Rolling: &RollingOptions{Window: time.Minute}, Capacities: []units.Capacity{units.InChunks(20)}}
		if change(&opts); !opts.bounded() {
			opts.Capacities = append(opts.Capacities, units.InBytes(150))
		}
		if opts.Tiers != nil {
			opts.Tiers.Window = time.Minute
		}
		state, err := NewState(opts)
		require.NoError(t, err)
		require.NoError(t, state.Continue(t.Context(), findLog(t, randomRecords(rng, "by model", 14)), opts))
		files = append(files, encodedSummary(t, state))
	}
	return files
}

// TestStateDamage flips a bit of each byte of a small state and cuts it at each length: each is refused.
func TestStateDamage(t *testing.T) {
	t.Parallel()
	refused := func(file []byte) {
		_, err := ReadSummary(bytes.NewReader(file))
		var e *section.Error
		require.ErrorAs(t, err, &e)
	}
	file := smallStates(t)[0]
	for i := range file {
		refused(file[:i])
		damaged := bytes.Clone(file)
		damaged[i] ^= 1 << (i % 8)
		refused(damaged)
	}
}

// TestStateOfDamagedSections changes bytes within sections, with checksums that are right: whatever can still be read is continued and
// reported.
func TestStateOfDamagedSections(t *testing.T) {
	t.Parallel()
	later := laterLog(t)
	for _, file := range smallStates(t) {
		sections := sectionsOf(file)
		for i := range sections {
			whole := sections[i].payload
			if strings.ToUpper(sections[i].tag) == sections[i].tag { // counters are as those of any summary
				continue
			}
			for at := range whole {
				if sections[i].tag == headTag && at%16 > 0 || sections[i].tag == keysTag && at%8 > 0 || raceDetector && at%5 > 0 { // most of it is text
					continue
				}
				sections[i].payload = bytes.Clone(whole)
				sections[i].payload[at] ^= []byte{1, 0x7f, 0x80}[at/8%3]
				continueState(t, resealed(sections), later)
			}
			sections[i].payload = whole
		}
	}
}

// laterLog returns records that come behind some of those of smallStates.
func laterLog(t testing.TB) *log.Files {
	records := randomRecords(rand.New(rand.NewPCG(1, 4)), "by model", 30)
	for i := range records {
		records[i].Timestamp += 20
	}
	return findLog(t, records)
}

// continueState reads a file and, if it is a state, continues it. Errors are fine.
func continueState(t testing.TB, file []byte, later *log.Files) {
	s, err := ReadSummary(bytes.NewReader(file))
	if err != nil || !s.IsState() {
		return
	}
	opts, err := s.Settings().Options()
	require.NoError(t, err)
	if err := s.Continue(t.Context(), later, *opts); err != nil {
		return
	}
	require.NoError(t, s.Encode(&bytes.Buffer{}))
	_, _ = s.Report(*opts)
}

// FuzzContinue continues states whose sections have any content, with right checksums.
func FuzzContinue(f *testing.F) {
	for _, file := range smallStates(f) {
		f.Add(resealed(sectionsOf(file)))
	}
	later := laterLog(f)
	f.Fuzz(func(t *testing.T, file []byte) { continueState(t, resealed(sectionsOf(file)), later) })
}
