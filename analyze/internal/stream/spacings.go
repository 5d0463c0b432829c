// Package stream computes properties of a long stream of events in bounded memory: the median time between events
// ([Spacings]) and repeated ids ([RecentIDs]).
package stream

import (
	"math"
	"slices"
)

const (
	// maxSpacings is how many distinct spacings are kept apart: 8 MiB.
	maxSpacings = 1 << 19
	// recentSpacings is how many spacings are counted together.
	recentSpacings = 1 << 16
	// coarser is by how many more bits spacings are rounded when too many are distinct. Rounding stops at the latest at 8
	// bits of fraction, when all possible values fit.
	coarser = 4
)

// Spacings counts the times between the events of a stream, in seconds above 0, in bounded memory. The counts are exact
// while at most maxSpacings distinct spacings occur. Beyond that, spacings are rounded to as many bits of fraction as fit.
type Spacings struct {
	n       int64
	recent  []float64 // not yet counted
	counted []spacing // rising, without duplicates
	rounded uint      // bits of fraction dropped; 0: exact
}

// spacing is a length and the number of spacings of that length.
type spacing struct {
	seconds float64
	n       int64
}

// Add adds a spacing.
func (s *Spacings) Add(seconds float64) {
	s.n++
	s.recent = append(s.recent, seconds)
	if len(s.recent) == recentSpacings {
		s.count()
	}
}

// Exact reports whether no spacing has been rounded.
func (s *Spacings) Exact() bool { return s.rounded == 0 }

// Median returns the median spacing in seconds, the mean of the middle two if their number is even; 0 if there is none.
func (s *Spacings) Median() float64 {
	if s.n == 0 {
		return 0
	}
	s.count()
	low, high := s.nth((s.n-1)/2), s.nth(s.n/2)
	if low == high {
		return low
	}
	return low/2 + high/2
}

// Above returns how many spacings are longer than that.
func (s *Spacings) Above(seconds float64) (n int64) {
	s.count()
	for i := len(s.counted) - 1; i >= 0 && s.counted[i].seconds > seconds; i-- {
		n += s.counted[i].n
	}
	return n
}

// nth returns the spacing at index n in order of length.
func (s *Spacings) nth(n int64) float64 {
	for _, c := range s.counted {
		if n -= c.n; n < 0 {
			return c.seconds
		}
	}
	return 0
}

// count moves the recent spacings into the counts.
func (s *Spacings) count() {
	for i, seconds := range s.recent {
		s.recent[i] = s.round(seconds)
	}
	slices.Sort(s.recent)
	s.insert(tallied(s.recent))
	s.recent = s.recent[:0]
	for len(s.counted) > maxSpacings {
		s.coarsen()
	}
}

// tallied counts equal lengths in a sorted list.
func tallied(rising []float64) (out []spacing) {
	for _, seconds := range rising {
		if n := len(out); n == 0 || out[n-1].seconds != seconds {
			out = append(out, spacing{seconds: seconds})
		}
		out[len(out)-1].n++
	}
	return out
}

// insert merges sorted counts into those already counted, in place, from the back.
func (s *Spacings) insert(fresh []spacing) {
	i := len(s.counted) - 1
	s.counted = append(s.counted, fresh...)
	to := len(s.counted) - 1
	for j := len(fresh) - 1; j >= 0; to-- {
		switch {
		case i >= 0 && s.counted[i].seconds > fresh[j].seconds:
			s.counted[to] = s.counted[i]
			i--
		case i >= 0 && s.counted[i].seconds == fresh[j].seconds:
			s.counted[to] = spacing{fresh[j].seconds, s.counted[i].n + fresh[j].n}
			i--
			j--
		default:
			s.counted[to] = fresh[j]
			j--
		}
	}
	s.counted = slices.Delete(s.counted, i+1, to+1)
}

// coarsen rounds all counted spacings to fewer bits.
func (s *Spacings) coarsen() {
	s.rounded += coarser
	s.counted = s.appendRounded(s.counted[:0], s.counted)
}

// appendRounded appends sorted counts, rounded, to dst, which may share their memory. Those that become equal are put together.
func (s *Spacings) appendRounded(dst, counted []spacing) []spacing {
	for _, c := range counted {
		c.seconds = s.round(c.seconds)
		if n := len(dst); n > 0 && dst[n-1].seconds == c.seconds {
			dst[n-1].n += c.n
		} else {
			dst = append(dst, c)
		}
	}
	return dst
}

// round returns the middle of all spacings that differ only in the dropped bits.
func (s *Spacings) round(seconds float64) float64 {
	if s.rounded == 0 {
		return seconds
	}
	bits := math.Float64bits(seconds)>>s.rounded<<s.rounded | 1<<(s.rounded-1)
	return math.Float64frombits(bits)
}

// Merge adds the spacings of another stream. It counts from's recent spacings, but does not change from otherwise.
func (s *Spacings) Merge(from *Spacings) {
	from.count()
	for s.rounded < from.rounded {
		s.coarsen()
	}
	s.n += from.n
	s.insert(s.appendRounded(nil, from.counted))
	s.count()
}
