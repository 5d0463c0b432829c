package reconcile

import (
	"bytes"
	"context"
	"math"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"hashlog/analyze"
	"hashlog/analyze/reconcile/measured"
	"hashlog/analyze/units"
)

func TestJoinsAdjacentWindows(t *testing.T) {
	w := func(start, end, hits float64) measured.Window {
		return measured.Window{Start: start, End: end, HitTokens: hits, RequestedTokens: 2 * hits}
	}
	each := []measured.Window{w(0, 15, 1), w(15, 30, 2), w(30, 45, 4), w(45, 60, 8), w(75, 90, 16), w(90, 105, 32)}
	require.Equal(t, each, joined(each, time.Second), "none is split")
	require.Equal(t, []measured.Window{w(0, 30, 3), w(30, 60, 12), w(75, 90, 16), w(90, 105, 32)}, joined(each, 30*time.Second))
	require.Equal(t, []measured.Window{w(0, 60, 15), w(75, 105, 48)}, joined(each, time.Minute), "a gap is not joined over")
	var day []measured.Window
	for i := range 24 * 240 {
		day = append(day, w(float64(15*i), float64(15*i+15), 1))
	}
	joint := joined(day, 0)
	require.Len(t, joint, 96, "quarters of an hour")
	require.Equal(t, w(0, 900, 60), joint[0])
}

func TestChoosesWindows(t *testing.T) {
	period := units.Period{First: 100, Last: 400}
	var windows []measured.Window
	for _, s := range []span{{0, 100}, {50, 150}, {95, 195}, {200, 300}, {300, 310}, {310, 320}, {350, 450}, {450, 500}} {
		windows = append(windows, measured.Window{Start: s.start, End: s.end, HitTokens: 1, RequestedTokens: 2})
	}
	windows[4].RequestedTokens = 0
	log := make([]volume, len(windows))
	for i := range log {
		log[i].tokens = 1
	}
	log[5].tokens = 0
	chosen, left := choose(windows, log, period, false)
	require.Equal(t, []int{2, 3}, chosen)
	require.Equal(t, leftOut{outside: 2, cut: 2, unasked: 1, unlogged: 1}, left)
	require.Equal(t, "2 measured windows left out: outside of the counted part of the log", left.reasons()[0])
}

func TestNoOverlap(t *testing.T) {
	files := writeLog(t, traffic(t)[:50])
	series := &measured.Series{Windows: []measured.Window{{Start: 0, End: 60, HitTokens: 1, RequestedTokens: 2}}}
	_, err := Run(context.Background(), files, Options{Options: predicted(), Measured: series})
	var none *NoOverlapError
	require.ErrorAs(t, err, &none)
	require.EqualError(t, err, "no measured window can be compared: the measured series covers 1970-01-01T00:00:00Z to 1970-01-01T00:01:00Z, "+
		"the counted part of the log 2024-01-01T00:00:00.905Z to 2024-01-01T00:01:04.477Z; 1 measured window left out: outside of the counted part of the log")
}

// A few windows are compared, but nothing is searched.
func TestFewWindows(t *testing.T) {
	files := writeLog(t, traffic(t)[:300])
	s := server{denominator: measured.CacheableTokens, Options: predicted()}
	r, err := Run(context.Background(), files, Options{Options: predicted(), Measured: s.measure(t, files)})
	require.NoError(t, err)
	require.Nil(t, r.Judged)
	require.Empty(t, r.Steps)
	require.Less(t, len(r.Windows), leastWindows)
	require.Equal(t, r.Predicted.Difference.MeanPoints, r.UnexplainedPoints)
	require.Contains(t, r.Verdict, "too few windows")

	var csv bytes.Buffer
	require.NoError(t, WriteCSV(&csv, r))
	lines := bytes.Split(bytes.TrimSpace(csv.Bytes()), []byte("\n"))
	require.Len(t, lines, 1+len(r.Windows))
	require.Equal(t, bytes.Count(lines[0], []byte(",")), bytes.Count(lines[1], []byte(",")))
}

func TestBadOptions(t *testing.T) {
	for want, o := range map[string]Options{
		"a prediction needs one capacity":                            {},
		"windows of 1µs: must be a millisecond or longer":            {Options: predicted(), Window: time.Microsecond},
		"a prediction has one cache, without tiers and with one TTL": {Options: analyze.Options{Capacities: predicted().Capacities, TTLs: &analyze.TTLOptions{}}},
		"store delay -1 s: must not be negative":                     {Options: analyze.Options{Capacities: predicted().Capacities, Cache: analyze.Cache{StoreDelay: -time.Second}}},
	} {
		require.EqualError(t, o.Check(), want)
	}
}

func TestMatchUnits(t *testing.T) {
	chunks, tokens := inUnits(analyze.MatchUnit{N: 3}), inUnits(analyze.MatchUnit{N: 100, Tokens: true})
	require.EqualValues(t, 700, matchUnit{}.tokens(700, 1000, 256))
	require.EqualValues(t, 768, chunks.tokens(1000, 1000, 256))
	require.EqualValues(t, 0, chunks.tokens(512, 1000, 256))
	require.EqualValues(t, 500, tokens.tokens(512, 1000, 256))
	last := matchUnit{last: true}
	require.EqualValues(t, 768, last.tokens(1024, 1024, 256), "the last token is computed, so its chunk isn't found")
	require.EqualValues(t, 768, last.tokens(800, 800, 256))
	require.EqualValues(t, 512, last.tokens(512, 800, 256))
	require.EqualValues(t, 0, last.tokens(0, 0, 256))
}

// Capacities that are tried are round numbers, and are printed as such.
func TestCapacitiesAreRound(t *testing.T) {
	var list []units.Capacity
	for i := -400; i <= 100; i++ {
		list = addCapacity(list, units.InBytes(192<<30+12345), math.Exp2(float64(i)/17))
	}
	for _, c := range list[:400] {
		number, unit, _ := strings.Cut(c.Label(), " ")
		require.LessOrEqual(t, len(strings.TrimRight(strings.Replace(number, ".", "", 1), "0")), 3, "%s %s", number, unit)
	}
}
