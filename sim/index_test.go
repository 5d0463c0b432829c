package sim

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"
)

// unspread returns the key whose spread is hash.
func unspread(hash uint64) Key {
	const inverse = 0xf1de83e19937733d // of the odd factor, modulo 2^64
	return Key(hash * inverse)
}

func TestUnspread(t *testing.T) {
	require.Equal(t, uint64(1<<63+12345), spread(unspread(1<<63+12345)))
}

func TestTagOf(t *testing.T) {
	for b := range 256 {
		require.Equal(t, byte(max(b, 1)), tagOf(uint64(b)<<24|0xff<<32|0xffffff))
	}
}

// TestIndex compares the index with a map, key by key, at every number of keys around the points of growth. Some segments
// are so small that they split often, and some keys share so many bits that splitting does not help.
func TestIndex(t *testing.T) {
	for _, most := range []uint{3, 4, 7, segmentBits} {
		for name, key := range map[string]func(r *rand.Rand, i int) Key{
			"even":              func(r *rand.Rand, _ int) Key { return Key(r.Uint64()) },
			"numbers":           func(_ *rand.Rand, i int) Key { return Key(i) },
			"zero first":        func(_ *rand.Rand, i int) Key { return unspread(uint64(i) << 20) },
			"alike in 31 bits":  func(r *rand.Rand, _ int) Key { return unspread(r.Uint64() &^ (1<<63>>31 - 1) << 31 >> 31) },
			"alike in a slot":   func(_ *rand.Rand, i int) Key { return unspread(7<<40 | uint64(i)) },
			"one half, crowded": func(r *rand.Rand, i int) Key { return unspread(r.Uint64()>>1&^(1<<40-1) | uint64(i)) },
			"last slots":        func(r *rand.Rand, i int) Key { return unspread(upperHalf - uint64(i%3)<<32 | r.Uint64()>>32) },
		} {
			t.Run(fmt.Sprint(most, "/", name), func(t *testing.T) {
				t.Parallel()
				checkIndex(t, newIndex(most), key)
				checkIndexKeeps(t, newIndex(most), key)
				checkIndexRestores(t, most, key)
			})
		}
	}
}

func checkIndex(t *testing.T, x *Index, make func(r *rand.Rand, i int) Key) {
	r := rand.New(rand.NewPCG(1, 2))
	want := map[Key]uint32{}
	var keys []Key
	for i := 0; len(keys) < 3000; i++ {
		fresh := []Key{make(r, i), make(r, i+1), make(r, i+2)}
		if len(keys) > 0 && i%3 == 0 {
			fresh = append(fresh, keys[r.IntN(len(keys))], make(r, i+3))
		}
		n := x.learn(fresh)
		for j, key := range fresh[:n] {
			require.False(t, has(want, key))
			want[key] = uint32(len(keys))
			keys = append(keys, fresh[j])
		}
		if n < len(fresh) {
			require.True(t, has(want, fresh[n]))
		}
		if i > 20_000 {
			break // there are no more such keys
		}
	}
	require.Equal(t, len(keys), x.Len())
	for key, id := range want {
		got, ok := x.find(key)
		require.True(t, ok)
		require.Equal(t, id, got)
		require.Equal(t, key, x.Key(id))
		_, ok = x.find(key ^ 1<<50)
		require.Equal(t, ok, has(want, key^1<<50))
	}
	for id := 0; id < len(keys); id += 1 + len(keys)/50 {
		require.Equal(t, len(keys)-id, followAll(x, keys[id:], uint32(id)))
	}
	require.Panics(t, func() { x.Key(uint32(len(keys))) })
	checkSegments(t, x)
}

