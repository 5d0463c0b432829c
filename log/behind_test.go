package log

import (
	"context"
	"fmt"
	"maps"
	"math"
	"math/rand/v2"
	"os"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"hashlog/log/internal/source"
	"hashlog/log/s3"
)

// growing is a log of a test that is written little by little.
type growing struct {
	path  string
	lines []string
	times []float64 // of the lines; NaN for a bad one
	done  int       // lines written
	form  string    // suffix of compression
	gone  bool
}

// growingLogs makes logs whose records are in order but for half a window.
func growingLogs(rng *rand.Rand, dir string, window int, shuffled bool) []*growing {
	logs := make([]*growing, 1+rng.IntN(4))
	for i := range logs {
		g := &growing{path: fmt.Sprintf("%s/log-%d", dir, i)}
		start := rng.IntN(40)
		for n := range rng.IntN(60) {
			at := float64(start + n/(1+rng.IntN(3)))
			if len(g.times) > 0 && !math.IsNaN(g.times[len(g.times)-1]) {
				at = max(at, g.times[len(g.times)-1])
			}
			g.lines, g.times = append(g.lines, logLine(at, fmt.Sprintf("%d/%d", i, n))), append(g.times, at)
		}
		for n := 0; shuffled && n+window/2 <= len(g.lines); n += window / 2 {
			rng.Shuffle(window/2, func(a, b int) {
				g.lines[n+a], g.lines[n+b] = g.lines[n+b], g.lines[n+a]
				g.times[n+a], g.times[n+b] = g.times[n+b], g.times[n+a]
			})
		}
		for n := range g.lines {
			if rng.IntN(25) == 0 {
				g.lines = slices.Insert(g.lines, n, "bad\n")
				g.times = slices.Insert(g.times, n, math.NaN())
			}
		}
		logs[i] = g
	}
	return logs
}

// write writes the log up to the last record before a time, and some more: with exactly, only of those at that time.
func (g *growing) write(t *testing.T, rng *rand.Rand, before float64, exactly bool) {
	if g.gone {
		return
	}
	for n, at := range g.times {
		if at < before {
			g.done = max(g.done, n+1)
		}
	}
	for g.done < len(g.lines) && rng.IntN(4) > 0 && (!exactly || !(g.times[g.done] > before)) {
		g.done++
	}
	text := strings.Join(g.lines[:g.done], "")
	require.NoError(t, os.RemoveAll(g.path+g.form))
	if g.done == len(g.lines) && rng.IntN(3) == 0 {
		g.form = ".gz"
	}
	switch {
	case g.form != "":
		text = gzipped(text)
	case g.done < len(g.lines) && rng.IntN(3) == 0:
		text += g.lines[g.done][:2] // torn
	}
	require.NoError(t, os.WriteFile(g.path+g.form, []byte(text), 0o666))
}

// TestPassesOneAfterTheOther reads logs that grow, are compressed and deleted in several passes, each behind the one before. Together the passes
// yield and count what a single pass over all does.
func TestPassesOneAfterTheOther(t *testing.T) {
	rng := rand.New(rand.NewPCG(41, 42))
	const window = 8
	passes, passedOver := 0, int64(0)
	for range 120 {
		byTime := rng.IntN(2) == 0 // all passes end before a time, for which the logs are complete
		logs := growingLogs(rng, t.TempDir(), window, byTime)
		opts := Options{window: window, readAll: true}
		if rng.IntN(2) == 0 {
			opts.Since = new(float64)
			*opts.Since = float64(rng.IntN(60)) / 2
		}
		var behind *Behind
		var ids []string
		var sum Stats
		var last []LogRead
		for until := float64(1 + rng.IntN(30)); ; until += float64(1 + rng.IntN(25)) {
			final := until > 110
			if final {
				until = 1000
			}
			var paths []string
			for _, g := range logs {
				g.write(t, rng, until, !byTime)
				if !g.gone {
					paths = append(paths, g.path+g.form)
				}
			}
			pass := opts
			pass.Behind = behind
			if byTime && !final {
				pass.Until = &until
			}
			if len(paths) > 0 && (opts.Since == nil || *opts.Since < until) {
				got := pass.read(t, find(t, paths...))
				ids, sum = append(ids, got.ids...), added(sum, got.stats)
				behind, last = got.behind, got.logs
				passes++
				passedOver += got.stats.BeforeState
			}
			if final {
				break
			}
			for _, g := range logs {
				if g.done == len(g.lines) && behind != nil && rng.IntN(9) == 0 && (pass.Until == nil || !g.reaches(until)) {
					g.gone = true
				}
			}
		}
		var paths []string
		for _, g := range logs {
			if g.gone {
				continue
			}
			paths = append(paths, g.path+g.form)
		}
		deleted := slices.ContainsFunc(logs, func(g *growing) bool { return g.gone })
		for _, g := range logs {
			g.gone = false
		}
		if deleted {
			paths = nil
			for _, g := range logs {
				g.write(t, rng, 1000, true)
				paths = append(paths, g.path+g.form)
			}
		}
		want := opts.read(t, find(t, paths...))
		if !byTime {
			slices.Sort(ids)
			slices.Sort(want.ids)
		}
		require.Equal(t, want.ids, ids)
		want.stats.Problems, want.stats.FirstEmpty, want.stats.TornAt = nil, "", nil
		require.Equal(t, want.stats, sum)
		require.ElementsMatch(t, withoutBytes(want.logs), withoutBytes(last))
	}
	require.Greater(t, passes, 500)
	require.Greater(t, passedOver, int64(1000))
}

