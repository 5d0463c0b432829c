package sim_test

import (
	"math"
	"testing"

	"github.com/stretchr/testify/require"

	"hashlog/sim"
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
		{"sim: Evict at 4 s after 5 s", func(s *sim.Stack) {
			cache := sim.NewBatched(5, sim.Watermark{Trigger: 1, Ratio: 1})
			cache.Evict(s, 5)
			cache.Evict(s, 4)
		}},
	} {
		require.PanicsWithValue(t, tt.want, func() { tt.call(sim.NewStack(sim.HeadFirst)) })
	}
}

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
