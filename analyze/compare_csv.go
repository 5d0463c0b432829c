package analyze

import "io"

// WriteCachesCSV writes a comparison in long form: a header and one row per capacity and cache, first those listed in the
// order asked, then those of the grid. Rates are fractions; both capacity cells are empty for an unlimited cache, and cells
// are empty where a figure is unknown.
func WriteCachesCSV(w io.Writer, c *Comparison) error {
	out := csvWriter{w: w}
	out.header("cache,touch_order,capacity_bytes,capacity_chunks,hit_tokens,total_tokens,token_hit_rate,chunk_hits,chunk_lookups,chunk_hit_rate,evictions,bytes_written,capacity_label")
	for _, list := range [][]ComparedCapacity{c.Capacities, c.Grid} {
		for _, at := range list {
			for i := range at.Caches {
				out.cache(&at.Caches[i], c)
				out.label(at.Asked)
				if err := out.end(); err != nil {
					return err
				}
			}
		}
	}
	return out.flush()
}

func (c *csvWriter) cache(r *CacheResult, of *Comparison) {
	order := ""
	if r.TouchOrder != nil {
		order = *r.TouchOrder
	}
	c.text(r.Cache)
	c.text(order)
	c.size(Size{r.CapacityBytes, r.CapacityChunks})
	c.integers(r.HitTokens, of.TotalTokens)
	c.fractions(r.TokenHitRate)
	c.known(r.ChunkHits)
	c.integers(of.ChunkLookups)
	if r.ChunkHitRate == nil {
		c.empty(1)
	} else {
		c.fractions(*r.ChunkHitRate)
	}
	c.known(r.Evictions)
	c.known(r.BytesWritten)
}
