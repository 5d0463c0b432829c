package sim

import (
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/require"
)

// TestPages compares pages with a slice, around and across their borders.
func TestPages(t *testing.T) {
	const page = 1 << pageBits
	r := rand.New(rand.NewPCG(1, 2))
	var p pages[uint32]
	var want []uint32
	for step := range 60 {
		switch n := []int{1, page / 3, page - 1, page, page + 1}[r.IntN(5)]; step % 3 {
		case 0:
			values := make([]uint32, n)
			for i := range values {
				values[i] = r.Uint32()
			}
			p.append(values...)
			want = append(want, values...)
		case 1:
			p.appendN(uint32(step), n)
			for range n {
				want = append(want, uint32(step))
			}
		case 2:
			keep := r.IntN(len(want) + 1)
			if r.IntN(2) == 0 {
				keep = keep / page * page
			}
			if r.IntN(2) == 0 {
				p.truncate(keep)
			} else {
				p.shrink(keep)
				require.LessOrEqual(t, len(p.spare), (keep+page-1)/page/2+1)
			}
			want = want[:keep]
		}
		if len(want) > 0 {
			i := r.IntN(len(want))
			want[i] = r.Uint32()
			p.set(uint32(i), want[i])
		}
		require.Equal(t, len(want), p.len())
		comparePages(t, r, &p, want)
	}
}

func comparePages(t *testing.T, r *rand.Rand, p *pages[uint32], want []uint32) {
	var all []uint32
	for len(all) < len(want) {
		part := p.from(uint32(len(all)), len(want)-len(all))
		require.NotEmpty(t, part)
		all = append(all, part...)
	}
	require.True(t, len(want) == 0 || len(all) == len(want) && string32(all) == string32(want))
	for end := len(want); end > 0; {
		part := p.upTo(uint32(end), end)
		require.NotEmpty(t, part)
		require.Equal(t, string32(want[end-len(part):end]), string32(part))
		end -= len(part)
	}
	for range min(len(want), 20) {
		i := r.IntN(len(want))
		require.Equal(t, want[i], p.at(uint32(i)))
		n := 1 + r.IntN(5)
		require.LessOrEqual(t, len(p.from(uint32(i), n)), n)
		require.LessOrEqual(t, len(p.upTo(uint32(i)+1, n)), n)
	}
}

// string32 makes long lists quick to compare.
func string32(values []uint32) string {
	b := make([]byte, 0, 4*len(values))
	for _, v := range values {
		b = append(b, byte(v), byte(v>>8), byte(v>>16), byte(v>>24))
	}
	return string(b)
}