// reaches reports whether the log has a record at or after a time.
func (g *growing) reaches(at float64) bool {
	return slices.ContainsFunc(g.times, func(t float64) bool { return t >= at })
}

func withoutBytes(logs []LogRead) []LogRead {
	for i := range logs {
		logs[i].Bytes = 0
	}
	return logs
}

// added adds counts of passes.
func added(a, b Stats) Stats {
	return Stats{Records: a.Records + b.Records, BeforeSince: a.BeforeSince + b.BeforeSince, Skipped: a.Skipped + b.Skipped, Torn: a.Torn + b.Torn, Late: a.Late + b.Late,
		OutOfOrder: a.OutOfOrder + b.OutOfOrder, Damaged: a.Damaged + b.Damaged, EmptyFiles: a.EmptyFiles + b.EmptyFiles, ProblemCount: a.ProblemCount + b.ProblemCount}
}

// pass is the outcome of a pass that another can continue.
type pass struct {
	got
	logs   []LogRead
	behind *Behind
}

// read reads all of the files.
func (o Options) read(t *testing.T, files *Files) (p pass) {
	r, err := files.Open(context.Background(), o)
	require.NoError(t, err)
	defer r.Close()
	for r.Scan() {
		p.ids = append(p.ids, string(r.Entry().RequestID))
	}
	p.stats, p.err = timeless(r.Stats()), r.Err()
	p.stats.Beyond = nil
	require.NoError(t, p.err)
	p.logs, p.behind = r.Logs(), r.Behind()
	return p
}

// TestLateBehind adds records to logs, and a log, that come before the end of an earlier pass.
func TestLateBehind(t *testing.T) {
	dir := t.TempDir()
	old := write(t, dir, "old", logLine(1, "1"), "bad\n", logLine(3, "3"), logLine(3, "3 too"))
	first := Options{}.read(t, find(t, old))
	require.Equal(t, &Behind{End: ptr(3.0), Logs: []LogRead{{Name: old, Read: true, Before: 1, At: 2, Lines: 4, Bytes: fileSize(t, old)}}}, first.behind)

	write(t, dir, "old", logLine(1, "1"), "bad\n", logLine(3, "3"), logLine(3, "3 too"), logLine(2, "2"), logLine(3, "new at the end"), logLine(4, "4"))
	added := write(t, dir, "young", logLine(2.5, "2.5"), logLine(3, "young at the end"))
	files := find(t, old, added)
	next := Options{Behind: first.behind}.read(t, files)
	require.Equal(t, []string{"new at the end", "young at the end", "4"}, next.ids)
	require.EqualValues(t, 3, next.stats.BeforeState)
	require.Zero(t, next.stats.Skipped)
	require.EqualValues(t, 2, next.stats.Late)
	require.Equal(t, []string{added + ":1: late by 0.5 s: left out, since later ones were read before",
		old + ":5: late by 1.0 s: left out, since later ones were read before"}, texts(next.stats.Problems))
	require.Equal(t, []LogRead{{Name: old, Read: true, Before: 5, At: 1, Lines: 7, Bytes: fileSize(t, old)},
		{Name: added, Read: true, Before: 2, Lines: 2, Bytes: fileSize(t, added)}}, next.logs)

	// They are known from now on, and nothing has changed.
	again := Options{Behind: next.behind}.read(t, files)
	require.Empty(t, again.ids)
	require.Equal(t, Stats{BeforeState: 8}, again.stats)
	require.Equal(t, next.behind, again.behind)
}

