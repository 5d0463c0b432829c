package analyze

// FleetReport holds the figures of nodes that each have a cache of their own, and those of one cache for all requests.
type FleetReport struct {
	// Report has the figures of one cache, of the capacity of one node, that all requests use.
	*Report
	// Fleet has the figures of all nodes together, for each routing, number of nodes and capacity in turn, as asked for.
	Fleet []FleetResult `json:"fleet"`
	// Nodes has each node of each routing and number of nodes. A cache-aware routing deals differently at each capacity, so its
	// nodes are listed once for each.
	Nodes []FleetNode `json:"nodes"`
	// Pooled has one cache of the capacity of all nodes, for each number of nodes and capacity.
	Pooled []PooledResult `json:"pooled"`
	// Points are those of fleet.csv, by routing, number of nodes and capacity.
	Points []FleetPoint `json:"-"`
	// curves are the nodes of each way to deal, at the same capacities.
	curves []nodeCurves
	// shared are the windows of the shared tier for each way to deal.
	shared []sharedWindows
	// Unusable are the sources that would be nodes but have no usable record, with the reason.
	Unusable []UnusableNode `json:"unusable_nodes"`
	// FleetSettings are the options beyond those of Report.Settings.
	FleetSettings FleetSettings `json:"fleet_settings"`
}

// FleetResult is what the nodes of a fleet hit together.
type FleetResult struct {
	Nodes   int    `json:"nodes"`
	Routing string `json:"routing"` // as in --routing; SourcesRouting if each source is a node

	CapacityBytes  *int64 `json:"capacity_bytes"` // of one node; nil if it can't be derived; both are nil if unlimited
	CapacityChunks *int64 `json:"capacity_chunks"`

	HitTokens    int64           `json:"hit_tokens"` // those of the shared tier included
	TotalTokens  int64           `json:"total_tokens"`
	TokenHitRate float64         `json:"token_hit_rate"`
	SharedTokens *int64          `json:"shared_tokens"` // served by the shared tier; nil without one
	MissTokens   FleetMissTokens `json:"miss_tokens"`

	ChunkHits      int64 `json:"chunk_hits"` // classic replay of each node, without the prefix rule
	ChunkLookups   int64 `json:"chunk_lookups"`
	Evictions      int64 `json:"evictions"`
	ResidentChunks int64 `json:"resident_chunks"` // on all nodes at the end, a chunk on two nodes counted twice

	// LoadImbalance is the tokens of the node with the most, divided by the mean of all nodes; 0 if there are no tokens.
	LoadImbalance float64 `json:"load_imbalance"`
	// Copies says how many chunks are resident on how many nodes at the end, by rising number of nodes.
	Copies []ChunkCopies `json:"copies"`

	// PoolBytes and PoolChunks are the smallest single cache that hits as many tokens as the nodes; nil if it can't be derived.
	PoolBytes  *int64 `json:"pool_bytes"`
	PoolChunks *int64 `json:"pool_chunks"`
	// SharedTier is what the shared tier serves, and what is written to it; nil without one.
	SharedTier *TierResult `json:"shared_tier"`
}

// FleetMissTokens are the missed tokens of a fleet by kind. All add up to total − hit. Kinds but Elsewhere follow from the history
// of the node that a request was dealt to: cold tokens are of chunks that were never stored there.
type FleetMissTokens struct {
	MissTokens
	// Elsewhere are the tokens beyond the hit prefix that the best other node would have hit; they are taken out of the other
	// kinds. It is nil unless FleetOptions.Elsewhere is set.
	Elsewhere *int64 `json:"elsewhere"`
}

// MarshalJSON writes the kinds and Elsewhere side by side.
func (m FleetMissTokens) MarshalJSON() ([]byte, error) {
	return asJSON(struct {
		plainMissTokens
		Elsewhere *int64 `json:"elsewhere"`
	}{plainMissTokens(m.MissTokens), m.Elsewhere}, "", "")
}

// ChunkCopies says how many chunks are resident on a number of nodes.
type ChunkCopies struct {
	Nodes  int   `json:"nodes"` // ≥ 1
	Chunks int64 `json:"chunks"`
}

// FleetNode is one node of a fleet.
type FleetNode struct {
	Nodes   int    `json:"nodes"`
	Routing string `json:"routing"`
	Node    string `json:"node"` // its number from 0; the path of the source if each source is a node

	Requests    int64         `json:"requests"`
	TotalTokens int64         `json:"total_tokens"`
	LoadShare   float64       `json:"load_share"` // of the tokens of all nodes
	Results     []ClassResult `json:"results"`    // at the capacities of Report.Results; at one of them if the routing is cache-aware
}

// PooledResult is what one cache hits that has the capacity of several nodes.
type PooledResult struct {
	Nodes          int    `json:"nodes"`
	CapacityBytes  *int64 `json:"capacity_bytes"` // of all nodes
	CapacityChunks *int64 `json:"capacity_chunks"`

	HitTokens    int64      `json:"hit_tokens"`
	TotalTokens  int64      `json:"total_tokens"`
	TokenHitRate float64    `json:"token_hit_rate"`
	MissTokens   MissTokens `json:"miss_tokens"`
}

// FleetPoint is a point of the curve of a fleet: at each capacity of the grid, or at the listed ones if the routing is
// cache-aware. Points of one cache have the routing PoolRouting and one node.
type FleetPoint struct {
	Routing       string
	Nodes         int
	NodeCapacity  Size   // of one node
	FleetCapacity Size   // of all nodes together
	CapacityLabel string // of one node: "64 GiB", "unlimited"; unique among the points of a routing and number of nodes
	HitTokens     int64
	TotalTokens   int64
	SharedTokens  *int64
	Exact         bool // whether the points in between follow from the curve too
}

// Routings of points and results that no router dealt.
const (
	SourcesRouting = "sources" // each source is a node
	PoolRouting    = "pool"    // one cache
)

// TokenHitRate is hit tokens / total tokens; 0 if there are no tokens.
func (p FleetPoint) TokenHitRate() float64 { return Rate(p.HitTokens, p.TotalTokens) }

// UnusableNode is a source without a usable record.
type UnusableNode struct {
	Node string `json:"node"`
	Why  string `json:"why"`
	Kept bool   `json:"kept"` // as a node without requests, since a stream can't be read again for the others alone
}
