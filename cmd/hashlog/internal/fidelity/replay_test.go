package main

import (
	"container/list"
	"context"
	"errors"
	"math"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"hashlog/sim"
	"hashlog/sim/policy"
)

// plainServer is a server that is a plain LRU.
type plainServer struct {
	capacity int
	queue    list.List // of ids, the most recent first
	at       map[uint32]*list.Element
	evicted  int64
	times    []float64 // of the touches
	fail     error
}

func newPlainServer(capacity int) *plainServer {
	return &plainServer{capacity: capacity, at: map[uint32]*list.Element{}}
}

func (s *plainServer) prefix(chunks []uint32) (k int, err error) {
	for k < len(chunks) && s.at[chunks[k]] != nil {
		k++
	}
	return k, s.fail
}

func (s *plainServer) touch(chunks []uint32, at float64) error {
	s.times = append(s.times, at)
	for _, id := range chunks {
		if e := s.at[id]; e != nil {
			s.queue.MoveToFront(e)
			continue
		}
		if s.queue.Len() == s.capacity {
			delete(s.at, s.queue.Remove(s.queue.Back()).(uint32))
			s.evicted++
		}
		s.at[id] = s.queue.PushFront(id)
	}
	return nil
}

func (s *plainServer) held() (holding, error) {
	return holding{chunks: int64(s.queue.Len()), evicted: s.evicted}, nil
}

func (s *plainServer) stop() {}

// TestReplayPlain holds that a server that is a plain LRU measures, to the last token, what a plain LRU predicts.
func TestReplayPlain(t *testing.T) {
	w := readDemo(t, math.MaxInt)
	for _, order := range []sim.Order{sim.HeadFirst, sim.TailFirst} {
		s := newPlainServer(1000)
		flat := clock{faster: math.Inf(1)}
		out, err := replay(context.Background(), s, w, order, flat)
		require.NoError(t, err)
		rate, err := predict(context.Background(), w, policy.LRU(), out.held, order, out.times)
		require.NoError(t, err)
		require.Equal(t, rate, out.rate())
		require.EqualValues(t, 1000, out.held)
		require.EqualValues(t, s.evicted, out.evicted)
		require.EqualValues(t, 23_457_995, out.total)
		require.Equal(t, w.requests[7].time, s.times[7])
	}
}

// TestReplayPace holds that requests are sent at their times, and which are late.
func TestReplayPace(t *testing.T) {
	w := &workload{requests: []request{{time: 100}, {time: 104}, {time: 104}}}
	began := unixNow()
	out, err := replay(context.Background(), newPlainServer(1), w, sim.HeadFirst, clock{began, 100, 40})
	require.NoError(t, err)
	require.InDelta(t, .1, unixNow()-began, .09)
	require.Zero(t, out.late)
	out, err = replay(context.Background(), newPlainServer(1), w, sim.HeadFirst, clock{began - 2, 100, 40})
	require.NoError(t, err)
	require.Equal(t, 3, out.late)
}

// TestReplayInterrupted holds that a wait ends with the context.
func TestReplayInterrupted(t *testing.T) {
	ctx, cancel := context.WithTimeout(context.Background(), 10*time.Millisecond)
	defer cancel()
	w := &workload{requests: []request{{time: 0}, {time: 3600}}}
	_, err := replay(ctx, newPlainServer(1), w, sim.HeadFirst, clock{unixNow(), 0, 1})
	require.ErrorIs(t, err, context.DeadlineExceeded)
}

// TestReplayFails holds that an error of the server ends a replay, and says where.
func TestReplayFails(t *testing.T) {
	s := newPlainServer(1)
	s.fail = errors.New("gone")
	_, err := replay(context.Background(), s, readDemo(t, 3), sim.HeadFirst, clock{faster: math.Inf(1)})
	require.EqualError(t, err, "request 1: gone")
}

func TestClock(t *testing.T) {
	require.EqualValues(t, 1010, clock{began: 1000, first: 500, faster: 2}.at(520))
	require.EqualValues(t, 1000, clock{began: 1000, first: 500, faster: math.Inf(1)}.at(520))
}

// TestReadWorkload holds that chunks are numbered in order of first sight.
func TestReadWorkload(t *testing.T) {
	w := readDemo(t, math.MaxInt)
	require.Len(t, w.requests, 3842)
	next, lookups := uint32(0), 0
	for _, q := range w.requests {
		for _, id := range q.chunks {
			require.LessOrEqual(t, id, next)
			next = max(next, id+1)
		}
		lookups += len(q.chunks)
	}
	require.EqualValues(t, 11_469, next)
	require.Equal(t, 89_745, lookups)

	_, err := readWorkload(context.Background(), []string{"../../../../testdata/bad.jsonl"})
	require.ErrorContains(t, err, "bad.jsonl:")
}
