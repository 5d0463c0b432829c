package analyze

import (
	"fmt"
	"strconv"

	"hashlog/analyze/units"
)

// FleetSettings are the options of a fleet; nil means that the option was not given.
type FleetSettings struct {
	Nodes    []int    `json:"nodes"` // nil if each source is a node
	Routings []string `json:"routings"`

	PrefillRate *float64 `json:"node_prefill_rate"` // tokens a second
	DecodeTime  *float64 `json:"decode_time_seconds"`
	LoadWindow  *float64 `json:"load_window_seconds"` // nil if PrefillRate or DecodeTime is given

	SharedTier *string `json:"shared_tier"` // its capacity: "4 TiB", "5000 chunks", "unlimited"
	Elsewhere  bool    `json:"elsewhere"`
	Seed       uint64  `json:"seed"`

	// Loads are the routings that look at the load of nodes.
	Loads []RoutingLoad `json:"-"`
}

// RoutingLoad says what a routing counts the load of a node in.
type RoutingLoad struct{ Routing, Unit string }

// fleetSettings returns the options beyond those of a replay. The load model is left out where no routing looks at it.
func (o *FleetOptions) fleetSettings() FleetSettings {
	s := FleetSettings{Nodes: o.Nodes, Elsewhere: o.Elsewhere, Seed: o.Seed}
	for _, r := range o.Routings {
		s.Routings = append(s.Routings, r.String())
		if unit := r.About().Load; unit != "" {
			s.Loads = append(s.Loads, RoutingLoad{r.String(), unit})
		}
	}
	if o.SharedTier != nil {
		label := o.SharedTier.Label()
		s.SharedTier = &label
	}
	if len(s.Loads) == 0 {
		return s
	}
	rate, decode, window := o.Load.PrefillRate, o.Load.DecodeTime.Seconds(), o.Load.Window.Seconds()
	if rate > 0 {
		s.PrefillRate = &rate
	}
	if decode > 0 {
		s.DecodeTime = &decode
	}
	if rate == 0 && decode == 0 && window > 0 {
		s.LoadWindow = &window
	}
	return s
}

// LoadText says how long a request keeps its node busy, and what that is counted in: "10 s from its arrival; sglang counts
// requests". It is "" if no routing looks at that.
func (s *FleetSettings) LoadText() string {
	text := s.busyText()
	for i, l := range s.Loads {
		separator := ", "
		if i == 0 {
			separator = "; "
		}
		text += separator + l.Routing + " counts " + l.Unit
	}
	return text
}

// busyText says how long a request keeps its node busy.
func (s *FleetSettings) busyText() string {
	prefill := func() string {
		return "its missed tokens take at " + strconv.FormatFloat(*s.PrefillRate, 'f', -1, 64) + " tokens/s"
	}
	switch {
	case s.PrefillRate != nil && s.DecodeTime != nil:
		return fmt.Sprintf("as long as %s, and %s", prefill(), units.FormatSeconds(*s.DecodeTime))
	case s.PrefillRate != nil:
		return "as long as " + prefill()
	case s.DecodeTime != nil:
		return units.FormatSeconds(*s.DecodeTime) + " from its arrival"
	case s.LoadWindow != nil:
		return units.FormatSeconds(*s.LoadWindow) + " from its arrival"
	}
	return ""
}
