package analyze

import (
	"hashlog/analyze/internal/histogram"
	"hashlog/analyze/units"
)

// depthSums sum the tokens of one class by depth, which gives its figures at any capacity. They take memory for each request,
// some 150 bytes, but none for capacities where the class has nothing.
type depthSums struct {
	chunks [quantities]histogram.Sparse // by depth in chunks
	// bytes holds the same by depth in bytes. It is nil while all chunks have one size, and if a size is unknown.
	bytes *[quantities]histogram.Sparse
}

// add adds a request. now are the sizes of all chunks so far.
func (s *depthSums) add(q *request, now sizes) {
	if now.unlike && s.bytes == nil {
		s.bytes = new([quantities]histogram.Sparse)
	}
	for what := range quantities {
		for _, r := range q.rowsOf(what) {
			s.chunks[what].Add(r.inChunks())
			if s.bytes != nil {
				s.bytes[what].Add(r.inBytes())
			}
		}
	}
}

// follow starts or drops the sums in bytes as sizes change. one is the size of all chunks before.
func (s *depthSums) follow(now sizes, one int64) {
	s.bytes = nil
	if now.unlike {
		s.bytes = s.scaled(one)
	}
}

// scaled returns the sums by depth in bytes while all chunks have one size.
func (s *depthSums) scaled(size int64) *[quantities]histogram.Sparse {
	out := new([quantities]histogram.Sparse)
	for what := range s.chunks {
		out[what] = *s.chunks[what].Scaled(size)
	}
	return out
}

// merge adds other sums, made with chunks of other sizes. now are the sizes of both.
func (s *depthSums) merge(from *depthSums, now, others sizes) {
	for what := range s.chunks {
		s.chunks[what].Merge(&from.chunks[what])
	}
	if !now.unlike {
		return
	}
	more := from.bytes
	if more == nil {
		more = from.scaled(others.one)
	}
	if s.bytes == nil {
		s.bytes = new([quantities]histogram.Sparse)
	}
	for what := range s.bytes {
		s.bytes[what].Merge(&more[what])
	}
}

// addTo adds the sums to those of a tally that has followed the same sizes.
func (s *depthSums) addTo(y *tally) {
	for what := range y.chunks.Len() {
		y.chunks.AddAll(what, &s.chunks[what])
	}
	if s.bytes != nil {
		for what, h := range y.bytes {
			h.Merge(&s.bytes[what])
		}
	}
}

// histograms returns the sums by depth as a curve needs them: in bytes if chunks have unlike sizes and the curve is in bytes,
// else in chunks.
func (s *depthSums) histograms(curve *Curve) []histogram.Histogram {
	sums := &s.chunks
	if curve.Unit == units.Bytes && curve.ChunkBytes == 0 {
		if sums = s.bytes; sums == nil {
			sums = new([quantities]histogram.Sparse) // no chunk at all
		}
	}
	out := make([]histogram.Histogram, len(curve.sums))
	for what := range out {
		out[what] = &sums[what]
	}
	return out
}
