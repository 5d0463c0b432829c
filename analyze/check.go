package analyze

import (
	"errors"
	"fmt"
	"math"
	"slices"
	"time"

	"hashlog/analyze/units"
	"hashlog/sim"
)

// Check reports options that are out of range, and options that cannot be combined.
func (o *Options) Check() error {
	for _, check := range []func() error{o.Filter.check, o.checkSizes, o.MatchUnit.check, o.checkRechunk, o.checkGranularities, o.Cache.check, o.Warmup.check, o.checkCapacities, o.checkBy, o.checkTogether, o.checkBound} {
		if err := check(); err != nil {
			return err
		}
	}
	return nil
}

// CheckSummary reports options with which the parts of a log cannot be joined, besides those that Check reports.
func (o *Options) CheckSummary() error {
	if err := o.Check(); err != nil {
		return err
	}
	switch {
	case o.Source != nil:
		return errOneSource
	case o.Cache.simulated() || o.Cache.StoreDelay > 0 || o.Cache.Admit > 0:
		return errors.New("parts of a log can only be joined for a plain LRU that stores at once, with or without a TTL")
	case o.Warmup.Fraction > 0 || o.Warmup.Duration > 0 || o.MaxRequests > 0:
		return errors.New("parts of a log need a warm-up that ends at a time, and no limit on requests")
	case o.Tiers.exclusive():
		return ErrExclusiveNeedsAll
	case o.Tiers != nil && o.Tiers.Window != o.windowLength():
		return errors.New("parts of a log count one length of windows: those of the tiers must be the same")
	case o.needAllRequests():
		return errors.New("figures on single requests and chunks need the whole log")
	}
	return o.errGranularityNeedsLogs()
}

// errOneSource says why a summary or a state can't be of one source: nothing in it says so.
var errOneSource = errors.New("summaries and states are of all sources")

// needAllRequests reports whether a figure is about single requests or chunks, which no summary has.
func (o *Options) needAllRequests() bool {
	return o.Stats || o.Heat || o.Requests || o.Reuse || o.Audit || o.OnRow != nil || o.OnHits != nil || slices.Contains(o.By, ByTurn)
}

// check reports values out of range.
func (f *Filter) check() error {
	for _, t := range []*float64{f.Since, f.Until} {
		if t != nil && (math.IsNaN(*t) || math.IsInf(*t, 0)) {
			return fmt.Errorf("a time of %g seconds: must be finite", *t)
		}
	}
	switch {
	case f.Since != nil && f.Until != nil && *f.Since >= *f.Until:
		return fmt.Errorf("since %s, until %s: nothing lies between them", units.FormatTime(*f.Since), units.FormatTime(*f.Until))
	case f.MaxRequests < 0:
		return fmt.Errorf("at most %d requests: must not be negative", f.MaxRequests)
	}
	return nil
}

// checkSizes reports chunk sizes, geometries, ranks and touch orders that are out of range.
func (o *Options) checkSizes() error {
	switch {
	case o.BytesPerChunk < 0:
		return fmt.Errorf("chunks of %d bytes: must not be negative", o.BytesPerChunk)
	case o.Geometry != nil && o.Geometry.BytesPerToken < 1:
		return fmt.Errorf("a geometry of %d bytes per token: must be above zero", o.Geometry.BytesPerToken)
	case o.Blocks.Size < 0:
		return fmt.Errorf("blocks of %d tokens: must not be negative", o.Blocks.Size)
	case o.Ranks < 0:
		return fmt.Errorf("%d ranks: must not be negative", o.Ranks)
	case o.TouchOrder != sim.HeadFirst && o.TouchOrder != sim.TailFirst:
		return fmt.Errorf("touch order %d: must be HeadFirst or TailFirst", o.TouchOrder)
	}
	return nil
}

// checkCapacities reports invalid capacities, targets, grids and windows.
func (o *Options) checkCapacities() error {
	for _, c := range o.listed() {
		if err := c.Check(); err != nil {
			return err
		}
	}
	for _, t := range o.Targets {
		if t.percent == nil {
			return errors.New("a target without a rate: ParseTarget makes one of 80%")
		}
	}
	if g := o.Grid; g != nil {
		if g.Points < 0 {
			return fmt.Errorf("a grid of %d points: must not be negative", g.Points)
		}
		for _, c := range []units.Capacity{g.From, g.To} {
			if err := c.Check(); c != (units.Capacity{}) && err != nil {
				return err
			}
		}
	}
	if r := o.Rolling; r != nil {
		if err := checkWindow(r.Window); err != nil {
			return err
		}
	}
	if t := o.Tiers; t != nil {
		return checkWindow(t.Window)
	}
	return nil
}

// checkWindow reports an invalid window length. 0 means the default.
func checkWindow(length time.Duration) error {
	if length != 0 && length < time.Millisecond {
		return fmt.Errorf("windows of %s: must be a millisecond or longer", length)
	}
	return nil
}

// checkTogether reports options that cannot be combined.
func (o *Options) checkTogether() error {
	simulated := o.Cache.simulated()
	if lacks := o.lacks(); o.Cache.Policy != nil && lacks != "" {
		return &ListedOnlyError{o.Cache.name(), lacks}
	}
	if o.TTLs != nil {
		if err := o.checkTTLs(); err != nil {
			return err
		}
	}
	switch {
	case o.Requests && o.Rolling == nil:
		return errors.New("figures of requests need rolling windows, whose capacities they have")
	case o.Heat && (o.Rolling == nil || o.Grid == nil):
		return errors.New("heat needs the windows of Rolling and the capacities of Grid")
	case simulated && len(o.Targets) > 0 && o.Grid == nil:
		return ErrTargetNeedsCurve
	case simulated && o.OnRow != nil:
		return ErrRowsNeedLRU
	case o.Tiers == nil:
		return nil
	case simulated:
		return ErrTiersNeedLRU
	}
	return o.Tiers.check()
}

// lacks names what is asked for that no cache with a policy of its own has; "" if there is nothing.
func (o *Options) lacks() string {
	switch {
	case o.TTLs != nil || o.Cache.TTL > 0:
		return "TTL"
	case len(o.Targets) > 0:
		return "targets"
	case o.Tiers != nil:
		return "tiers"
	case o.bounded():
		return "largest capacity"
	case o.OnRow != nil:
		return "rows"
	case o.Grid != nil || o.Rolling != nil && len(o.Rolling.Capacities) == 0:
		return "curve"
	}
	return ""
}
