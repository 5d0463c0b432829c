package policy

import "context"

// sweep goes through the requests with the intervals that a cache holds. It is empty again after a whole pass.
type sweep struct {
	*Optimum
	measure
	used   int64     // size of the intervals held
	held   []int64   // by request: size of those that end there
	queues []highest // by class: the requests of that class where some end
	class  []uint8   // by request; nil if there is one class only
}

// newSweep returns a sweep of one class.
func newSweep(o *Optimum, m measure) *sweep {
	return &sweep{Optimum: o, measure: m, held: make([]int64, o.requests), queues: []highest{newHighest(o.requests)}}
}

// most returns the size of the most intervals of a layer of which nowhere more than the capacity overlaps, where an interval may
// be taken in part. rank is by kind: the last layer it is in.
func (s *sweep) most(ctx context.Context, layer int, rank []int32) (sum int64, err error) {
	for i := range s.requests {
		if i%1024 == 0 && ctx.Err() != nil {
			return 0, ctx.Err()
		}
		sum += s.leave(i)
		for _, g := range s.groups[s.starts[i]:s.starts[i+1]] {
			if int(rank[g.kind]) >= layer {
				s.hold(int(g.end), int64(g.n)*s.sizes[g.kind])
			}
		}
		for s.used > s.room {
			end := s.queues[0].max()
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
		s.queue(end).add(end)
	}
	s.held[end] += size
	s.used += size
}

func (s *sweep) drop(end int, size int64) {
	s.used -= size
	if s.held[end] -= size; s.held[end] == 0 {
		s.queue(end).remove(end)
	}
}

func (s *sweep) queue(end int) highest {
	if s.class == nil {
		return s.queues[0]
	}
	return s.queues[s.class[end]]
}
