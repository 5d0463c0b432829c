package analyze

// FleetSettings are the options of a fleet; nil means that the option was not given.
type FleetSettings struct {
	Nodes    []int    `json:"nodes"` // nil if each source is a node
	Routings []string `json:"routings"`

	PrefillRate *float64 `json:"node_prefill_rate"` // tokens a second
	DecodeTime  *float64 `json:"decode_time_seconds"`
	LoadWindow  *float64 `json:"load_window_seconds"` // nil if no routing counts the requests of a window

	SharedTier *string `json:"shared_tier"` // its capacity: "4 TiB", "5000 chunks", "unlimited"
	Elsewhere  bool    `json:"elsewhere"`
	Seed       uint64  `json:"seed"`
}

// fleetSettings returns the options beyond those of a replay.
func (o *FleetOptions) fleetSettings() FleetSettings {
	s := FleetSettings{Nodes: o.Nodes, Elsewhere: o.Elsewhere, Seed: o.Seed}
	for _, r := range o.Routings {
		s.Routings = append(s.Routings, r.String())
	}
	if o.SharedTier != nil {
		label := o.SharedTier.Label()
		s.SharedTier = &label
	}
	rate, decode, window := o.Load.PrefillRate, o.Load.DecodeTime.Seconds(), o.Load.Window.Seconds()
	if rate > 0 {
		s.PrefillRate = &rate
	}
	if decode > 0 {
		s.DecodeTime = &decode
	}
	if o.countsWindow() {
		s.LoadWindow = &window
	}
	return s
}
