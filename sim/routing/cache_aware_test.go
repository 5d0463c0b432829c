package routing

import (
	"testing"

	"github.com/stretchr/testify/require"
)

// state describes a fleet: what each node matches, and its requests.
type state struct {
	matches  []int
	requests []int64
}

// route routes a request of 100 chunks of 100 tokens and 10,000 tokens.
func (s state) route(t *testing.T, routing string, q Request) int {
	t.Helper()
	f := &fixedFleet{matches: s.matches}
	for _, n := range s.requests {
		f.loads = append(f.loads, Load{Requests: n, Waiting: n, Chunks: n, MissTokens: 100 * n})
	}
	q.Keys, q.ChunkSize, q.Tokens = make([]uint64, 100), 100, 10_000
	return parsed(t, routing).New(len(f.loads), Settings{NodeChunks: 1000}).Route(&q, f)
}

// Each row is at an edge of a rule.
func TestRules(t *testing.T) {
	for _, test := range []struct {
		routing, why string
		state
		want int
	}{
		{"longest-prefix", "the longest match, however busy", state{[]int{9, 10}, []int64{0, 1000}}, 1},
		{"longest-prefix", "equal matches: the fewest requests", state{[]int{10, 10, 9}, []int64{5, 4, 0}}, 1},
		{"longest-prefix", "no match: the fewest requests", state{[]int{0, 0, 0}, []int64{5, 4, 3}}, 2},

		{"dynamo", "a match is worth as much as active blocks", state{[]int{21, 0}, []int64{10, 0}}, 0},
		{"dynamo", "a block to compute and an active one cost alike", state{[]int{19, 0}, []int64{10, 0}}, 1},
		{"dynamo:credit=0.5", "a match is worth half", state{[]int{39, 0}, []int64{10, 0}}, 1},
		{"dynamo:scale=2", "prefill costs twice as much", state{[]int{16, 0}, []int64{10, 0}}, 0},
		{"dynamo:requests=1", "an active request costs a block", state{[]int{29, 0}, []int64{10, 0}}, 1},

		{"sglang", "64 requests more are balanced", state{[]int{31, 0}, []int64{64, 0}}, 0},
		{"sglang", "65 are not", state{[]int{31, 0}, []int64{65, 0}}, 1},
		{"sglang", "unless the least loaded has two thirds", state{[]int{31, 0}, []int64{195, 130}}, 0},
		{"sglang", "or somewhat less", state{[]int{31, 0}, []int64{196, 130}}, 1},
		{"sglang", "a match of three tenths is too short", state{[]int{30, 0}, []int64{1, 0}}, 1},

		{"aibrix", "8 requests more are balanced", state{[]int{50, 0, 0, 8}, []int64{8, 0, 8, 8}}, 0},
		{"aibrix", "9 are not", state{[]int{50, 0, 0, 8}, []int64{9, 0, 9, 9}}, 1},
		{"aibrix", "then the least loaded that matches", state{[]int{50, 1, 2, 8}, []int64{9, 0, 0, 9}}, 2},
		{"aibrix", "a node above the mean and a standard deviation is passed over", state{[]int{50, 1, 0, 0}, []int64{6, 1, 1, 1}}, 1},
		{"aibrix:sigma=2", "two standard deviations are more", state{[]int{50, 1, 0, 0}, []int64{6, 1, 1, 1}}, 0},
		{"aibrix", "any match beats none", state{[]int{0, 1}, []int64{0, 1}}, 1},

		{"llm-d", "the match counts twice", state{[]int{51, 0}, []int64{1, 0}}, 0},
		{"llm-d", "the longest queue loses a point", state{[]int{49, 0}, []int64{1, 0}}, 1},
		{"llm-d:queue=0", "usage counts too", state{[]int{4, 0}, []int64{100, 0}}, 1},
		{"llm-d:queue=0", "but less", state{[]int{6, 0}, []int64{100, 0}}, 0},

		{"production-stack", "all but 2,000 tokens match", state{[]int{0, 80}, []int64{0, 99}}, 1},
		{"production-stack", "one chunk less, and no session: the fewest requests", state{[]int{0, 79}, []int64{1, 0}}, 1},
		{"production-stack", "the first of them", state{[]int{0, 79, 0}, []int64{3, 3, 3}}, 0},
		{"production-stack", "the first of the holders", state{[]int{0, 90, 90}, []int64{3, 3, 0}}, 1},
		{"production-stack:tokens=1e6", "a node without a match is no holder", state{[]int{0, 0}, []int64{1, 0}}, 1},
	} {
		require.Equal(t, test.want, test.route(t, test.routing, Request{}), "%s: %s", test.routing, test.why)
	}
}

func TestProductionStackKeepsSessions(t *testing.T) {
	s := state{make([]int, 50), make([]int64, 50)}
	session := parsed(t, "session").New(50, Settings{})
	for _, id := range []string{"a", "b", "c"} {
		q := Request{Session: id}
		require.Equal(t, session.Route(&q, nil), s.route(t, "production-stack", q))
	}
}

// Without chunks nothing matches, and the request still has to go somewhere.
func TestRequestsWithoutChunks(t *testing.T) {
	for _, about := range All() {
		form := about.Name
		if about.Argument != "" {
			form += ":3"
		}
		router := parsed(t, form).New(3, Settings{NodeChunks: 10})
		f := &fixedFleet{make([]int, 3), make([]Load, 3)}
		for _, tokens := range []int64{0, 7} {
			node := router.Route(&Request{ChunkSize: 16, Tokens: tokens}, f)
			require.True(t, node >= 0 && node < 3, form)
		}
	}
}

// The same seed deals alike, and another one does not.
func TestSeed(t *testing.T) {
	deal := func(routing string, seed uint64) (nodes []int) {
		router := parsed(t, routing).New(10, Settings{Seed: seed})
		for range 50 {
			nodes = append(nodes, router.Route(&Request{ChunkSize: 16}, &fixedFleet{make([]int, 10), make([]Load, 10)}))
		}
		return nodes
	}
	for _, routing := range []string{"random", "longest-prefix", "dynamo", "sglang", "aibrix", "llm-d"} {
		require.Equal(t, deal(routing, 1), deal(routing, 1), routing)
		require.NotEqual(t, deal(routing, 1), deal(routing, 2), routing)
	}
}
