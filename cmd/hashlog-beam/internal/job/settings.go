package job

import (
	"errors"
	"fmt"
	"math"

	"hashlog/analyze"
	"hashlog/analyze/units"
	"hashlog/log/foreign"
)

// Settings say how logs are replayed.
type Settings struct {
	Since, Until *float64 // seconds since the Unix epoch; nil: unlimited
	// Replay is what summaries fix. Its capacities are those of a node that are reported beside a grid, and the largest that is asked about.
	Replay analyze.SummarySettings
	// MaxPool is the largest capacity of the pool that is asked about. Zero: no bound.
	MaxPool units.Capacity
}

// NewSettings returns the settings of options for a node. A zero maxPool is the largest capacity of all nodes together. It fails for options
// with which summaries cannot be joined.
func NewSettings(node analyze.Options, maxPool units.Capacity) (Settings, error) {
	s := Settings{node.Since, node.Until, analyze.SettingsOf(&node), maxPool}
	pool := node
	pool.MaxCapacity = maxPool
	for _, o := range []analyze.Options{node, pool} {
		if err := o.CheckSummary(); err != nil {
			return s, err
		}
	}
	if w := node.Warmup.Until; w != nil && !s.inside(*w) {
		return s, errors.New("the warm-up ends outside of the time that is replayed")
	}
	return s, nil
}

// inside reports whether a time lies within what is replayed.
func (s *Settings) inside(t float64) bool {
	return (s.Since == nil || t > *s.Since) && (s.Until == nil || t < *s.Until)
}

// part is a stretch of time. nil: unlimited.
type part struct{ since, until *float64 }

// options returns the options that replay a part, for a largest capacity.
func (s *Settings) options(p part, most units.Capacity) (*analyze.Options, error) {
	o, err := s.Replay.Options()
	if err != nil {
		return nil, err
	}
	o.Since, o.Until, o.MaxCapacity = p.since, p.until, most
	o.Formats = foreign.Options{}.Formats()
	return o, nil
}

// node returns the largest capacity of a node.
func (s *Settings) node() (units.Capacity, error) {
	if s.Replay.MaxCapacity == "" {
		return units.Capacity{}, nil
	}
	return units.ParseCapacity(s.Replay.MaxCapacity)
}

// boundPool fills in MaxPool for so many nodes.
func (s *Settings) boundPool(nodes int) error {
	most, err := s.node()
	if none := (units.Capacity{}); err != nil || most == none || s.MaxPool != none {
		return err
	}
	pool, ok := times(most, nodes)
	if !ok {
		return fmt.Errorf("a pool of %d nodes of %s exceeds 2^63 bytes", nodes, most)
	}
	s.MaxPool = pool
	return nil
}

// times returns a capacity n times as large; ok is false if there is none.
func times(c units.Capacity, n int) (_ units.Capacity, ok bool) {
	if c.Unit == units.Unlimited {
		return c, true
	}
	if c.N >= math.MaxInt64/int64(n) {
		return c, false
	}
	return units.Capacity{N: c.N * int64(n), Unit: c.Unit}, true
}