// TestSameLogFromAnywhere names a log by other paths, from other working directories: it is the same one, at the very time of the end too.
func TestSameLogFromAnywhere(t *testing.T) {
	dir := t.TempDir()
	require.NoError(t, os.Mkdir(dir+"/sub", 0o777))
	path := write(t, dir, "x.jsonl", logLine(1, "1"), logLine(2, "2"))
	t.Chdir(dir)
	behind := Options{}.read(t, find(t, "x.jsonl")).behind
	require.Equal(t, path, behind.Logs[0].Name)
	write(t, dir, "x.jsonl", logLine(1, "1"), logLine(2, "2"), logLine(2, "2 too"))
	for from, names := range map[string][]string{dir: {"x.jsonl", "./x.jsonl", "sub/../x.jsonl", path}, dir + "/sub": {"../x.jsonl"}} {
		t.Chdir(from)
		for _, name := range names {
			next := Options{Behind: behind}.read(t, find(t, name))
			require.Equal(t, []string{"2 too"}, next.ids, name)
			require.Equal(t, []LogRead{{Name: path, Read: true, Before: 1, At: 2, Lines: 3, Bytes: fileSize(t, path)}}, next.logs, name)
		}
	}
}

// TestNamesOfObjects keeps URLs as they are.
func TestNamesOfObjects(t *testing.T) {
	require.Equal(t, "s3://b/a//x.jsonl", logName(&source.Log{Path: "s3://b/a//x.jsonl.gz", Object: &s3.Object{}}))
}

// TestNotSameLog finds records missing: before the end, and at it.
func TestNotSameLog(t *testing.T) {
	dir := t.TempDir()
	path := write(t, dir, "x", logLine(1, "1"), logLine(2, "2"), logLine(2, "2 too"))
	other := write(t, dir, "y", logLine(1, "other"))
	behind := Options{}.read(t, find(t, path, other)).behind
	for _, lines := range [][]string{{}, {logLine(2, "2"), logLine(2, "2 too"), logLine(2, "2 again")}, {logLine(1, "1"), logLine(2, "2"), logLine(3, "3")}} {
		write(t, dir, "x", lines...)
		r, err := find(t, path, other).Open(context.Background(), Options{Behind: behind})
		require.NoError(t, err)
		for r.Scan() {
		}
		var e *NotSameLogError
		require.ErrorAs(t, r.Err(), &e)
		require.Equal(t, path, e.File)
		require.EqualValues(t, 3, e.Read)
		require.Less(t, e.Left, e.Read)
		require.NoError(t, r.Close())
	}
	// A pass that ends before can't tell.
	require.Empty(t, Options{Behind: behind, Until: ptr(2.0)}.read(t, find(t, path, other)).ids)
}

// TestUnchangedLogIsNotRead takes away the right to read it.
func TestUnchangedLogIsNotRead(t *testing.T) {
	dir := t.TempDir()
	a, b := write(t, dir, "a", logLine(1, "1"), "{}\n"), write(t, dir, "b", logLine(2, "2"))
	behind := Options{}.read(t, find(t, a, b)).behind
	write(t, dir, "b", logLine(2, "2"), logLine(3, "3"))
	opened := 0
	next := Options{Behind: behind, opened: func(*source.Input) { opened++ }}.read(t, find(t, a, b))
	require.Equal(t, []string{"3"}, next.ids)
	require.Equal(t, Stats{Records: 1, BeforeState: 2}, next.stats)
	require.Equal(t, 1, opened)
}

