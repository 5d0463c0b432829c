package analyze

import (
	"hashlog/analyze/internal/section"
)

func (m *modelTally) tag() string { return "MODL" }

// save writes the number of places of models; for each its tokens and hits.
func (m *modelTally) save(w *section.Writer) {
	saveCounts(w, int64(len(m.models)))
	for i := range m.models {
		saveCounts(w, m.models[i].tokens)
		m.models[i].hits.save(w)
	}
}

func (m *modelTally) load(r *section.Reader, of *sums) {
	tokens := of.tally.totals.tokens
	loadEach(r, r.UpTo(int64(len(of.names.list)), "models"), func(place int) {
		model := m.of(place)
		model.tokens = share(r, &tokens, "tokens of a model")
		model.hits.load(r, model.tokens, m.counter)
	})
}

func (r *windowTally) tag() string { return "WIND" }

// save writes windows; of each its requests, totals, and hits by quantity.
func (r *windowTally) save(w *section.Writer) {
	saveWindows(w, r.windows, func(sums *windowSums) {
		saveCounts(w, sums.requests)
		sums.totals.save(w)
		for what := range savedQuantities {
			sums.found[what].save(w)
		}
	})
}

func (r *windowTally) load(in *section.Reader, of *sums) {
	requests, totals := of.input.sum.Requests, of.tally.totals
	loadWindows(in, r.windows, r.windows.Possible, func(sums *windowSums) {
		sums.requests = share(in, &requests, "requests of a window")
		sums.totals.load(in, &totals)
		for what := range savedQuantities {
			sums.found[what].load(in, sums.totals.tokens, r.counter)
		}
	})
}

func (y *byTally) tag() string { return "CLAS" }

// save writes, for each dimension, the number of classes with requests; for each its number or, of a source or a salt, its name (Text), the requests, the
// totals, the hit tokens of an unlimited cache, and the hits by quantity.
func (y *byTally) save(w *section.Writer) {
	for _, d := range y.dimensions {
		n := int64(0)
		for i := range d.classes {
			if d.classes[i].requests > 0 {
				n++
			}
		}
		saveCounts(w, n)
		for i := range d.classes {
			if c := &d.classes[i]; c.requests > 0 {
				d.saveNumber(w, i)
				c.save(w)
			}
		}
	}
}

// saveNumber writes what names a class.
func (d *dimensionTally) saveNumber(w *section.Writer, class int) {
	if d.Dimension == BySource || d.Dimension == BySalt {
		w.Text(d.name(class))
	} else {
		saveCounts(w, int64(class))
	}
}

func (c *classSums) save(w *section.Writer) {
	saveCounts(w, c.requests)
	c.totals.save(w)
	saveCounts(w, c.ceiling)
	for what := range savedQuantities {
		c.listed[what].save(w)
	}
}

func (y *byTally) load(r *section.Reader, of *sums) {
	y.sizes = of.tally.sizes
	for _, d := range y.dimensions {
		requests, totals := of.input.sum.Requests, of.tally.totals
		loadEach(r, loadCount(r, "classes"), func(int) {
			number := d.loadNumber(r, of)
			if r.Err() != nil {
				return
			}
			c := d.class(number)
			if c.requests > 0 {
				r.Fail("two classes %s", d.name(number))
				return
			}
			c.requests = share(r, &requests, "requests of a class")
			c.totals.load(r, &totals)
			c.ceiling = r.UpTo(c.totals.tokens, "hit tokens of a class")
			for what := range savedQuantities {
				c.listed[what].load(r, c.totals.tokens, y.listed)
			}
		})
	}
}

// loadNumber reads what names a class.
func (d *dimensionTally) loadNumber(r *section.Reader, of *sums) int {
	switch d.Dimension {
	case BySource, BySalt:
		return d.find(r.Text())
	case ByModel:
		return int(r.UpTo(int64(len(of.names.list))-1, "class of a model"))
	}
	return int(r.UpTo(int64(d.last), "class"))
}

func (y *ttlTally) tag() string { return "TTLS" }

// save writes the hits of each TTL, and of none.
func (y *ttlTally) save(w *section.Writer) {
	for i := range y.hits {
		y.hits[i].save(w)
	}
}

func (y *ttlTally) load(r *section.Reader, of *sums) {
	for i := range y.hits {
		y.hits[i].load(r, of.tally.totals.tokens, y.set)
	}
}
