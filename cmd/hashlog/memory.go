package main

import (
	"context"
	"errors"
	"fmt"
	"sync/atomic"

	"hashlog/analyze"
	"hashlog/analyze/units"
	"hashlog/cmd/hashlog/internal/memory"
	"hashlog/cmd/hashlog/internal/progress"
	"hashlog/log"
)

// Percentages of the memory of the machine, or of the cgroup if that has less.
const (
	limitPercent = 80 // the limit of a replay without --memory-limit
	notePercent  = 50 // above which a note is printed
)

var memoryLimitHelp = fmt.Sprintf("abort the replay once it uses this much memory; inf for no limit "+
	"(default on Linux: %d %% of the memory of the machine or cgroup)", limitPercent)

// parseMemory reads a memory limit: a size in bytes, or inf.
func parseMemory(s string) (units.Capacity, error) {
	c, err := units.ParseCapacity(s)
	if err == nil && c.Unit == units.Chunks {
		err = fmt.Errorf("size %q: must be in bytes, or inf", s)
	}
	return c, err
}

// memoryBounds keep a replay within the memory there is.
type memoryBounds struct {
	machine memory.Machine
	limit   int64  // bytes; 0 is none
	source  string // of the limit
	reader  atomic.Pointer[log.Reader]

	replayed atomic.Bool // everything has been; the output is being written
}

func (c *commonFlags) memoryBounds(machine memory.Machine) *memoryBounds {
	b := &memoryBounds{machine: machine}
	switch {
	case c.memoryLimit == nil && machine.Bytes > 0:
		b.limit = percentOf(machine.Bytes, limitPercent)
		b.source = fmt.Sprintf("%d %% of the %s's %s", limitPercent, machine.Whose, units.FormatBytes(machine.Bytes))
	case c.memoryLimit != nil && c.memoryLimit.Unit == units.Bytes:
		b.limit = c.memoryLimit.N
		b.source = "--memory-limit"
	}
	return b
}

// percentOf returns at least 1 byte: 0 would be no limit.
func percentOf(n int64, percent float64) int64 { return max(int64(float64(n)*percent/100), 1) }

// watch returns a context that ends when the replay exceeds its limit. The note goes to bar.
func (b *memoryBounds) watch(ctx context.Context, bar *progress.Bar) (watched context.Context, stop func()) {
	w := memory.Watcher{Limit: b.limit, Note: func(resident int64) { bar.Say(b.note(resident)) }}
	if b.machine.Bytes > 0 {
		w.NoteAbove = percentOf(b.machine.Bytes, notePercent)
	}
	return w.Watch(ctx)
}

func (b *memoryBounds) note(resident int64) string {
	text := fmt.Sprintf("note: %s of memory in use, more than %d %% of the %s's %s", units.FormatBytes(resident), notePercent,
		b.machine.Whose, units.FormatBytes(b.machine.Bytes))
	if b.limit > 0 {
		text += fmt.Sprintf("; the replay is aborted at %s (%s)", units.FormatBytes(b.limit), b.source)
	}
	return text
}

// cause returns what ended a watched replay: the limit if it was exceeded, else err.
func (b *memoryBounds) cause(watched context.Context, err error) error {
	var over *memory.LimitError
	if !errors.As(context.Cause(watched), &over) {
		return err
	}
	return fmt.Errorf("%s of memory in use %s, and the limit is %s (%s): raise --memory-limit (inf: no limit), "+
		"replay less (--max-requests, --since, --until), ask for fewer figures, or use a machine with more memory",
		units.FormatBytes(over.Resident), b.reached(), units.FormatBytes(b.limit), b.source)
}

// reached says how much has been read, which is a little ahead of the replay, or that the replay is done.
func (b *memoryBounds) reached() string {
	reader := b.reader.Load()
	switch {
	case b.replayed.Load():
		return "while writing the output"
	case reader == nil:
		return "before any log was read"
	}
	read, total := reader.Progress()
	if total <= 0 {
		return "with " + units.FormatBytes(read) + " of the logs read"
	}
	return fmt.Sprintf("with %d %% of the logs read", int(100*analyze.Rate(read, total)))
}

// estimateNote warns of a replay that will exceed its limit; it is empty if it won't.
func (b *memoryBounds) estimateNote(estimate int64) string {
	if b.limit == 0 || estimate <= b.limit {
		return ""
	}
	return fmt.Sprintf("A replay takes about %s of memory, and the limit is %s (%s).", units.FormatBytes(estimate),
		units.FormatBytes(b.limit), b.source)
}
