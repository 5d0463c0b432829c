package analyze

import (
	"math"

	"hashlog/analyze/units"
	"hashlog/sim"
)

// runPlace is one of a request's chunks, which are in runs.
type runPlace struct {
	i    int // of its run
	done int // chunks of the run before it
}

// take returns n chunks of the run at hand, and goes on to the chunk after them.
func (p *runPlace) take(runs []sim.Run, n int) sim.Run {
	run := runs[p.i]
	all := run.N
	run.Need = run.NeedAt(p.done)
	run.N = n
	if p.done += n; p.done == all {
		p.i, p.done = p.i+1, 0
	}
	return run
}

// holds reports whether a cache of some capacity holds chunk i of a run, and for how many chunks from there on the answer is the
// same.
func holds(run *sim.Run, i int, c units.Capacity) (held bool, n int) {
	if run.Need.Chunks == sim.Never || run.Expired {
		return false, run.N - i
	}
	if c.Unit != units.Bytes {
		return run.NeedAt(i).Chunks <= c.Limit(), untilDepth(*run, i, c.Limit())
	}
	need := run.NeedAt(i).Bytes
	held, n = need <= c.N, run.N-i
	switch {
	case run.Size == 0:
	case held && run.Step > 0:
		n = int(min(int64(n), (c.N-need)/run.Size+1))
	case !held && run.Step < 0:
		n = int(min(int64(n), (need-c.N+run.Size-1)/run.Size))
	}
	return held, n
}

// heldPrefix returns how many leading chunks of runs a cache of some capacity holds.
func heldPrefix(runs []sim.Run, c units.Capacity) (chunks int) {
	for i := range runs {
		for done := 0; done < runs[i].N; {
			held, n := holds(&runs[i], done, c)
			if !held {
				return chunks
			}
			done, chunks = done+n, chunks+n
		}
	}
	return chunks
}

// untilDepth returns for how many chunks from chunk i of a run on the needs are on the same side of a depth in chunks.
func untilDepth(run sim.Run, i int, depth int64) int {
	n, need := int64(run.N-i), run.NeedAt(i).Chunks
	switch {
	case need <= depth && run.Step > 0 && depth < math.MaxInt64:
		n = min(n, depth-need+1)
	case need > depth && run.Step < 0:
		n = min(n, need-depth)
	}
	return int(n)
}
