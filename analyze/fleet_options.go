package analyze

import (
	"time"

	"hashlog/analyze/units"
	"hashlog/sim/routing"
)

// FleetOptions say how requests are dealt to nodes that each have a cache of their own.
type FleetOptions struct {
	// Options are those of a replay. Capacities are those of one node, and Cache acts on each node alike. Grid asks for
	// FleetReport.Points. OnRow gets what each request hits on its node; it needs one number of nodes and one routing and, if that
	// is cache-aware, one capacity. Without OnRow, there are Capacities.
	Options

	// Sources makes each source, as log.Entry has it, a node. Nodes and Routings are empty then. If records name sources, the logs are
	// read once more.
	Sources bool
	// Nodes are numbers of nodes, from 1 to MaxNodes, and Routings ways to deal to them; each goes with each.
	Nodes    []int
	Routings []routing.Routing
	// Load says how long a request keeps its node busy, for routings that ask.
	Load routing.LoadModel
	// SharedTier is a pool behind the nodes that all of them write through. Default nil: none.
	SharedTier *units.Capacity
	// Elsewhere asks for FleetMissTokens.Elsewhere. It takes a lookup on every other node for each miss. Default false: none.
	Elsewhere bool
	// SharedBandwidth and SharedWriteBandwidth are how fast the shared tier is, as Bandwidth and WriteBandwidth of a [Tier].
	SharedBandwidth, SharedWriteBandwidth int64
	// Window is the length of the windows in which the shared tier is measured, as in [RollingOptions].
	Window time.Duration
	// Seed is that of all random choices. Another one gives another dealing of the same kind.
	Seed uint64
}

// MaxNodes is the largest number of nodes of a fleet.
const MaxNodes = 1 << 16
