package analyze

import (
	"io"
	"time"
)

// sharedWindows are the windows of the shared tier for one way to deal requests. TierWindow has a tier for each listed capacity of a
// node: the shared tier as it serves nodes of that capacity.
type sharedWindows struct {
	nodes   int
	routing string
	behind  []capacityOf // the nodes
	list    []TierWindow
	length  time.Duration
}

// WriteSharedCSV writes what the shared tier served and what was written to it: a header and one row per routing, number of nodes,
// capacity of a node and window. Times are Unix seconds; byte cells are empty if a chunk size is unknown. Without a shared tier there
// are no rows.
func WriteSharedCSV(w io.Writer, r *FleetReport) error {
	out := csvWriter{w: w}
	out.header("routing,nodes,capacity_label,capacity_bytes,capacity_chunks,window_start,window_end,requests,shared_tokens,total_tokens,bytes,bytes_per_second,bytes_written,write_bytes_per_second")
	for i := range r.shared {
		of := &r.shared[i]
		for behind := range of.behind {
			for j := range of.list {
				if err := out.sharedWindow(of, behind, &of.list[j]); err != nil {
					return err
				}
			}
		}
	}
	return out.flush()
}

// sharedWindow writes the row of a window, with the shared tier behind nodes of one of the capacities.
func (c *csvWriter) sharedWindow(of *sharedWindows, behind int, w *TierWindow) error {
	c.text(of.routing)
	c.integers(int64(of.nodes))
	c.label(of.behind[behind].Capacity)
	c.size(of.behind[behind].Size)
	c.fractions(w.Start, w.End)
	c.integers(w.Requests, w.Tokens[behind], w.TotalTokens)
	if w.Bytes == nil {
		c.empty(4)
		return c.end()
	}
	c.integers(w.Bytes[behind])
	c.fractions(float64(w.Bytes[behind]) / of.length.Seconds())
	c.integers(w.BytesWritten[behind])
	c.fractions(float64(w.BytesWritten[behind]) / of.length.Seconds())
	return c.end()
}
