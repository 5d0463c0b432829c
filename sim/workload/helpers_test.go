package workload_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"hashlog/sim/workload"
)

// generate returns a generator of valid options.
func generate(t testing.TB, o workload.Options) *workload.Generator {
	t.Helper()
	g, err := workload.New(o)
	require.NoError(t, err)
	return g
}

// kept is a request that outlives the next call of Next.
type kept struct {
	workload.Request
	id     string
	hashes []string
}

// all returns every request of a generator, with copies of its hashes if hashes is set.
func all(g *workload.Generator, hashes bool) []kept {
	var requests []kept
	var r workload.Request
	for g.Next(&r) {
		k := kept{Request: r, id: string(r.RequestID)}
		for i := 0; hashes && i < len(r.Hashes); i++ {
			k.hashes = append(k.hashes, string(r.Hashes[i]))
		}
		requests = append(requests, k)
	}
	return requests
}

// exhaust makes all requests of a generator, and returns its counts.
func exhaust(g *workload.Generator) workload.Stats {
	var r workload.Request
	for g.Next(&r) {
	}
	return g.Stats()
}
