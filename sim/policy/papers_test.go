package policy

import (
	"context"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"hashlog/sim"
)

// TestByHand follows caches through examples that were worked out by hand. A step is a request of chunks, one a letter, and
// what the cache holds after it.
func TestByHand(t *testing.T) {
	for name, tt := range map[string]struct {
		spec  Spec
		c     int64
		order sim.Order
		steps [][2]string
	}{
		"fifo": {parsed(t, "fifo"), 3, sim.HeadFirst, [][2]string{
			{"a", "a"}, {"b", "ab"}, {"c", "abc"}, {"a", "abc"}, {"d", "bcd"}, {"a", "acd"}, {"bc", "abc"},
		}},
		// In the manner of figure 1 of the paper: a, b and g have been visited as h arrives. The hand passes a and b and takes
		// c; from there it passes d, which has been visited meanwhile, and takes e, then f.
		"sieve": {parsed(t, "sieve"), 7, sim.HeadFirst, [][2]string{
			{"abcdefg", "abcdefg"}, {"abg", "abcdefg"}, {"h", "abdefgh"}, {"a", "abdefgh"}, {"d", "abdefgh"}, {"i", "abdfghi"},
			{"b", "abdfghi"}, {"j", "abdghij"},
			// The hand is at g, which was visited long ago; then it takes h, i, j and k, in front of it, and starts again at a and b.
			{"k", "abdgijk"}, {"l", "abdgjkl"}, {"mn", "abdglmn"}, {"lmn", "abdglmn"}, {"o", "abglmno"},
		}},
		// Small queue, main queue and ghost queue of two chunks each, the newest first.
		"s3fifo": {parsed(t, "s3fifo:small=0.5"), 4, sim.HeadFirst, [][2]string{
			{"abcd", "abcd"}, // small dcba
			{"a", "abcd"}, {"a", "abcd"},
			{"e", "acde"},                  // a has two hits and moves: small edc, main a, ghost b
			{"b", "abde"},                  // from the ghost: small ed, main ba, ghost c
			{"f", "abef"},                  // small fe, main ba, ghost dc
			{"c", "abcf"},                  // the eviction of e makes the ghost forget c first: small cf, main ba, ghost ed
			{"e", "abce"},                  // small c, main eba, ghost f
			{"g", "bceg"},                  // the small queue is short, so main evicts a: small gc, main eb
			{"bb", "bceg"}, {"cc", "bceg"}, // two hits each
			{"h", "bch"},  // c moves, and main is too long: b is reinserted, e goes; then g goes: small h, main bc, ghost gf
			{"g", "bcgh"}, // small h, main gbc
			{"i", "bghi"},
		}},
		// T1, T2, B1 and B2, the least recently used first.
		"arc": {parsed(t, "arc"), 2, sim.HeadFirst, [][2]string{
			{"a", "a"}, {"b", "ab"}, // T1 ab
			{"a", "ab"}, // T1 b, T2 a
			{"c", "ac"}, // T1 c, T2 a, B1 b
			{"b", "bc"}, // p = 1: T1 c, T2 b, B2 a
			{"a", "ab"}, // p = 0: T2 ba, B1 c
			{"d", "ad"}, // T1 d, T2 a, B1 c, B2 b
			{"e", "ae"}, // T1 and B1 have two: T1 e, T2 a, B1 d, B2 b
			{"d", "de"}, // p = 1: T1 e, T2 d, B2 ba
			{"b", "bd"}, // p = 0: T2 db, B1 e, B2 a
		}},
		"arc, T1 takes all": {parsed(t, "arc"), 2, sim.HeadFirst, [][2]string{
			{"abc", "bc"}, // a is forgotten
			{"a", "ac"},   // so it is new: T1 ca
			{"a", "ac"},   // T1 c, T2 a
			{"d", "ad"},   // T1 d, T2 a, B1 c: b is forgotten too
			{"b", "ab"},
		}},
		// The conversation abcd has the branches abc and abef. Leaves go, the least recently used first.
		"radix": {parsed(t, "radix"), 6, sim.HeadFirst, [][2]string{
			{"abcd", "abcd"}, {"abef", "abcdef"},
			{"g", "abcefg"}, // d
			{"h", "abefgh"}, // then c, its parent
			{"i", "abeghi"}, // then f
			{"ab", "abeghi"},
			{"j", "abghij"}, // e is a leaf, and older than g
			{"k", "abhijk"}, {"l", "abijkl"},
			{"mnop", "klmnop"}, // i, then b and its parent a, which were used before j, then j
			{"q", "lmnopq"},
		}},
		"radix, larger than the cache": {parsed(t, "radix"), 3, sim.HeadFirst, [][2]string{
			{"xy", "xy"},
			{"abcde", "abc"}, // d and e would displace c
			{"abcde", "abc"},
			{"xabcd", "abx"}, // x displaces c; then c would displace b
		}},
		"radix, tail first": {parsed(t, "radix"), 3, sim.TailFirst, [][2]string{
			{"abcde", "abc"}, // b displaces e, and a displaces d
			{"abx", "abx"},
			{"ay", "aby"},
			{"yz", "ayz"},
		}},
		// A parent that was used again by itself is a leaf among younger ones.
		"radix, a parent used since": {parsed(t, "radix"), 4, sim.HeadFirst, [][2]string{
			{"ab", "ab"}, {"c", "abc"}, {"a", "abc"}, {"d", "abcd"},
			{"e", "acde"}, // b
			{"f", "adef"}, // c, since a was used after it
			{"g", "defg"}, // a
		}},
		"radix, a chunk twice": {parsed(t, "radix"), 2, sim.TailFirst, [][2]string{
			{"aa", "a"}, {"bc", "bc"}, // a is not its own parent
		}},
		"lru": {LRU(), 3, sim.HeadFirst, [][2]string{
			{"abc", "abc"}, {"abd", "abd"}, {"ca", "acd"},
		}},
		"batched": {Batched(sim.Watermark{Trigger: 0.75, Ratio: 0.5}), 4, sim.HeadFirst, [][2]string{
			{"ab", "ab"}, {"c", "bc"}, {"defgh", "efgh"}, {"", "gh"}, {"", "gh"},
		}},
	} {
		t.Run(name, func(t *testing.T) {
			var requests []made
			seen := sighted{}
			for _, step := range tt.steps {
				q := made{}
				for _, letter := range step[0] {
					q.ids = append(q.ids, seen.ids(int(letter))...)
				}
				requests = append(requests, q)
			}
			trace := newTrace(requests)
			r, err := trace.newReplayer(tt.spec, Capacity{N: tt.c}, tt.order)
			require.NoError(t, err)
			for i, step := range tt.steps {
				r.request(i)
				var held []string
				for letter, id := range seen {
					if r.cache.room.place[id].resident() {
						held = append(held, string(rune(letter)))
					}
				}
				slices.Sort(held)
				require.Equal(t, step[1], strings.Join(held, ""), "after request %d, %s", i, step[0])
			}
		})
	}
}

// TestBeladysAnomaly replays the string of Belady, Nelson and Shedler (Communications of the ACM 12(6), 1969), for which FIFO
// needs more fetches with more room.
func TestBeladysAnomaly(t *testing.T) {
	var trace Trace
	index := sim.NewIndex()
	for _, key := range []sim.Key{1, 2, 3, 4, 1, 2, 5, 1, 2, 3, 4, 5} {
		rows, err := index.Number([]sim.Key{key}, nil)
		require.NoError(t, err)
		trace.Add(Request{Rows: rows, Counted: true})
	}
	for _, tt := range []struct {
		spec     Spec
		capacity int64
		fetches  int64
	}{{parsed(t, "fifo"), 3, 9}, {parsed(t, "fifo"), 4, 10}, {LRU(), 3, 10}, {LRU(), 4, 8}} {
		got, err := trace.Replay(context.Background(), tt.spec, Capacity{N: tt.capacity}, sim.HeadFirst)
		require.NoError(t, err)
		require.Equal(t, Result{ChunkHits: 12 - tt.fetches, Inserted: tt.fetches, Evictions: tt.fetches - tt.capacity}, got, "%s %d", tt.spec, tt.capacity)
	}
}
