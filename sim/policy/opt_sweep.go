package policy

import "context"

// sweep goes through the requests with the intervals that a cache holds. It is empty again after a whole pass.
type sweep struct {
	*Optimum
	measure
	rank []int32 // by kind: the last layer it is in

	used   int64   // size of the intervals held
	held   []int64 // by request: size of those that end there
	latest highest // requests where some end
}

func newSweep(o *Optimum, m measure, rank []int32) *sweep {
	return &sweep{Optimum: o, measure: m, rank: rank, held: make([]int64, o.requests), latest: newHighest(o.requests)}
}

// most returns the size of the most intervals of a layer of which nowhere more than the capacity overlaps. An interval may be
// taken in part.
func (s *sweep) most(ctx context.Context, layer int) (sum int64, err error) {
	for i := range s.requests {
		if i%1024 == 0 && ctx.Err() != nil {
			return 0, ctx.Err()
		}
		sum += s.leave(i)
		for _, g := range s.groups[s.starts[i]:s.starts[i+1]] {
			if int(s.rank[g.kind]) >= layer {
				s.hold(int(g.end), int64(g.n)*s.sizes[g.kind])
			}
		}
		for s.used > s.room {
			end := s.latest.max()
			s.drop(end, min(s.held[end], s.used-s.room))
		}
	}
	return sum, nil
}

// leave lets go of the intervals that end at a request, and returns their size.
func (s *sweep) leave(request int) int64 {
	size := s.held[request]
	if size > 0 {
		s.drop(request, size)
	}
	return size
}

// hold adds intervals of a size > 0.
func (s *sweep) hold(end int, size int64) {
	if s.held[end] == 0 {
		s.latest.add(end)
	}
	s.held[end] += size
	s.used += size
}

func (s *sweep) drop(end int, size int64) {
	s.used -= size
	if s.held[end] -= size; s.held[end] == 0 {
		s.latest.remove(end)
	}
}
