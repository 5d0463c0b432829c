package analyze

import "io"

// WriteFleetCSV writes the points of a fleet: a header and one row per routing, number of nodes and capacity. The rows of one
// cache have the routing "pool" and one node. Both cells of a capacity are empty where it is unlimited, and one is where it
// can't be derived; shared_tokens are empty without a shared tier. The rate is a fraction.
func WriteFleetCSV(w io.Writer, r *FleetReport) error {
	out := csvWriter{w: w}
	out.header("routing,nodes,capacity_label,capacity_bytes,capacity_chunks,fleet_capacity_bytes,fleet_capacity_chunks,hit_tokens,total_tokens,token_hit_rate,shared_tokens")
	for i := range r.Points {
		p := &r.Points[i]
		out.text(p.Routing)
		out.integers(int64(p.Nodes))
		out.text(p.CapacityLabel)
		out.size(p.NodeCapacity)
		out.size(p.FleetCapacity)
		out.integers(p.HitTokens, p.TotalTokens)
		out.fractions(p.TokenHitRate())
		out.known(p.SharedTokens)
		if err := out.end(); err != nil {
			return err
		}
	}
	return out.flush()
}
