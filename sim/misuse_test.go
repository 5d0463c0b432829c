package sim_test

import (
	"math"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"hashlog/sim"
	"hashlog/sim/simtest"
)

// TestMisusePanics holds that calls panic that could only give wrong figures.
func TestMisusePanics(t *testing.T) {
	rows := []sim.Row{{First: 0, N: 2}}
	for _, tt := range []struct {
		want string
		call func(s *sim.Stack)
	}{
		{"sim: no touch order 2", func(*sim.Stack) { sim.NewStack(sim.TailFirst + 1) }},
		{"sim: a chunk of -1 bytes", func(s *sim.Stack) { s.LookUp(rows, -1) }},
		{"sim: no index numbers 0 chunks from id 0 on", func(s *sim.Stack) { s.LookUp([]sim.Row{{First: 0, N: 0}}, 1) }},
		{"sim: no index numbers 2 chunks from id 2147482623 on", func(s *sim.Stack) { s.LookUp([]sim.Row{{First: sim.MaxChunks - 1, N: 2}}, 1) }},
		{"sim: LookUp of id 3 before id 2", func(s *sim.Stack) { s.LookUp([]sim.Row{{First: 0, N: 2}, {First: 3, N: 1}}, 1) }},
		{"sim: Touch of lookup 0 after 0 of 0 lookups were touched: each is touched once, in order", func(s *sim.Stack) { s.Touch(sim.Touches{}) }},
		{"sim: Touch of lookup 2 after 0 of 2 lookups were touched: each is touched once, in order", func(s *sim.Stack) {
			s.LookUp(rows, 1)
			_, touches := s.LookUp(rows, 1)
			s.Touch(touches.Clone())
		}},
		{"sim: Touch of lookup 1 after 1 of 1 lookups were touched: each is touched once, in order", func(s *sim.Stack) {
			_, touches := s.LookUp(rows, 1)
			s.Touch(touches)
			s.Touch(touches)
		}},
		{"sim: a TTL of 0 s", func(s *sim.Stack) { s.SetTTL(0) }},
		{"sim: a TTL of NaN s", func(s *sim.Stack) { s.SetTTL(math.NaN()) }},
		{"sim: SetTTL after the first lookup", func(s *sim.Stack) { s.LookUp(nil, 0); s.SetTTL(1) }},
		{"sim: admission from lookup 0 on", func(s *sim.Stack) { s.SetAdmission(0) }},
		{"sim: admission from lookup 256 on", func(s *sim.Stack) { s.SetAdmission(sim.MaxAdmission + 1) }},
		{"sim: SetAdmission after the first lookup", func(s *sim.Stack) { s.LookUp(nil, 0); s.SetAdmission(2) }},
		{"sim: KeepAges after SetTTL or KeepAges", func(s *sim.Stack) { s.SetTTL(1); s.KeepAges() }},
		{"sim: SetTTL after SetTTL or KeepAges", func(s *sim.Stack) { s.KeepAges(); s.SetTTL(1) }},
		{"sim: KeepAges after the first lookup", func(s *sim.Stack) { s.LookUp(nil, 0); s.KeepAges() }},
		{"sim: MaxAges without KeepAges", func(s *sim.Stack) { s.MaxAges() }},
		{"sim: MaxAges without KeepAges", func(s *sim.Stack) { s.SetTTL(math.Inf(1)); s.MaxAges() }},
		{"sim: LookUp with a TTL or KeepAges before Advance has told the time", func(s *sim.Stack) { s.SetTTL(1); s.LookUp(rows, 1) }},
		{"sim: LookUp with a TTL or KeepAges before Advance has told the time", func(s *sim.Stack) { s.KeepAges(); s.LookUp(rows, 1) }},
		{"sim: Advance to 4 s after 5 s", func(s *sim.Stack) { s.SetTTL(1); s.Advance(5); s.Advance(5); s.Advance(4) }},
		{"sim: Advance to NaN s after -Inf s", func(s *sim.Stack) { s.SetTTL(1); s.Advance(math.NaN()) }},
		{"sim: Advance to +Inf s after 5 s", func(s *sim.Stack) { s.SetTTL(1); s.Advance(5); s.Advance(math.Inf(1)) }},
		{"sim: Advance to -Inf s after -Inf s", func(s *sim.Stack) { s.SetTTL(1); s.Advance(math.Inf(-1)) }},
		{"sim: a cache with a capacity of 0", func(s *sim.Stack) { s.ResidentInChunks(0) }},
		{"sim: a cache with a capacity of -5", func(s *sim.Stack) { s.ResidentInBytes(-5) }},
		{"sim: a capacity in bytes, but chunks of unknown size", func(s *sim.Stack) { s.LookUp(rows, 0); s.ResidentInBytes(5) }},
		{"sim: a capacity in bytes, but chunks of unknown size", func(s *sim.Stack) {
			s.LookUp(rows, 0)
			sim.NewBatchedInBytes(5, sim.Watermark{Trigger: 1, Ratio: 1}).Evict(s, 0)
		}},
		{"sim: Keep of -1 chunks", func(s *sim.Stack) { s.Keep(-1) }},
		{"sim: Keep with an admission", func(s *sim.Stack) { s.SetAdmission(1); s.Keep(5) }},
		{"sim: Renumber of touches of id 1, which was not kept", func(s *sim.Stack) {
			_, touches := s.LookUp(rows, 1)
			touches.WithRows([]sim.Row{{First: 1, N: 1}}).Renumber([]uint32{0, 2})
		}},
		{"sim: Keep of id 0 as number 1 of 3 keys", func(*sim.Stack) { indexOf(1, 2, 3).Keep([]uint32{0, 0}) }},
		{"sim: Keep of id 3 as number 0 of 3 keys", func(*sim.Stack) { indexOf(1, 2, 3).Keep([]uint32{3}) }},
		{"sim: a cache with a capacity of 0", func(s *sim.Stack) { s.Reaching(0) }},
		{"sim: a capacity in bytes, but chunks of unknown size", func(s *sim.Stack) { s.LookUp(rows, 0); s.Reaching(5) }},
		{"sim: Learn of -1 chunks of 0 bytes, beside 0 chunks", func(s *sim.Stack) { s.Learn(-1, 0) }},
		{"sim: Learn of 1 chunks of -1 bytes, beside 0 chunks", func(s *sim.Stack) { s.Learn(1, -1) }},
		{"sim: Learn of 2147482624 chunks of 1 bytes, beside 2 chunks", func(s *sim.Stack) { s.LookUp(rows, 1); s.Learn(sim.MaxChunks, 1) }},
		{"sim: Learn with an admission", func(s *sim.Stack) { s.SetAdmission(1); s.Learn(1, 1) }},
		{"sim: SetAdmission after the first lookup", func(s *sim.Stack) { s.Learn(1, 1); s.SetAdmission(1) }},
		{"sim: LookedUp without an admission", func(s *sim.Stack) { s.LookedUp() }},
		{"sim: LearnLookedUp without an admission", func(s *sim.Stack) { s.LearnLookedUp(sim.LookedUp{N: 1, Lookups: 1}) }},
		{"sim: LearnLookedUp of {N:1 Size:5 Lookups:3 Once:true}", func(s *sim.Stack) {
			s.SetAdmission(2)
			s.LearnLookedUp(sim.LookedUp{N: 1, Size: 5, Lookups: 3, Once: true})
		}},
		{"sim: Await of id 2, beside 2 chunks", func(s *sim.Stack) {
			s.Learn(2, 1)
			s.Await(sim.Waiting{Rows: []sim.Row{{First: 1, N: 2}}})
		}},
		{"sim: a chunk of -1 bytes", func(s *sim.Stack) { s.Await(sim.Waiting{Size: -1}) }},
		{"sim: Restore of a cache with -1 chunks of 0 bytes", func(s *sim.Stack) { sim.NewUnlimited().Restore(sim.BatchedState{Chunks: -1}) }},
		{"sim: Reorder of id 2, beside 2 chunks", func(s *sim.Stack) { s.Learn(2, 1); reorder(s, sim.Chunk{ID: 2}) }},
		{"sim: Reorder of id 1 twice", func(s *sim.Stack) { s.Learn(2, 1); reorder(s, sim.Chunk{ID: 1, Size: 1}, sim.Chunk{ID: 1, Size: 1}) }},
		{"sim: Reorder of id 1 with 2 bytes, and all chunks were learnt with 1", func(s *sim.Stack) { s.Learn(2, 1); reorder(s, sim.Chunk{ID: 1, Size: 2}) }},
		{"sim: Reorder of chunk 1, which has not expired, below one that has", func(s *sim.Stack) {
			s.SetTTL(1)
			s.Advance(5)
			s.Learn(3, 0)
			reorder(s, sim.Chunk{Touched: 5}, sim.Chunk{ID: 2, Expired: true}, sim.Chunk{ID: 1, Touched: 4})
		}},
		{"sim: Reorder of chunk 1, which has not expired, below one that has", func(s *sim.Stack) {
			s.SetTTL(1)
			s.Advance(5)
			s.Learn(3, 0)
			reorder(s, sim.Chunk{ID: 2, Expired: true}, sim.Chunk{ID: 1, Touched: 4})
		}},
		{"sim: Reorder of a chunk touched at 6 s below one touched at 5 s", func(s *sim.Stack) {
			s.SetTTL(9)
			s.Advance(8)
			s.Learn(2, 0)
			reorder(s, sim.Chunk{ID: 1, Touched: 5}, sim.Chunk{Touched: 6})
		}},
		{"sim: Reorder of chunks touched at 9 s above those touched at -Inf s, at 8 s", func(s *sim.Stack) {
			s.SetTTL(9)
			s.Advance(8)
			s.Learn(2, 0)
			reorder(s, sim.Chunk{ID: 1, Touched: 9})
		}},
		{"sim: Reorder of chunks touched at 7 s above those touched at 8 s, at 8 s", func(s *sim.Stack) {
			s.SetTTL(9)
			s.Advance(8)
			simtest.Replay(s, rows, 0)
			reorder(s, sim.Chunk{ID: 1, Touched: 7})
		}},
		{"sim: Reorder of chunks that have expired, with KeepAges", func(s *sim.Stack) {
			s.KeepAges()
			s.Advance(8)
			s.Learn(2, 0)
			reorder(s, sim.Chunk{ID: 1, Expired: true})
		}},
		{"sim: PartialAges without KeepAges", func(s *sim.Stack) { s.SetTTL(1); s.PartialAges() }},
		{"sim: Evict at 4 s after 5 s", func(s *sim.Stack) {
			cache := sim.NewBatched(5, sim.Watermark{Trigger: 1, Ratio: 1})
			cache.Evict(s, 5)
			cache.Evict(s, 4)
		}},
	} {
		require.PanicsWithValue(t, tt.want, func() { tt.call(sim.NewStack(sim.HeadFirst)) })
	}
}

func indexOf(keys ...sim.Key) *sim.Index {
	x := sim.NewIndex()
	if _, err := x.Number(keys, nil); err != nil {
		panic(err)
	}
	return x
}

func reorder(s *sim.Stack, chunks ...sim.Chunk) { s.Reorder(slices.Values(chunks)) }

// TestTimeIsForTTLs holds that a stack without a TTL ignores the time.
func TestTimeIsForTTLs(t *testing.T) {
	stack := sim.NewStack(sim.HeadFirst)
	for _, now := range []float64{5, 4, math.NaN()} {
		stack.Advance(now)
		_, touches := stack.LookUp([]sim.Row{{First: 0, N: 2}}, 1)
		stack.Touch(touches)
	}
	require.EqualValues(t, 2, stack.Resident())
}

// TestLimits sets limits out of range: ids go up to MaxChunks, and there are no fewer keys than none.
func TestLimits(t *testing.T) {
	index := sim.NewIndex()
	index.Limit = math.MaxInt
	require.Equal(t, sim.MaxChunks, index.MostKeys())
	index.Limit = -1
	_, err := index.Number([]sim.Key{1}, nil)
	require.ErrorIs(t, err, sim.ErrTooManyChunks)
}
