package analyze

import (
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"hashlog/sim"
)

// plainTurn is next by the letter. lists are the chunks of all earlier requests, with their turns.
func plainTurn(ids []uint32, lists [][]uint32, turns []int) int {
	for n := len(ids) - 1; n > 0; n-- {
		for i := len(lists) - 1; i >= 0; i-- {
			if slices.Equal(lists[i], ids[:n]) {
				return turns[i] + 1
			}
		}
	}
	return 0
}

func TestTurns(t *testing.T) {
	for seed := range seeds(200) {
		rng := rand.New(rand.NewPCG(seed, 1))
		var lists [][]uint32
		var found []int
		turns := newTurns()
		for range 60 {
			var ids []uint32
			if len(lists) > 0 && rng.IntN(3) > 0 {
				earlier := lists[rng.IntN(len(lists))]
				ids = slices.Clone(earlier[:rng.IntN(len(earlier)+1)])
			}
			for range rng.IntN(4) {
				ids = append(ids, uint32(rng.IntN(80)))
			}
			got := turns.next(turnRows(ids))
			require.Equal(t, plainTurn(ids, lists, found), got, "seed %d, %v after %v", seed, ids, lists)
			lists, found = append(lists, ids), append(found, got)
		}
	}
}

// turnRows returns ids as rows.
func turnRows(ids []uint32) (rows []sim.Row) {
	for _, id := range ids {
		if n := len(rows) - 1; n >= 0 && rows[n].First+uint32(rows[n].N) == id {
			rows[n].N++
			continue
		}
		rows = append(rows, sim.Row{First: id, N: 1})
	}
	return rows
}
