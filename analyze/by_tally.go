package analyze

import "slices"

// byTally counts the requests of the counted part by the classes of each dimension.
type byTally struct {
	dimensions []*dimensionTally
	listed     partCounter // at capacities fixed before the replay
	none       bool        // whether none is listed
	byDepth    bool        // whether classes have depthSums, for capacities that are chosen after it
	sizes      sizes       // of all chunks so far
	one        classSums   // of the request at hand
}

// dimensionTally holds the sums of the classes of a dimension.
type dimensionTally struct {
	dimension
	classes []classSums // by number
}

// classSums are the counts of one class.
type classSums struct {
	requests int64
	totals   totals
	ceiling  int64                // hit tokens of an unlimited cache
	listed   [quantities]partHits // tokens at the capacities of byTally.listed
	depths   *depthSums           // nil unless byTally.byDepth
}

// newByTally returns an empty tally. If it has depthSums, whole leaves the tokens of requests to it, since those of all classes of
// a dimension are those of the log.
func newByTally(opts *Options, cs *caches, models *modelNames, whole *tally) *byTally {
	y := &byTally{sizes: sizes{known: true}}
	switch {
	case opts.summary:
		y.listed = opts.partCounter(cs, nil)
	case cs != nil:
		y.listed = newPartCounter(cs, cs.capacities())
	default:
		y.listed = newCapacitySet(opts.Capacities)
		y.none = len(opts.Capacities) == 0
		y.byDepth = opts.Grid != nil
	}
	for _, d := range opts.dimensions() {
		y.dimensions = append(y.dimensions, &dimensionTally{dimension: newDimension(d, opts, models)})
	}
	if y.byDepth {
		whole.parts = y.dimensions[0]
	}
	return y
}

// class returns the sums of a class.
func (d *dimensionTally) class(number int) *classSums {
	for len(d.classes) <= number {
		d.classes = append(d.classes, classSums{})
	}
	return &d.classes[number]
}

func (y *byTally) lookUp(q *request) error {
	y.follow(q.sizes)
	if !q.counted {
		return nil
	}
	y.read(q)
	for _, d := range y.dimensions {
		c := d.class(d.of(q))
		c.add(&y.one)
		if y.byDepth {
			c.byDepth().add(q, y.sizes)
		}
	}
	return nil
}

// read counts a request alone, so that each dimension only has to add the counts.
func (y *byTally) read(q *request) {
	one := &y.one
	one.requests, one.totals, one.ceiling = 1, q.totals, 0
	for _, r := range q.demand {
		one.ceiling += r.n * r.tokens
	}
	if y.none {
		return
	}
	for what := range quantities {
		h := &one.listed[what]
		h.clear()
		y.listed.add(h, q, what)
	}
}

// add adds all counts of another class but those by depth.
func (c *classSums) add(more *classSums) {
	c.requests += more.requests
	c.totals.add(more.totals)
	c.ceiling += more.ceiling
	for what := range more.listed {
		c.listed[what].merge(&more.listed[what])
	}
}

func (c *classSums) byDepth() *depthSums {
	if c.depths == nil {
		c.depths = &depthSums{}
	}
	return c.depths
}

func (y *byTally) touch(*touches) error { return nil }

// follow starts to sum by depth in bytes when chunk sizes begin to differ, and gives it up when a size turns out to be unknown.
func (y *byTally) follow(now sizes) {
	now = y.sizes.and(now)
	if y.byDepth && now.unlike != y.sizes.unlike {
		for _, d := range y.dimensions {
			for i := range d.classes {
				d.classes[i].byDepth().follow(now, y.sizes.one)
			}
		}
	}
	y.sizes = now
}

func (y *byTally) merge(later counter) error {
	from := later.(*byTally)
	y.follow(from.sizes)
	for i, d := range from.dimensions {
		into := y.dimensions[i]
		for number := range d.classes {
			class := &d.classes[number]
			if class.requests == 0 {
				continue
			}
			at := number
			if into.find != nil {
				at = into.find(d.name(number))
			}
			c := into.class(at)
			c.add(class)
			if class.depths != nil {
				c.byDepth().merge(class.depths, y.sizes, from.sizes)
			}
		}
	}
	return nil
}

// report adds the divisions that are asked for to a report that holds the results and the table. A summary may have others too.
func (y *byTally) report(rep *Report, end *ending) {
	rep.By = nil
	for _, asked := range end.opts.By {
		if d := y.dimension(asked); d != nil {
			rep.By = append(rep.By, newDivision(y, d, rep, end))
		}
	}
	if d := y.dimension(ByModel); d != nil && end.opts.Models {
		rep.Models = newDivision(y, d, rep, end)
	}
}

// dimension returns the counts of a dimension; nil if it is not counted.
func (y *byTally) dimension(d Dimension) *dimensionTally {
	i := slices.IndexFunc(y.dimensions, func(t *dimensionTally) bool { return t.Dimension == d })
	if i < 0 {
		return nil
	}
	return y.dimensions[i]
}
