package analyze

import (
	"errors"
	"fmt"
	"math"
	"slices"
	"time"

	"hashlog/analyze/units"
)

// TTLOptions ask for what caches hit if chunks expire some time after their last touch, for several such times (TTLs). One
// pass gives them all.
type TTLOptions struct {
	// TTLs are those that Report.TTLs covers, in this order. Each is above zero, and none is given twice.
	TTLs []time.Duration
	// Capacities are those of the caches, in this order. Default none: an unlimited one, or one of Options.MaxCapacity.
	Capacities []units.Capacity
	// Grid makes Report.TTLCurve a curve: it then has an unlimited cache (or Options.MaxCapacity) too, and a grid of TTLs from a second to the length
	// of the log.
	Grid bool
}

// PromptCacheTTLs are the TTLs for which providers sell prompt caches: Anthropic's API keeps a prompt for five minutes after
// its last use or, at a higher price, for an hour (documentation of the Claude API, "Prompt caching"). The grid has both.
func PromptCacheTTLs() []time.Duration { return []time.Duration{5 * time.Minute, time.Hour} }

// checkTTLs reports TTLs that are invalid, and options that cannot be combined with several.
func (o *Options) checkTTLs() error {
	switch {
	case o.Cache.simulated():
		return ErrTTLsNeedLRU
	case o.Cache.TTL > 0:
		return errors.New("a TTL for all figures, and several beside them: give one or the other")
	case len(o.TTLs.TTLs) == 0:
		return errors.New("there are no TTLs")
	}
	for i, ttl := range o.TTLs.TTLs {
		switch {
		case ttl <= 0:
			return fmt.Errorf("TTL %s: must be above zero", units.FormatDuration(ttl))
		case slices.Contains(o.TTLs.TTLs[:i], ttl):
			return fmt.Errorf("TTL %s is given twice", units.FormatDuration(ttl))
		}
	}
	return nil
}

// capacities returns those of the caches. largest is the largest one that may be asked about.
func (o *TTLOptions) capacities(largest units.Capacity) []units.Capacity {
	if len(o.Capacities) == 0 || o.Grid && !slices.Contains(o.Capacities, largest) {
		return append(slices.Clone(o.Capacities), largest)
	}
	return o.Capacities
}

// ttls returns all TTLs to count, rising. grid says that those of the grid are among them even if the options don't ask for it.
func (o *TTLOptions) ttls(grid bool) []time.Duration {
	all := slices.Clone(o.TTLs)
	if o.Grid || grid {
		all = append(all, ttlGrid()...)
	}
	slices.Sort(all)
	return slices.Compact(all)
}

// ttlGrid returns TTLs from a second to the longest duration there is, in no order: so many per factor of ten, rounded to
// three digits, and those that prompt caches are sold by. The length of the log would be known only after the replay.
func ttlGrid() []time.Duration {
	const perTen = 40
	grid := PromptCacheTTLs()
	for ten := time.Second; ; ten *= 10 {
		for i := range perTen {
			digits := time.Duration(math.Round(100 * math.Pow(10, float64(i)/perTen)))
			if digits > math.MaxInt64/(ten/100) {
				return grid
			}
			grid = append(grid, digits*(ten/100))
		}
	}
}