// TestUnchangedLogsAreNotLookedAt has logs of one writer, whose order a period makes use of.
func TestUnchangedLogsAreNotLookedAt(t *testing.T) {
	dir := t.TempDir()
	for i := range 5 {
		write(t, dir, NewSegmentName(time.Unix(int64(i), 0), int64(i)).String(), logLine(float64(i), fmt.Sprint(i)))
	}
	behind := Options{}.read(t, find(t, dir)).behind
	for i := 5; i < 8; i++ {
		write(t, dir, NewSegmentName(time.Unix(int64(i), 0), int64(i)).String(), logLine(float64(i), fmt.Sprint(i)))
	}
	var looked lookedAt
	files := find(t, dir)
	next := Options{Behind: behind, Until: ptr(6.5), Formats: []Format{&looked}}.read(t, files)
	require.Equal(t, []string{"5", "6"}, next.ids)
	require.Equal(t, Stats{Records: 2, BeforeState: 5}, next.stats)
	require.Equal(t, files.Paths()[5:], slices.Sorted(maps.Keys(looked.names)))
}

// lookedAt notes which logs are looked at, and recognises none.
type lookedAt struct {
	mu    sync.Mutex
	names map[string]bool
}

func (l *lookedAt) Decoder(name string, _ []byte) Decoder {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.names == nil {
		l.names = make(map[string]bool)
	}
	l.names[name] = true
	return nil
}

// TestEndsThatMend counts what was wrong with the end of a log anew: it was torn, cut off or empty, and is whole then, or not.
func TestEndsThatMend(t *testing.T) {
	dir := t.TempDir()
	whole := logLine(1, "1") + logLine(2, "2")
	packed := gzipped(whole)
	for name, c := range map[string]struct {
		before, broken, after string
		then                  Stats
	}{
		"torn.jsonl":   {whole[:len(whole)-9], whole[:len(whole)-5], whole, Stats{Torn: 1}},
		"cut.jsonl.gz": {packed[:len(packed)-8], packed[:len(packed)-5], packed, Stats{Damaged: 1, ProblemCount: 1}},
		"empty.jsonl":  {"", "\n", whole, Stats{EmptyFiles: 1}},
	} {
		path := write(t, dir, name, c.before)
		first := Options{}.read(t, find(t, path))
		require.Equal(t, c.then, added(Stats{}, withoutRecords(first.stats)), name)
		write(t, dir, name, c.broken)
		second := Options{Behind: first.behind}.read(t, find(t, path))
		require.Equal(t, c.then, added(withoutRecords(first.stats), withoutRecords(second.stats)), name)
		write(t, dir, name, c.after)
		third := Options{Behind: second.behind}.read(t, find(t, path))
		all := added(added(first.stats, second.stats), third.stats)
		require.Equal(t, Stats{Records: 2}, all, name)
	}
}

func withoutRecords(s Stats) Stats {
	s.Records = 0
	return s
}

func ptr[T any](v T) *T { return &v }

func fileSize(t *testing.T, path string) int64 {
	info, err := os.Stat(path)
	require.NoError(t, err)
	return info.Size()
}

// TestLogsOfAPeriod has logs of each kind: read to the end, to go on, behind the period, and before it.
func TestLogsOfAPeriod(t *testing.T) {
	dir := t.TempDir()
	before := write(t, dir, "before", logLine(1, "1"))
	ends := write(t, dir, "ends", logLine(1, "1"), logLine(5, "5"), logLine(6, "6"), "torn")
	goesOn := write(t, dir, "goes-on.gz", gzipped(logLine(6, "6 too")+"\n"+logLine(6, "6 again")+logLine(8, "8")+"bad\n"))
	behind := write(t, dir, "behind", logLine(9, "9"))
	p := Options{Since: ptr(5.0), Until: ptr(7.0)}.read(t, find(t, before, ends, goesOn, behind))
	require.Equal(t, []string{"5", "6", "6 too", "6 again"}, p.ids)
	require.Equal(t, &Behind{End: ptr(6.0), Logs: []LogRead{{Name: before}, {Name: ends, Read: true, Before: 1, At: 1, Lines: 3, Bytes: fileSize(t, ends), Torn: true},
		{Name: strings.TrimSuffix(goesOn, ".gz"), Read: true, At: 2, Lines: 5, GoesOn: true}, {Name: behind}}}, p.behind)
	require.Equal(t, p.logs, p.behind.Logs)

	stdin, err := Find(context.Background(), []string{"-"}, strings.NewReader(logLine(3, "3")))
	require.NoError(t, err)
	p = Options{}.read(t, stdin)
	require.Equal(t, &Behind{End: ptr(3.0)}, p.behind)
}
