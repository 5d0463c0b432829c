package memory

import (
	"context"
	"runtime"
	"runtime/debug"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"
)

// process is one that has what resident says.
type process struct {
	resident atomic.Int64
	free     func()       // nil: nothing can be freed
	freed    atomic.Int64 // how often that was tried
}

func (p *process) watcher(limit int64) *Watcher {
	return &Watcher{Limit: limit, resident: p.resident.Load, free: func() {
		p.freed.Add(1)
		if p.free != nil {
			p.free()
		}
	}}
}

// has sets what the process has, and waits until the watcher may have looked again.
func (p *process) has(resident int64, wait time.Duration) {
	p.resident.Store(resident)
	time.Sleep(wait)
	synctest.Wait()
}

func TestResident(t *testing.T) {
	debug.FreeOSMemory()
	before := Resident()
	held := make([]byte, 64<<20)
	for i := 0; i < len(held); i += 4096 {
		held[i] = 1
	}
	require.Greater(t, Resident()-before, int64(60<<20))
	require.Greater(t, runtimeResident(), int64(len(held)))
	runtime.KeepAlive(held)
}

func TestNothingToWatch(t *testing.T) {
	var w Watcher
	ctx, stop := w.Watch(t.Context())
	require.NoError(t, ctx.Err())
	stop()
	require.ErrorIs(t, context.Cause(ctx), context.Canceled)
}

func TestLimit(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var p process
		ctx, stop := p.watcher(1000).Watch(t.Context())
		defer stop()
		p.has(1000, 10*time.Second)
		require.NoError(t, ctx.Err())
		require.Zero(t, p.freed.Load())
		p.has(1001, 2*interval)
		require.Equal(t, &LimitError{Resident: 1001, Limit: 1000}, context.Cause(ctx))
		require.EqualValues(t, 1, p.freed.Load())
	})
}

// TestOverFromTheStart ends before anything is done.
func TestOverFromTheStart(t *testing.T) {
	var p process
	p.resident.Store(1001)
	ctx, stop := p.watcher(1000).Watch(t.Context())
	defer stop()
	require.EqualError(t, context.Cause(ctx), "1001 bytes of memory in use, more than the limit of 1000")
}

// TestGarbageIsFreedFirst reaches the limit with garbage again and again: that is all right, unless freeing it does not
// last.
func TestGarbageIsFreedFirst(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var p process
		p.free = func() { p.resident.Store(500) }
		ctx, stop := p.watcher(1000).Watch(t.Context())
		defer stop()
		for range 3 {
			p.has(2000, freeEvery+interval)
			require.EqualValues(t, 500, p.resident.Load())
			require.NoError(t, ctx.Err())
		}
		require.EqualValues(t, 3, p.freed.Load())
		p.has(2000, 2*interval)
		require.NoError(t, ctx.Err())
		p.has(1500, 2*interval)
		require.Equal(t, &LimitError{Resident: 1500, Limit: 1000}, context.Cause(ctx))
		require.EqualValues(t, 4, p.freed.Load())
	})
}

func TestNoteOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var p process
		var noted atomic.Int64
		w := p.watcher(0)
		w.NoteAbove, w.Note = 500, func(resident int64) { noted.Add(resident) }
		ctx, stop := w.Watch(t.Context())
		defer stop()
		p.has(500, 2*interval)
		require.Zero(t, noted.Load())
		for _, resident := range []int64{501, 400, 700} {
			p.has(resident, 2*interval)
		}
		require.EqualValues(t, 501, noted.Load())
		require.NoError(t, ctx.Err())
	})
}

// TestCollectorKnows looks at the limit that the garbage collector goes by.
func TestCollectorKnows(t *testing.T) {
	before := debug.SetMemoryLimit(1 << 40)
	defer debug.SetMemoryLimit(before)
	now := func() int64 { return debug.SetMemoryLimit(-1) }
	_, stop := (&process{}).watcher(1 << 30).Watch(t.Context())
	require.EqualValues(t, 1<<30-1<<26, now())
	stop()
	require.EqualValues(t, 1<<40, now())

	_, stop = (&process{}).watcher(1 << 50).Watch(t.Context())
	require.EqualValues(t, 1<<40, now(), "GOMEMLIMIT is lower")
	stop()
}
