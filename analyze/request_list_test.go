package analyze

import (
	"math"
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/require"

	"hashlog/sim"
)

// randomRequest returns a request that may be deferred, after others that have brought so many chunks.
func randomRequest(r *rand.Rand, after *deferredRequest, known int) deferredRequest {
	q := deferredRequest{time: after.time, model: after.model, arg: after.arg, salt: after.salt, counted: r.IntN(9) > 0, chunkSize: 256, size: 1 << 20}
	switch r.IntN(4) {
	case 0:
		q.time += r.Float64()
	case 1:
		q.time = math.Round(1e6*q.time+1e6*r.Float64()) / 1e6
	case 2:
		q.time = math.Round(1e3*q.time+1e3*r.Float64()) / 1e3
	}
	if q.now = max(q.time, after.now); r.IntN(5) == 0 {
		q.time -= 3
	}
	if r.IntN(3) == 0 {
		q.model, q.arg, q.salt, q.chunkSize, q.size = r.Int32N(10), r.Int32N(3), r.Int32N(3), 1+r.Int64N(1000), r.Int64N(3)<<r.IntN(40)
	}
	never := addRandomRuns(r, &q)
	chunks, _ := countRuns(q.runs)
	q.seqLen = r.Int64N(2 * int64(chunks) * q.chunkSize)
	addRandomRows(r, &q, never, known)
	for left := chunks; left > 0 && r.IntN(3) == 0; {
		n := 1 + r.IntN(left)
		oldest := 0.0
		if len(q.ages) > 0 {
			oldest = q.ages[len(q.ages)-1].Seconds
		}
		q.ages = append(q.ages, sim.MaxAge{N: n, Seconds: oldest + r.Float64()})
		left -= n
	}
	return q
}

// addRandomRuns adds runs and returns how many chunks were never seen, at least 1.
func addRandomRuns(r *rand.Rand, q *deferredRequest) (never int) {
	unlike := r.IntN(4) == 0
	for never == 0 || r.IntN(2) == 0 {
		run := alikeRun(1+r.IntN(5)<<r.IntN(8), r.Int64N(4), 1+r.Int64N(1<<20), q.size)
		switch run.Step {
		case 0:
			if run.Need.Chunks != sim.Never {
				run.N = 1
			}
		case -1:
			run.N = min(run.N, int(run.Need.Chunks))
		}
		if run.Need.Chunks == sim.Never {
			never += run.N
			run.Refused = unlike && r.IntN(3) == 0
		} else if unlike {
			run.Size = 1 + r.Int64N(100)
			run.Need.Bytes = run.Size*int64(run.N) + r.Int64N(1e6)
			run.Expired = r.IntN(2) == 0
			if r.IntN(3) == 0 {
				run.Size, run.Need.Bytes = 0, sim.Never
			}
		}
		q.runs = append(q.runs, run)
	}
	return never
}

// addRandomRows gives ids to the chunks that were never seen.
func addRandomRows(r *rand.Rand, q *deferredRequest, never, known int) {
	next := known
	other := r.IntN(3) == 0
	for never > 0 {
		n, first := never, next
		if other {
			n = 1 + r.IntN(never)
			first = r.IntN(next + 1)
		}
		q.rows = append(q.rows, sim.Row{First: uint32(first), N: n})
		next = max(next, first+n)
		never -= n
	}
	q.brings = next - known
}

// randomRequests returns deferred requests of a log.
func randomRequests(r *rand.Rand, n int) (list []deferredRequest, known int) {
	last := deferredRequest{time: 1711929600.123}
	for range n {
		last = randomRequest(r, &last, known)
		known += last.brings
		list = append(list, last)
	}
	return list, known
}

func TestRequestList(t *testing.T) {
	for seed := range seeds(50) {
		r := rand.New(rand.NewPCG(seed, 1))
		want, known := randomRequests(r, r.IntN(3000))
		var l requestList
		for i := range want {
			l.add(&want[i])
		}
		i, keys := 0, 0
		for q := range l.all() {
			require.Equal(t, want[i].now, q.now)
			want, got := want[i], *q
			if len(want.ages) == 0 {
				want.ages, got.ages = nil, nil
			}
			require.Equal(t, want, got)
			i++
		}
		require.Equal(t, len(want), i)
		for _, p := range l.pages {
			require.EqualValues(t, keys, p.first)
			keys += p.keys
		}
		require.Equal(t, known, keys)
	}
}
