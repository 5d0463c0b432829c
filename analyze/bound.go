package analyze

import (
	"cmp"
	"errors"
	"fmt"

	"hashlog/analyze/units"
	"hashlog/sim"
)

// bounded reports whether figures end at Options.MaxCapacity.
func (o *Options) bounded() bool { return o.MaxCapacity != units.Capacity{} }

// largest returns the largest capacity that figures may be about.
func (o *Options) largest() units.Capacity {
	return cmp.Or(o.MaxCapacity, units.Capacity{Unit: units.Unlimited})
}

// BeyondError says that a capacity was asked for that is above Options.MaxCapacity, or not comparable with it.
type BeyondError struct {
	Capacity, Max units.Capacity
	Why           error // nil if it is above
}

func (e *BeyondError) Error() string {
	if e.Why != nil {
		return fmt.Sprintf("capacity %s beside a maximum of %s: %s", e.Capacity, e.Max, e.Why)
	}
	return fmt.Sprintf("capacity %s is above the maximum of %s: nothing is known beyond that", e.Capacity, e.Max)
}

// Unwrap returns Why.
func (e *BeyondError) Unwrap() error { return e.Why }

// errUnlikeUnits says why capacities in chunks and in bytes are not comparable.
var errUnlikeUnits = errors.New("chunks have unlike sizes, so both must be in bytes, or both in chunks")

// NeedsAllError says that an option needs what Options.MaxCapacity forgets.
type NeedsAllError struct {
	Option string // the name of a field of Options or Cache; "By turn" for the dimension
}

func (e *NeedsAllError) Error() string {
	return e.Option + " needs all chunks, and those beyond MaxCapacity are forgotten"
}

// ErrCeilingUnknown says that a target is a share of the ceiling, which is unknown if there is a largest capacity.
var ErrCeilingUnknown = errors.New("the ceiling is that of an unlimited cache, and nothing is known beyond the largest capacity")

// checkBound reports options that don't go with MaxCapacity.
func (o *Options) checkBound() error {
	if !o.bounded() {
		return nil
	}
	if err := o.MaxCapacity.Check(); err != nil {
		return err
	}
	if o.MaxCapacity.Unit == units.Unlimited {
		return errors.New("a largest capacity cannot be unlimited")
	}
	for _, needs := range []struct {
		set  bool
		name string
	}{{o.Stats, "Stats"}, {o.Requests, "Requests"}, {o.Reuse, "Reuse"}, {o.Audit, "Audit"}, {o.OnRow != nil, "OnRow"}, {o.needTurns(), "By turn"}, {o.Cache.Admit > 0, "Admit"}} {
		if needs.set {
			return &NeedsAllError{needs.name}
		}
	}
	for _, t := range o.Targets {
		if t.ofCeiling {
			return ErrCeilingUnknown
		}
	}
	for _, c := range o.asked() {
		if err := o.within(c, 0, false); err != nil {
			return err
		}
	}
	return nil
}

// asked returns all capacities named in the options, those of the grid included.
func (o *Options) asked() []units.Capacity {
	list := o.listed()
	if o.Tiers.exclusive() {
		list = append(list, o.Tiers.together())
	}
	if o.Grid != nil {
		for _, c := range []units.Capacity{o.Grid.From, o.Grid.To} {
			if c != (units.Capacity{}) {
				list = append(list, c)
			}
		}
	}
	return list
}

// within returns a [*BeyondError] if a capacity is above MaxCapacity or, if chunks have unlike sizes, in the other unit. size is that of
// all chunks in bytes; 0 if it is unknown.
func (o *Options) within(c units.Capacity, size int64, unlike bool) error {
	most := o.MaxCapacity
	switch {
	case c.Unit == units.Unlimited, c.Unit == most.Unit && c.N > most.N:
	case c.Unit == most.Unit:
		return nil
	case unlike:
		return &BeyondError{Capacity: c, Max: most, Why: errUnlikeUnits}
	case size == 0:
		return nil
	case c.Unit == units.Bytes && c.N/size > most.N:
	case c.Unit == units.Chunks && c.N > most.N/size:
	default:
		return nil
	}
	return &BeyondError{Capacity: c, Max: most}
}

// bound cuts what a stack finds at the largest capacity, so that it doesn't matter which of the chunks beyond it have been forgotten: all
// count as never seen.
type bound struct {
	opts     *Options
	capacity units.Capacity // in bytes or chunks
	checked  sizes          // for which all capacities are within it
	runs     []sim.Run      // memory
}

// newBound returns nil if there is no largest capacity.
func newBound(opts *Options) *bound {
	if !opts.bounded() {
		return nil
	}
	return &bound{opts: opts, capacity: opts.MaxCapacity}
}

// follow returns a [*BeyondError] if, with the sizes of all chunks so far, a capacity turns out not to be within the largest one.
func (b *bound) follow(now sizes) error {
	if now == b.checked {
		return nil
	}
	for _, c := range b.opts.asked() {
		if err := b.opts.within(c, now.one, now.unlike); err != nil {
			return err
		}
	}
	b.checked = now
	return nil
}

// cut returns the runs with a need of Never for all chunks beyond. The result is valid until the next call.
func (b *bound) cut(runs []sim.Run) []sim.Run {
	b.runs = b.runs[:0]
	for _, run := range runs {
		n := b.within(run)
		switch {
		case n == run.N:
			b.runs = append(b.runs, run)
		case run.Step > 0:
			b.keep(run, 0, n)
			b.forget(run.N - n)
		default:
			b.forget(run.N - n)
			b.keep(run, run.N-n, n)
		}
	}
	return b.runs
}

// within returns how many chunks of a run are not beyond. They are the first ones of a run that rises, else the last ones.
func (b *bound) within(run sim.Run) int {
	need, step := run.Need.Chunks, int64(1)
	if b.capacity.Unit == units.Bytes {
		need, step = run.Need.Bytes, run.Size
	}
	switch {
	case run.Need.Chunks == sim.Never || need == sim.Never:
		return run.N
	case run.Step > 0 && need > b.capacity.N:
		return 0
	case run.Step > 0 && step > 0:
		return int(min((b.capacity.N-need)/step+1, int64(run.N)))
	case need <= b.capacity.N:
		return run.N
	case run.Step == 0 || step == 0:
		return 0
	}
	beyond := (need - b.capacity.N + step - 1) / step
	return int(max(int64(run.N)-beyond, 0))
}

// keep adds n chunks of a run from the first one on.
func (b *bound) keep(run sim.Run, first, n int) {
	if n == 0 {
		return
	}
	run.Need, run.N = run.NeedAt(first), n
	if n == 1 {
		run.Step = 0
	}
	b.runs = append(b.runs, run)
}

// forget adds n chunks that count as never seen.
func (b *bound) forget(n int) {
	b.runs = append(b.runs, sim.Run{N: n, Need: sim.Depth{Chunks: sim.Never, Bytes: sim.Never}})
}

// cutTouches does the same for the distances of touches, in place.
func (b *bound) cutTouches(distances []sim.Distance) {
	for i := range distances {
		d := &distances[i]
		at := d.Chunks
		if b.capacity.Unit == units.Bytes {
			at = d.Bytes
		}
		if at > b.capacity.N {
			d.Depth, d.Expired = sim.Depth{Chunks: sim.Never, Bytes: sim.Never}, false
		}
	}
}