// checkIndexKeeps numbers keys, makes the index forget some, and numbers all of them again, beside a new index that has only those
// that were kept.
func checkIndexKeeps(t *testing.T, x *Index, make func(r *rand.Rand, i int) Key) {
	r := rand.New(rand.NewPCG(3, 4))
	var keys []Key
	for i := range 1500 {
		keys = append(keys, make(r, i))
	}
	for range 12 {
		from := r.IntN(len(keys))
		some := keys[from : from+r.IntN(len(keys)-from)]
		_, err := x.Number(some, nil)
		require.NoError(t, err)

		var kept []uint32
		want := newIndex(x.most)
		part := r.IntN(4)
		for id := range uint32(x.Len()) {
			if r.IntN(4) >= part {
				kept = append(kept, id)
				_, err := want.Number([]Key{x.Key(id)}, nil)
				require.NoError(t, err)
			}
		}
		x.Keep(kept)
		checkSegments(t, x)
		require.Equal(t, want.Len(), x.Len())
		for _, again := range [][]Key{some, keys} {
			wanted, err := want.Number(again, nil)
			require.NoError(t, err)
			got, err := x.Number(again, nil)
			require.NoError(t, err)
			require.Equal(t, wanted, got)
		}
		checkSegments(t, x)
	}
	x.Keep(nil)
	checkSegments(t, x)
	require.Zero(t, x.Len())
}

func has(m map[Key]uint32, key Key) bool {
	_, ok := m[key]
	return ok
}

// followAll follows from page to page.
func followAll(x *Index, keys []Key, guess uint32) (n int) {
	for n < len(keys) {
		k := x.follow(keys[n:], guess+uint32(n))
		if k == 0 {
			break
		}
		n += k
	}
	return n
}

// checkSegments checks that each segment is where its keys belong, and not fuller than it may be.
func checkSegments(t *testing.T, x *Index) {
	held := 0
	for i, s := range x.segments {
		times := len(x.segments) >> s.depth
		require.True(t, s == x.segments[i&^(times-1)])
		if i%times > 0 {
			continue
		}
		count := 0
		for at, slot := range s.slots {
			if s.tags[at] != 0 {
				count++
				require.True(t, s == x.segment(slot&upperHalf))
			}
		}
		require.Equal(t, s.tags[:groupSize], s.tags[len(s.slots):])
		require.Equal(t, len(s.slots)-len(s.slots)/4-s.room, count)
		require.GreaterOrEqual(t, s.room, 0)
		held += count
	}
	require.Equal(t, x.Len(), held+len(x.crowd))
}

// TestNumberAll compares requests numbered together with requests numbered one by one: they share beginnings, repeat keys, and
// meet keys that others of the same call bring.
func TestNumberAll(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 4))
	for _, most := range []uint{3, 5, segmentBits} {
		all, one := newIndex(most), newIndex(most)
		alike := most == 3
		conversations := make([][]Key, 30)
		for range 300 {
			requests := make([]Request, r.IntN(3*probedTogether))
			for i := range requests {
				c := &conversations[r.IntN(len(conversations))]
				for range r.IntN(30) {
					key := Key(r.Uint64())
					if alike && r.IntN(3) == 0 {
						key = unspread(7<<40 | r.Uint64()>>32) // the same tag, and mostly the same slot
					}
					*c = append(*c, key)
				}
				if len(*c) > 0 && r.IntN(4) == 0 {
					*c = append(*c, (*c)[r.IntN(len(*c))])
				}
				*c = (*c)[:min(len(*c), 400)]
				requests[i].Keys = (*c)[:r.IntN(len(*c)+1)]
				requests[i].Rows = []Row{{9, 9}} // of an earlier call
			}
			n, err := all.NumberAll(requests)
			require.NoError(t, err)
			require.Equal(t, len(requests), n)
			for _, request := range requests {
				want, err := one.Number(request.Keys, nil)
				require.NoError(t, err)
				require.Equal(t, fmt.Sprint(want), fmt.Sprint(request.Rows))
			}
		}
		require.Equal(t, one.Len(), all.Len())
		checkSegments(t, all)
	}
}

// TestNumberAllStops ends before the request that has no room, and numbers none of its keys.
func TestNumberAllStops(t *testing.T) {
	x := NewIndex()
	x.Limit = 5
	requests := []Request{{Keys: []Key{1, 2}}, {Keys: []Key{1, 2, 3}}, {Keys: []Key{1, 4, 5, 6}}, {Keys: []Key{1}}}
	n, err := x.NumberAll(requests)
	require.ErrorIs(t, err, ErrTooManyChunks)
	require.Equal(t, 2, n)
	require.Equal(t, 3, x.Len())
	require.Equal(t, []Row{{0, 3}}, requests[1].Rows)
}

