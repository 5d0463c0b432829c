package reconcile

import (
	"errors"
	"fmt"
	"time"

	"hashlog/analyze"
	"hashlog/analyze/reconcile/measured"
)

// Options say what is predicted, and what was measured.
type Options struct {
	// Options are those of the prediction: which records count, how large chunks are, and the cache with its one capacity. What they
	// ask for besides is not reported.
	analyze.Options
	// Measured is what the server counted. Default nil: the log says itself how many tokens of each request were found cached.
	Measured *measured.Series
	// Window is the length to which adjacent measured windows are joined, or that of the windows of a log that says itself what was
	// found, at least a millisecond. Default 0: the shortest of the standard lengths, from a second to a week, that gives at most 200
	// windows.
	Window time.Duration
	// Sources gives each source, as log.Entry has it, a cache of its own, of the one capacity. Default false: one cache for all.
	Sources bool
}

// Check reports options that are out of range, and options that cannot be combined.
func (o *Options) Check() error {
	switch {
	case len(o.Capacities) != 1:
		return errors.New("a prediction needs one capacity")
	case o.Window != 0 && o.Window < time.Millisecond:
		return fmt.Errorf("windows of %s: must be a millisecond or longer", o.Window)
	case o.Sources && o.MaxRequests > 0:
		return errors.New("the first requests of a log are those of all sources, and each is replayed by itself: give a time instead")
	case o.TTLs != nil || o.Tiers != nil:
		return errors.New("a prediction has one cache, without tiers and with one TTL")
	}
	return o.replayed().Check()
}

// replayed returns the options of a replay, without what is not reported.
func (o *Options) replayed() *analyze.Options {
	r := o.Options
	return &analyze.Options{Filter: r.Filter, IgnoreModel: r.IgnoreModel, BytesPerChunk: r.BytesPerChunk, Geometry: r.Geometry, Ranks: r.Ranks,
		TouchOrder: r.TouchOrder, Cache: r.Cache, MaxCapacity: r.MaxCapacity, Warmup: r.Warmup, Strict: r.Strict, Formats: r.Formats, Blocks: r.Blocks, MatchUnit: r.MatchUnit, Rechunk: r.Rechunk,
		Capacities: r.Capacities, OnPass: r.OnPass}
}
