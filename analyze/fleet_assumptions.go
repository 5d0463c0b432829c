package analyze

import (
	"slices"
	"strconv"
	"strings"

	"hashlog/analyze/units"
	"hashlog/sim/routing"
)

// describe fills in the settings and the points of one cache, and says what the figures of nodes rest on besides what those of
// one cache do. It comes last.
func (r *FleetReport) describe(o *FleetOptions) {
	r.FleetSettings = o.fleetSettings()
	r.addPoolPoints(o)
	if i := slices.Index(r.Assumptions, sharedSentence); i >= 0 {
		r.Assumptions[i] = "Each node has a cache of its own; beside the nodes, all requests share one cache."
	}
	if i := slices.Index(r.Assumed.Words, sharedWords); i >= 0 {
		r.Assumed.Words[i] = "a cache of its own for each node"
	}
	for _, fact := range o.facts() {
		r.Assumptions, r.Assumed.Facts = append(r.Assumptions, fact), append(r.Assumed.Facts, fact)
	}
}

// facts are sentences on how requests are dealt, and on the shared tier.
func (o *FleetOptions) facts() (facts []string) {
	var served, windowed loadUnits
	for _, r := range o.Routings {
		about := r.About()
		if about.Instead != "" {
			facts = append(facts, r.String()+": "+about.Instead+".")
		}
		switch {
		case about.Load == "":
		case o.byWindow(r):
			windowed.add(r.String(), about.Load)
		default:
			served.add(r.String(), about.Load)
		}
	}
	if len(served) > 0 {
		facts = append(facts, "The log has no service times, so load is modelled: a request counts "+o.busyText()+"; "+served.text()+".")
	}
	if len(windowed) > 0 {
		facts = append(facts, "The log has no service times, so load is modelled: a request counts for "+units.FormatDuration(o.Load.Window)+" from its arrival on; "+windowed.text()+".")
	}
	if o.SharedTier != nil {
		facts = append(facts, "Nodes write through to the shared tier: each request touches its chunks there too, whoever serves them.")
	}
	return facts
}

// loadUnits are what the load of a node is counted in.
type loadUnits []loadUnit

// loadUnit is a unit with the routings that count in it.
type loadUnit struct {
	unit     string
	routings []string
}

func (l *loadUnits) add(routing, unit string) {
	for i := range *l {
		if at := &(*l)[i]; at.unit == unit {
			at.routings = append(at.routings, routing)
			return
		}
	}
	*l = append(*l, loadUnit{unit, []string{routing}})
}

// text says what routings count: "sglang and aibrix count requests, dynamo counts blocks".
func (l loadUnits) text() string {
	var texts []string
	for _, at := range l {
		last := len(at.routings) - 1
		if last == 0 {
			texts = append(texts, at.routings[0]+" counts "+at.unit)
		} else {
			texts = append(texts, strings.Join(at.routings[:last], ", ")+" and "+at.routings[last]+" count "+at.unit)
		}
	}
	return strings.Join(texts, ", ")
}

// byWindow reports whether a routing that looks at the load counts the requests of a window: without service times, and where it
// doesn't know what a node hits.
func (o *FleetOptions) byWindow(r routing.Routing) bool {
	return !r.CacheAware() || o.Load.PrefillRate == 0 && o.Load.DecodeTime == 0
}

// countsWindow reports whether a routing counts the requests of a window.
func (o *FleetOptions) countsWindow() bool {
	return slices.ContainsFunc(o.Routings, func(r routing.Routing) bool { return r.About().Load != "" && o.byWindow(r) })
}

// busyText says how long a request keeps its node busy, given service times.
func (o *FleetOptions) busyText() string {
	prefill := "until its missed tokens are computed, one request after another at " + strconv.FormatFloat(o.Load.PrefillRate, 'f', -1, 64) + " tokens/s"
	decode := units.FormatDuration(o.Load.DecodeTime)
	switch {
	case o.Load.PrefillRate == 0:
		return "for " + decode + " from its arrival on"
	case o.Load.DecodeTime == 0:
		return prefill
	}
	return prefill + ", and for " + decode + " more"
}
