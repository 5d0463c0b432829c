package analyze

// copies returns, by listed capacity, how many chunks are resident on how many nodes now. It walks through each node once, for all
// capacities.
func (r *replay) copies() [][]ChunkCopies {
	held := make([][]int64, len(r.nodes))    // chunks, by node and capacity
	recent := make([][]uint32, len(r.nodes)) // by node
	end := uint32(0)                         // of the ids
	for i, n := range r.nodes {
		held[i] = n.residents(r.opts.Capacities)
		recent[i] = n.recent(held[i])
		for _, id := range recent[i] {
			end = max(end, id+1)
		}
	}
	on := make([]uint32, end) // nodes that hold a chunk, by its id in the fleet
	out := make([][]ChunkCopies, len(r.opts.Capacities))
	for c := range out {
		clear(on)
		for i := range recent {
			for _, id := range recent[i][:held[i][c]] {
				on[id]++
			}
		}
		out[c] = copiesOf(on, len(r.nodes))
	}
	return out
}

// recent returns the ids in the fleet of the chunks that a node has at the capacity at which it holds most, the most recent first. At the
// others it holds the first of them.
func (n *node) recent(held []int64) (ids []uint32) {
	most := 0
	for _, chunks := range held {
		most = max(most, int(chunks))
	}
	if most == 0 {
		return nil
	}
	ids = make([]uint32, 0, most)
	var span idSpan
	for chunk := range n.stack.All() {
		span = n.ids.inFleet(chunk.ID, span)
		if ids = append(ids, span.fleet+chunk.ID-span.node); len(ids) == most {
			break
		}
	}
	return ids
}

// copiesOf counts chunks by the number of nodes that hold them.
func copiesOf(on []uint32, nodes int) []ChunkCopies {
	count := make([]int64, nodes+1)
	for _, n := range on {
		count[n]++
	}
	out := []ChunkCopies{}
	for n := 1; n <= nodes; n++ {
		if count[n] > 0 {
			out = append(out, ChunkCopies{n, count[n]})
		}
	}
	return out
}
