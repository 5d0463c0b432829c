package measured

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// A madeUpServer counts hits and requests minute by minute. Now and then it starts again, or isn't read.
type madeUpServer struct {
	from              int // the minute in which it starts
	hits, requests    []int
	hitsRead, allRead []string // what was read at the end of each minute
}

func makeUpServer(rng *rand.Rand, from, minutes int) *madeUpServer {
	s := &madeUpServer{from: from}
	hits, requests, read := 0, 0, false
	for m := range minutes {
		h, r := 0, 0
		if m >= from {
			r = 5 + rng.IntN(6)
			h = rng.IntN(r + 1)
		}
		if read && hits > 100 && requests > 200 && rng.IntN(30) == 0 {
			hits, requests = 0, 0 // right after it was read, so that nothing is lost
		}
		hits, requests = hits+h, requests+r
		s.hits, s.requests = append(s.hits, h), append(s.requests, r)
		read = m >= from && (m <= from || m == minutes-1 || rng.IntN(10) > 0)
		if !read {
			s.hitsRead, s.allRead = append(s.hitsRead, "-"), append(s.allRead, "-")
			continue
		}
		s.hitsRead, s.allRead = append(s.hitsRead, fmt.Sprint(hits)), append(s.allRead, fmt.Sprint(requests))
	}
	return s
}

// TestWindowsOfMadeUpServers compares the windows with what servers of our own making counted, minute by minute.
func TestWindowsOfMadeUpServers(t *testing.T) {
	const minutes = 120
	for seed := range uint64(25) {
		rng := rand.New(rand.NewPCG(seed, 0))
		var servers []*madeUpServer
		var series []string
		for i := range 1 + rng.IntN(4) {
			from := 0
			if i > 0 && rng.IntN(2) == 0 {
				from = rng.IntN(minutes)
			}
			s := makeUpServer(rng, from, minutes)
			servers = append(servers, s)
			series = append(series, fmt.Sprintf(`%s{pod="%d"} %s`, vllmHits, i, strings.Join(s.hitsRead, " ")),
				fmt.Sprintf(`%s{pod="%d"} %s`, vllmRequests, i, strings.Join(s.allRead, " ")))
		}
		rng.Shuffle(len(series), func(i, j int) { series[i], series[j] = series[j], series[i] })
		got, err := readTexts(Options{}, matrix(series...))
		require.NoError(t, err, "seed %d", seed)

		require.Equal(t, 0.0, got.Windows[0].Start)
		require.Equal(t, 60.0*(minutes-1), got.Windows[len(got.Windows)-1].End)
		for i, w := range got.Windows {
			require.True(t, i == 0 || got.Windows[i-1].End == w.Start)
			var hits, requests int
			for _, s := range servers {
				for m := int(w.Start/60) + 1; m <= int(w.End/60); m++ { // what the reading at the end of minute m added
					hits += s.hits[m]
					requests += s.requests[m]
				}
			}
			require.Equal(t, [2]int{hits, requests}, [2]int{int(w.HitTokens), int(w.RequestedTokens)}, "seed %d, window %d", seed, i)
		}
	}
}

// FuzzMeasured reads anything. What it takes for a series has windows as a Series promises.
func FuzzMeasured(f *testing.F) {
	f.Add(matrix(vllmHits+` 1 2 - 4`, vllmRequests+` 10 20 NaN 40`), 0)
	f.Add("["+matrix(vllmHits+`{a="1"} 1 0`)+"]"+matrix(vllmRequests+` 10 20`), 0)
	f.Add("["+strings.Join(eachSeries([]string{"sglang:cached_tokens_total 1 2", "sglang:prompt_tokens_total 1 2"}), ",")+"]", 0)
	f.Add(csvHeader+"0,1,2\n60,3,4\n120,2,9\n", 0)
	f.Add(csvHeader+"0,1,2\n60,3,4\n", 1)
	f.Add(csvHeader+"2024-03-31T00:00:00Z,1,2\n1e10,3,4\n", 2)
	f.Fuzz(func(t *testing.T, text string, form int) {
		s, err := readTexts(Options{Form: Form(uint(form) % 3)}, text)
		if err != nil {
			require.NotEmpty(t, err.Error())
			return
		}
		require.NotEmpty(t, s.Windows)
		for i, w := range s.Windows {
			require.Less(t, w.Start, w.End)
			require.GreaterOrEqual(t, w.HitTokens, 0.0)
			require.GreaterOrEqual(t, w.RequestedTokens, 0.0)
			if i > 0 {
				require.LessOrEqual(t, s.Windows[i-1].End, w.Start)
			}
		}
	})
}
