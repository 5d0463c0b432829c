package main

import (
	"context"
	"fmt"
	"math"

	"hashlog/sim"
)

// kind is a server with its settings.
type kind struct {
	preset  string // the cache of package policy that models it
	program string
	// timed says that the client may tell the server how old a touch is, so that a log needs not be replayed at its own pace.
	timed bool
	// start starts a server that holds about so many chunks. If it is timed, the log ends at last, in seconds since the Unix epoch.
	start func(ctx context.Context, capacity int, timed bool, last float64) (server, error)
}

// kinds returns the servers that can be measured.
func kinds() []kind {
	return []kind{
		redisKind("redis", "redis-server", "allkeys-lru", 5),
		redisKind("redis:samples=3", "redis-server", "allkeys-lru", 3),
		redisKind("redis:samples=10", "redis-server", "allkeys-lru", 10),
		redisKind("redis-lfu", "redis-server", "allkeys-lfu", 5),
		redisKind("valkey", "valkey-server", "allkeys-lru", 5),
		memcachedKind("memcached", ""),
		memcachedKind("memcached-flat", "no_modern"),
	}
}

func redisKind(preset, program, policy string, samples int) kind {
	return kind{preset, program, policy == "allkeys-lru", func(ctx context.Context, capacity int, timed bool, last float64) (server, error) {
		return startRedis(ctx, redisSettings{program, policy, samples, timed}, capacity, last)
	}}
}

func memcachedKind(preset, options string) kind {
	return kind{preset, "memcached", false, func(ctx context.Context, capacity int, _ bool, _ float64) (server, error) {
		return startMemcached(ctx, options, capacity)
	}}
}

// trial is a log on a server, or to be so.
type trial struct {
	kind     kind
	capacity int // chunks that are aimed at
	order    sim.Order
	faster   float64 // seconds of the log in a second of the server; +Inf: as fast as it can
	timed    bool    // the server learns the times of the log, whatever its pace
}

// run replays a log on a server.
func (t trial) run(ctx context.Context, w *workload) (result, error) {
	s, err := t.kind.start(ctx, t.capacity, t.timed, w.last())
	if err != nil {
		return result{}, fmt.Errorf("%s: %w", t.kind.preset, err)
	}
	defer s.stop()
	pace := clock{began: math.Floor(unixNow()) + 1, first: w.requests[0].time, faster: t.faster}
	if math.IsInf(t.faster, 1) {
		pace.began = unixNow()
	}
	out, err := replay(ctx, s, w, t.order, pace)
	if err != nil {
		return result{}, fmt.Errorf("%s of %d chunks: %w", t.kind.preset, t.capacity, err)
	}
	return t.result(out, pace, w), nil
}
