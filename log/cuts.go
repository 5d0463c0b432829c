package log

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"math"
	"runtime"
	"slices"
	"sort"

	"hashlog/log/internal/source"
)

// Cuts returns times, in seconds since the Unix epoch and rising, that divide the period of opts into n parts of about the same number of bytes,
// before decompression. Each is the time of the first record of a log, so that few logs belong to two parts. There are n − 1 times, or fewer if
// there are fewer logs that begin at different times. It only looks at the beginnings of logs, as a pass does before it reads them. Cuts fails
// if n is below 1, and as [Files.Open] does.
func (f *Files) Cuts(ctx context.Context, n int, opts Options) ([]float64, error) {
	if n < 1 {
		return nil, fmt.Errorf("dividing logs into %d parts: must be 1 at least", n)
	}
	if err := opts.check(); err != nil {
		return nil, err
	}
	if f.Streams() {
		return nil, errUncut
	}
	opts = opts.withDefaults(0)
	idle := source.NewDecompressors(runtime.GOMAXPROCS(0))
	defer idle.Drop()
	survey, err := newSurvey(ctx, f, opts, idle, newTallies(f.logs, nil))
	if err != nil {
		return nil, err
	}
	return cut(beginnings(f.logs, survey), n), nil
}

// beginning is when a log begins, and how many bytes it has.
type beginning struct {
	time  float64
	bytes int64
}

// beginnings returns those of the logs that belong to the period of a survey, in order of time. Logs without records have none.
func beginnings(logs []*source.Log, s *survey) (found []beginning) {
	for rank, l := range logs {
		at := s.earliest[rank]
		if !s.ended[rank] && !s.opts.atUntil(at) && !math.IsInf(at, 0) {
			found = append(found, beginning{at, l.Size()})
		}
	}
	slices.SortFunc(found, func(a, b beginning) int { return cmp.Compare(a.time, b.time) })
	if since := s.opts.Since; since != nil {
		for i := range found {
			found[i].time = max(found[i].time, *since)
		}
	}
	return found
}

// cut chooses, for each k from 1 to n − 1, the beginning before which there are most nearly k/n of all bytes, each once. Nothing is before the
// first beginning, so there is no cut at it.
func cut(logs []beginning, n int) (cuts []float64) {
	var candidates []beginning // with the bytes before them
	before := int64(0)
	for i, l := range logs {
		if i > 0 && l.time > logs[i-1].time {
			candidates = append(candidates, beginning{l.time, before})
		}
		before += l.bytes
	}
	for k := 1; k < n && len(candidates) > 0; {
		i := nearest(candidates, float64(before)*float64(k)/float64(n))
		if at := candidates[i].time; len(cuts) == 0 || at > cuts[len(cuts)-1] {
			cuts = append(cuts, at)
		}
		if i+1 == len(candidates) || before == 0 {
			break
		}
		// The next k that another candidate is nearer to, or one before it: there may be far more parts than logs.
		border := (float64(candidates[i].bytes) + float64(candidates[i+1].bytes)) / 2
		k = max(k+1, int(min(border/float64(before)*float64(n), float64(n))))
	}
	return cuts
}

// nearest returns the index of that of the candidates, whose bytes rise, with most nearly as many bytes.
func nearest(candidates []beginning, bytes float64) int {
	i := sort.Search(len(candidates), func(i int) bool { return float64(candidates[i].bytes) >= bytes })
	if i == len(candidates) || i > 0 && bytes-float64(candidates[i-1].bytes) <= float64(candidates[i].bytes)-bytes {
		i--
	}
	return i
}

var errUncut = errors.New("standard input and FIFOs can be read only once, so they cannot be divided")