// TestExpected numbers the same keys whatever number of them is expected.
func TestExpected(t *testing.T) {
	for _, expected := range []int{-5, 0, 1, 100, 2000, 1 << 40} {
		x := newIndex(3)
		x.Expected = expected
		r := rand.New(rand.NewPCG(5, 6))
		keys := make([]Key, 2000)
		for i := range keys {
			keys[i] = Key(r.Uint64())
		}
		for i := range keys {
			rows, err := x.Number(keys[i:i+1], nil)
			require.NoError(t, err)
			require.Equal(t, []Row{{uint32(i), 1}}, rows)
		}
		checkSegments(t, x)
		rows, err := x.Number(keys, nil)
		require.NoError(t, err)
		require.Equal(t, []Row{{0, len(keys)}}, rows)
	}
}

// TestSplitBits checks that a split makes as many segments as the expected keys need, an odd step first, and no more than four.
func TestSplitBits(t *testing.T) {
	x := newIndex(3) // six keys a segment
	for _, tt := range []struct {
		depth    uint
		expected int
		want     uint
	}{
		{0, 0, 1}, {0, -1, 1}, {0, -1 << 63, 1}, {5, 6, 1},
		{0, 15, 1}, // twelve keys fill two segments
		{0, 16, 2},
		{0, 30, 2}, // 24 fill four
		{0, 31, 1}, {1, 31, 2},
		{0, 1<<63 - 1, 2}, {maxDepth - 3, 1<<63 - 1, 1}, {maxDepth - 2, 1<<63 - 1, 2}, {maxDepth - 1, 1<<63 - 1, 1},
	} {
		x.Expected = tt.expected
		require.Equal(t, tt.want, x.splitBits(tt.depth), "%+v", tt)
	}
}

// TestProbes looks up the beginnings of requests: they jump back and forth, cross pages, and end at an unknown key.
func TestProbes(t *testing.T) {
	x := NewIndex()
	r := rand.New(rand.NewPCG(7, 8))
	known := make([]Key, 5<<pageBits/2)
	for i := range known {
		known[i] = Key(r.Uint64())
	}
	all, err := x.Number(known, nil)
	require.NoError(t, err)
	require.Equal(t, []Row{{0, len(known)}}, all)
	requests := []Request{{}, {Keys: known}, {Keys: []Key{1}}}
	want := [][]Row{nil, all, nil}
	for len(requests) < probedTogether {
		var keys []Key
		var rows []Row
		for range r.IntN(20) {
			first := r.IntN(len(known) - 1)
			n := 1 + r.IntN(min(len(known)-first, 1<<pageBits))
			keys = append(keys, known[first:first+n]...)
			rows = appendIDs(rows, 0, uint32(first), n)
		}
		requests = append(requests, Request{Keys: append(keys, 1, known[0])})
		want = append(want, rows)
	}
	x.probeAll(requests)
	for i := range requests {
		require.Equal(t, fmt.Sprint(want[i]), fmt.Sprint(requests[i].Rows))
	}
}

// checkIndexRestores requires that a restored index goes on as the one whose keys it has, and that it notices a key that is there twice.
func checkIndexRestores(t *testing.T, most uint, make func(r *rand.Rand, i int) Key) {
	r := rand.New(rand.NewPCG(5, 6))
	for _, n := range []int{0, 1, 2, 5, 6, 7, 48, 49, 1000, 3000} {
		x, y := newIndex(most), newIndex(most)
		for i := range n {
			_, err := x.Number([]Key{make(r, i)}, nil)
			require.NoError(t, err)
		}
		keys := slices.Collect(x.Keys())
		require.True(t, y.Restore(slices.Chunk(keys, 1+r.IntN(100))))
		for i := range n + 100 {
			more := []Key{make(r, i), make(r, n+i), make(r, i+1)}
			want, err := x.Number(more, nil)
			require.NoError(t, err)
			got, err := y.Number(more, nil)
			require.NoError(t, err)
			require.Equal(t, want, got)
		}
		require.Equal(t, slices.Collect(x.Keys()), slices.Collect(y.Keys()))
		require.Panics(t, func() { y.Restore(slices.Values([][]Key{{1}})) })
		if len(keys) > 0 {
			again := append(slices.Clone(keys), keys[r.IntN(len(keys))])
			require.False(t, newIndex(most).Restore(slices.Values([][]Key{again})))
			few := newIndex(most)
			few.Limit = len(keys) - 1
			require.False(t, few.Restore(slices.Values([][]Key{keys})))
		}
	}
}
