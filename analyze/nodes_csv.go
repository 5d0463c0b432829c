package analyze

import "io"

// nodeCurves are the nodes of one way to deal requests. Those without requests have no curve.
type nodeCurves struct {
	nodes []FleetNode
	by    *Division
	table bool // whether they have points at the capacities of the grid; otherwise at the listed ones
}

// WriteNodesCSV writes the curve of each node: a header and one row per node and capacity, those of the points of its fleet. Rates
// are fractions; both cells of a capacity are empty where it is unlimited, and one is where it can't be derived.
func WriteNodesCSV(w io.Writer, r *FleetReport) error {
	out := csvWriter{w: w}
	out.header("routing,nodes,node,capacity_label,capacity_bytes,capacity_chunks,requests,hit_tokens,total_tokens,token_hit_rate")
	for i := range r.curves {
		if err := out.nodes(&r.curves[i]); err != nil {
			return err
		}
	}
	return out.flush()
}

// nodes writes the rows of all nodes of a way to deal.
func (c *csvWriter) nodes(of *nodeCurves) error {
	for i, number := range of.by.numbers {
		results, at := of.nodes[number].Results, of.by.results
		if of.table {
			results, at = of.by.Table(i), of.by.grid
		}
		for j := range results {
			if err := c.nodePoint(&of.nodes[number], at[j], &results[j]); err != nil {
				return err
			}
		}
	}
	return nil
}

func (c *csvWriter) nodePoint(n *FleetNode, at capacityOf, r *ClassResult) error {
	c.text(n.Routing)
	c.integers(int64(n.Nodes))
	c.name(n.Node)
	c.label(at.Capacity)
	c.size(at.Size)
	c.integers(n.Requests, r.HitTokens, n.TotalTokens)
	c.fractions(r.TokenHitRate)
	return c.end()
}
