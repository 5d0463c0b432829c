package main

import (
	"context"
	"time"
)

// stopTime is how long a command goes on writing what it has after a signal, so that it ends within a second.
const stopTime = 500 * time.Millisecond

// withGrace returns a context that ends some time after ctx does.
func withGrace(ctx context.Context, grace time.Duration) (context.Context, context.CancelFunc) {
	later, cancel := context.WithCancel(context.WithoutCancel(ctx))
	stop := context.AfterFunc(ctx, func() { time.AfterFunc(grace, cancel) })
	return later, func() {
		stop()
		cancel()
	}
}

// cause returns what ended a piece of work: the end of ctx, or the cause for which working, which is derived from ctx, was
// cancelled, or else err, which may only be a consequence of these.
func cause(ctx, working context.Context, err error) error {
	switch {
	case ctx.Err() != nil:
		return ctx.Err()
	case working.Err() != nil:
		return context.Cause(working)
	}
	return err
}

// patience is how long await waits for f after its context has ended.
const patience = 500 * time.Millisecond

// await returns what f returns; f is not called if the context has ended. A single step of a replay can take long, such as
// growing a table of a billion chunks. If the context ends during one, await abandons f, since the program is about to end.
func await[T any](ctx context.Context, f func() (T, error)) (T, error) {
	var none, result T
	var err error
	if ctx.Err() != nil {
		return none, ctx.Err()
	}
	done := make(chan struct{})
	go func() {
		defer close(done)
		result, err = f()
	}()
	select {
	case <-done:
		return result, err
	case <-ctx.Done():
	}
	select {
	case <-done:
		return result, err
	case <-time.After(patience):
		return none, ctx.Err()
	}
}
