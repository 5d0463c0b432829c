package analyze

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
	"strings"

	"hashlog/analyze/units"
)

// rungs returns the capacities at which a summary counts parts of the log: all powers of two in both units, unlimited, the listed ones, and
// the largest one.
func (o *Options) rungs() *capacitySet {
	return newCapacitySet(append(allPowers(), o.listedRungs()...))
}

// listedRungs returns the rungs besides the powers of two and unlimited.
func (o *Options) listedRungs() (list []units.Capacity) {
	asked := slices.Clone(o.Capacities)
	if o.Rolling != nil {
		asked = append(asked, o.Rolling.Capacities...)
	}
	if o.bounded() {
		asked = append(asked, o.MaxCapacity)
	}
	for _, c := range asked {
		power := c.Unit == units.Unlimited || c.N&(c.N-1) == 0
		if !power && !slices.Contains(list, c) {
			list = append(list, c)
		}
	}
	return list
}

// allPowers returns all powers of two in both units, and unlimited.
func allPowers() []units.Capacity {
	list := []units.Capacity{{Unit: units.Unlimited}}
	for n := int64(1); n > 0; n <<= 1 {
		list = append(list, units.InChunks(n), units.InBytes(n))
	}
	return list
}

// counted returns a capacity of the set that holds the same as another; ok is false if there is none. size is that of all chunks in
// bytes; 0 if they have none.
func (s *capacitySet) counted(c units.Capacity, size int64) (_ units.Capacity, ok bool) {
	list, n := s.chunks.list, c.Limit()
	if c.Unit == units.Bytes {
		list = s.bytes.list
	}
	if _, ok := slices.BinarySearch(list, n); ok {
		return c, true
	}
	if size == 0 || c.Unit == units.Unlimited {
		return c, false
	}
	if c.Unit == units.Bytes {
		n /= size
	}
	if _, ok := slices.BinarySearch(s.chunks.list, n); ok {
		return units.InChunks(n), true
	}
	i, _ := slices.BinarySearchFunc(s.bytes.list, n, func(bytes, chunks int64) int { return cmp.Compare(bytes/size, chunks) })
	if i < len(s.bytes.list) && s.bytes.list[i]/size == n {
		return units.InBytes(s.bytes.list[i]), true
	}
	return c, false
}

// near returns the capacities of the set around another of its unit.
func (s *capacitySet) near(c units.Capacity) (around []units.Capacity) {
	list, n := s.chunks.list, c.Limit()
	if c.Unit == units.Bytes {
		list = s.bytes.list
	}
	i, _ := slices.BinarySearch(list, n)
	for _, n := range list[max(0, i-1):min(len(list), i+1)] {
		c.N = n
		if unlimited := (units.Capacity{Unit: units.Unlimited}); n == unlimited.Limit() {
			c = unlimited
		}
		around = append(around, c)
	}
	return around
}

// has reports what the sums of a summary lack of what a report asks for. size is that of all chunks in bytes; 0 if they have none. The error is
// a [*NoRungError] if it is a capacity, and a [*ListedOnlyError] if it is the cache.
func (s *sums) has(asked *Options, size int64) error {
	switch {
	case asked.Source != nil:
		return errOneSource
	case asked.Cache.Policy != nil:
		return &ListedOnlyError{asked.Cache.name(), "summary"}
	}
	if err := asked.errGranularityNeedsLogs(); err != nil {
		return err
	}
	o, rungs := s.opts, s.opts.partCounter(s.caches, nil)
	if asked.Rolling != nil {
		if err := haveRungs(rungs, "time windows", asked.Rolling.Capacities, size); err != nil {
			return err
		}
	}
	if asked.TTLs != nil {
		if o.TTLs == nil {
			return errors.New("the summary has no TTLs")
		}
		for _, ttl := range asked.TTLs.TTLs {
			if !slices.Contains(o.TTLs.ttls(true), ttl) {
				return fmt.Errorf("the summary does not have the TTL %s", units.FormatDuration(ttl))
			}
		}
		if err := haveRungs(rungs, "TTLs", asked.TTLs.Capacities, size); err != nil {
			return err
		}
	}
	if asked.Tiers != nil && (o.Tiers == nil || asked.Tiers.Mode != o.Tiers.Mode || !slices.EqualFunc(asked.Tiers.Tiers, o.Tiers.Tiers, func(a, b Tier) bool { return a.Capacity == b.Capacity })) {
		return errors.New("the summary has not counted these tiers")
	}
	for _, d := range asked.dimensions() {
		if !slices.Contains(o.By, d) {
			return fmt.Errorf("the summary has no classes by %s", d)
		}
	}
	if asked.Heat || asked.Stats || asked.Requests || asked.Reuse || asked.Audit || asked.OnRow != nil || asked.OnHits != nil {
		return errors.New("a summary has no figures on single requests and chunks, nor heat or an audit")
	}
	return nil
}

// haveRungs requires that a counter counts at some capacities.
func haveRungs(counter partCounter, what string, capacities []units.Capacity, size int64) error {
	for _, c := range capacities {
		if _, ok := counter.counted(c, size); ok {
			continue
		}
		err := &NoRungError{What: what, Capacity: c}
		if set, ok := counter.(*capacitySet); ok {
			err.Near = set.near(c)
		}
		return err
	}
	return nil
}

// NoRungError says that a summary has not counted time windows or TTLs at a capacity.
type NoRungError struct {
	What     string // "time windows" or "TTLs"
	Capacity units.Capacity
	Near     []units.Capacity // the capacities around it at which it has
}

func (e *NoRungError) Error() string {
	text := fmt.Sprintf("%s at %s: the summary has them at the capacities that it was made with", e.What, e.Capacity)
	if len(e.Near) > 0 {
		text += " and at all powers of two; the nearest are " + capacityList(e.Near)
	}
	return text
}

// rungNote says at which capacities a summary has counted models and classes; "" if a report asks for no others.
func (s *sums) rungNote(rep *Report, end *ending) string {
	if !s.opts.summary {
		return ""
	}
	asked := slices.Clone(end.opts.Capacities)
	if rep.Table != nil && len(end.opts.dimensions()) > 0 {
		asked = append(asked, rep.Table.listed()...)
	}
	if haveRungs(s.opts.partCounter(s.caches, nil), "", asked, end.curve.ChunkBytes) == nil {
		return ""
	}
	rungs := []string{"all powers of two", "unlimited"}
	if s.caches != nil {
		rungs = nil
	}
	for _, c := range s.opts.listedRungs() {
		rungs = append(rungs, c.String())
	}
	return "Models and classes are known at the capacities that the summary was made with, and left out at others: " + strings.Join(rungs, ", ") + "."
}

// capacityList names capacities: "64 GiB, 100 GiB and 128 GiB".
func capacityList(capacities []units.Capacity) string {
	names := make([]string, len(capacities))
	for i, c := range capacities {
		names[i] = c.String()
	}
	if n := len(names); n > 1 {
		return strings.Join(names[:n-1], ", ") + " and " + names[n-1]
	}
	return strings.Join(names, "")
}
