package main

import (
	"context"
	"fmt"
	"os"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"hashlog/sim"
	"hashlog/sim/policy"
)

// chunksIn returns how many chunks of a size a preset holds in so many bytes.
func chunksIn(t *testing.T, preset string, capacity, size int64) int64 {
	spec, err := policy.Parse(preset)
	require.NoError(t, err)
	chunks := &policy.Chunks{}
	cache, err := policy.NewLive(spec, policy.Capacity{N: capacity, InBytes: true}, sim.HeadFirst, chunks)
	require.NoError(t, err)
	n := capacity/size + 1
	chunks.Learn(int(n), size)
	for id := range uint32(n) {
		cache.Touch(0, []sim.Row{{First: id, N: 1}})
	}
	return cache.Chunks()
}

// TestServersRedisBytes holds the memory that the preset counts for a chunk to what a server takes for it, with keys of 64 bytes as
// the preset assumes them.
func TestServersRedisBytes(t *testing.T) {
	k := installed(t, "redis")
	s, err := startRedis(context.Background(), redisSettings{program: k.program, policy: "noeviction", samples: 5}, 1, 0)
	require.NoError(t, err)
	defer s.stop()
	_, err = s.do("CONFIG", "SET", "maxmemory", "0")
	require.NoError(t, err)
	for _, size := range []int64{100, 1000, 1024, 5000, 32 << 10, 100_000, 1 << 20, 5 << 18, 3 << 20, 5 << 20} {
		n := min(1024, 16<<20/size)
		took := s.bytesOf(t, int(size), int(n))
		capacity := 8192 * size
		counted := float64(capacity) / float64(chunksIn(t, "redis", capacity, size))
		t.Logf("a value of %d bytes: takes %.0f, counted as %.0f", size, took, counted)
		const buffers = 32 << 10 // which come and go
		require.InDelta(t, took, counted, 16+float64(buffers/n))
	}
}

// bytesOf returns what a server takes for a chunk, by storing n of them.
func (s *redisServer) bytesOf(t *testing.T, size, n int) float64 {
	value := strings.Repeat("x", size)
	store := func(i int) {
		_, err := s.do("SET", fmt.Sprintf("%064x", i), value)
		require.NoError(t, err)
	}
	store(0) // buffers grow
	_, err := s.do("FLUSHALL", "SYNC")
	require.NoError(t, err)
	before, err := s.info("memory", "used_memory")
	require.NoError(t, err)
	for i := range n {
		store(i)
	}
	after, err := s.info("memory", "used_memory")
	require.NoError(t, err)
	return float64(after-before) / float64(n)
}

// TestServersMemcachedBytes holds how many chunks the preset has room for to how many a server keeps. Those above half a mebibyte are
// chains of pieces.
func TestServersMemcachedBytes(t *testing.T) {
	installed(t, "memcached")
	const mib = 32
	for _, size := range []int{5000, 400_000, 600_000, 1 << 20, 3 << 20, 5 << 20} {
		p, err := startProcess(context.Background(), "memcached", func(socket string) []string {
			args := []string{"-s", socket, "-m", strconv.Itoa(mib), "-I", "8m"}
			if os.Getuid() == 0 {
				args = append(args, "-u", "root")
			}
			return args
		})
		require.NoError(t, err)
		s := memcachedOn(p, size)
		for id := range 3 * mib << 20 / size / 2 {
			require.NoError(t, s.store(uint32(id)))
		}
		now, err := s.held()
		s.stop()
		require.NoError(t, err)
		held := chunksIn(t, "memcached", mib<<20, int64(size))
		t.Logf("values of %d bytes in %d MiB: %d are kept, room is counted for %d", size, mib, now.chunks, held)
		require.InDelta(t, now.chunks, held, 2+float64(held)/1000) // headers and last pieces have a page at least
	}
}
