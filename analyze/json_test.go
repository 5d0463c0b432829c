package analyze

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"hashlog/analyze/units"
	"hashlog/log"
)

// manyModels are requests of so many models that their figures at 300 capacities aren't stored, in some thousand windows.
func manyModels() (records []log.Record, capacities []units.Capacity) {
	for i := range 4000 {
		records = append(records, log.Record{Timestamp: float64(i), ModelName: fmt.Sprintf("m<%d>\u2028", i%400), ChunkSize: 1, SeqLen: 3,
			ChunkHashes: []string{fmt.Sprint(i % 7), fmt.Sprint(i % 13)}})
	}
	for n := range 300 {
		capacities = append(capacities, units.InChunks(int64(n+1)))
	}
	return records, append(capacities, units.Capacity{Unit: units.Unlimited})
}

// encoded returns the standard library's encoding of a report.
func encoded(t *testing.T, r *Report) string {
	var want bytes.Buffer
	enc := json.NewEncoder(&want)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "  ")
	require.NoError(t, enc.Encode(r))
	return want.String()
}

// held returns a report with all figures filled in.
func held(r *Report) *Report {
	out := *r
	out.Results = nil
	for i := range r.Results {
		full := r.Results[i]
		full.Models, full.models = nil, nil
		for m := range r.Results[i].ModelCount() {
			full.Models = append(full.Models, r.Results[i].Model(m))
		}
		out.Results = append(out.Results, full)
	}
	return &out
}

// TestManyModels asks for the figures of more models and capacities than are stored. They equal those of replays for one
// capacity each, and the JSON is the same as if they were stored.
func TestManyModels(t *testing.T) {
	records, capacities := manyModels()
	report := runLog(t, records, Options{Capacities: capacities})
	for _, i := range []int{0, 17, 299, 300} {
		require.Nil(t, report.Results[i].Models)
		one := runLog(t, records, Options{Capacities: capacities[i : i+1]})
		require.Len(t, one.Results[0].Models, 400)
		for m, want := range one.Results[0].Models {
			require.Equal(t, want, report.Results[i].Model(m))
		}
	}
	want, err := json.Marshal(held(report))
	require.NoError(t, err)
	got, err := json.Marshal(report)
	require.NoError(t, err)
	require.True(t, bytes.Equal(want, got))
	var streamed bytes.Buffer
	require.NoError(t, WriteJSON(&streamed, report))
	require.True(t, encoded(t, held(report)) == streamed.String())
}

func TestWriteJSON(t *testing.T) {
	records, _ := manyModels()
	records[0].ModelName = "\n      \"models\": []\n  \"results\": []<&>"
	for name, opts := range map[string]Options{
		"nothing asked for": {},
		"one capacity":      {Capacities: []units.Capacity{units.InChunks(5)}},
		"all":               {Capacities: []units.Capacity{units.InChunks(5), {Unit: units.Unlimited}}, Tiers: &TierOptions{Tiers: []Tier{{Name: "a", Capacity: units.InChunks(3)}}}},
	} {
		t.Run(name, func(t *testing.T) {
			report := runLog(t, records[:100], opts)
			var got bytes.Buffer
			require.NoError(t, WriteJSON(&got, report))
			require.Equal(t, encoded(t, report), got.String())
		})
	}
	var got bytes.Buffer
	require.NoError(t, WriteJSON(&got, &Report{Results: []Result{{}}}))
	require.Equal(t, encoded(t, &Report{Results: []Result{{}}}), got.String())
}

// short fails after some bytes, and counts later writes.
type short struct{ room, after int }

var errShort = errors.New("no room")

func (s *short) Write(p []byte) (int, error) {
	if s.room -= len(p); s.room >= 0 {
		return len(p), nil
	}
	s.after++
	return 0, errShort
}

// TestWritersStop checks that writers of long output stop at the first error.
func TestWritersStop(t *testing.T) {
	records, capacities := manyModels()
	report := runLog(t, records, Options{Capacities: capacities, Rolling: &RollingOptions{Window: time.Second, Capacities: capacities}, Grid: &GridOptions{}})
	out := &short{room: 100_000}
	require.ErrorIs(t, WriteJSON(out, report), errShort)
	require.Equal(t, 1, out.after)
	out = &short{room: 100_000}
	require.ErrorIs(t, WriteRollingCSV(out, report.Rolling), errShort)
	require.Equal(t, 1, out.after)
}

// TestManyWindows asks for more windows and lines than are stored: the rows equal those of replays for one line each.
func TestManyWindows(t *testing.T) {
	records, capacities := manyModels()
	rolling := func(lines ...units.Capacity) *Report {
		return runLog(t, records, Options{Rolling: &RollingOptions{Window: time.Second, Capacities: lines}})
	}
	all := rolling(capacities...)
	require.Len(t, all.Rolling.Windows, 4000)
	require.Nil(t, all.Rolling.Windows[0].HitTokens)
	var buf []int64
	for _, line := range []int{0, 17, 300} {
		one := rolling(capacities[line])
		for i := range one.Rolling.Windows {
			buf = all.Rolling.Windows[i].Hits(buf)
			require.Equal(t, one.Rolling.Windows[i].HitTokens[0], buf[line])
			require.Equal(t, one.Rolling.Windows[i].HitTokens, one.Rolling.Windows[i].Hits(nil))
		}
	}
	var written byteCount
	require.NoError(t, WriteRollingCSV(&written, all.Rolling))
	rows, bytes := RollingCSVSize(all.Rolling)
	require.EqualValues(t, 4000*301, rows)
	require.InEpsilon(t, int64(written), bytes, .2)
	rows, bytes = RollingCSVSize(&Rolling{})
	require.Zero(t, rows+bytes)
}
