package analyze

import (
	"cmp"
	"slices"

	"hashlog/analyze/units"
)

// modelNames lists the model names of requests, in order of first appearance.
type modelNames struct {
	list   []string
	places map[string]int32 // in list
	last   int              // the place returned last; the next request mostly has the same
}

func newModelNames() *modelNames { return &modelNames{places: make(map[string]int32)} }

// find returns the place of a name, and adds the name if it is new.
func (m *modelNames) find(name string) int {
	if m.last < len(m.list) && m.list[m.last] == name {
		return m.last
	}
	at, ok := m.places[name]
	if !ok {
		at = int32(len(m.list))
		m.places[name] = at
		m.list = append(m.list, name)
	}
	m.last = int(at)
	return m.last
}

// modelTally counts each model's share of a cache that all models use, at the listed capacities.
type modelTally struct {
	names   *modelNames
	counter partCounter
	index   []int32 // index in list + 1, by place of the model's name; 0: none
	list    []modelSums
}

// modelSums are the counts of one model.
type modelSums struct {
	name   int // its place in modelNames
	tokens int64
	hits   partHits
}

func newModelTally(names *modelNames, counter partCounter) *modelTally {
	return &modelTally{names: names, counter: counter}
}

// of returns the sums of the model whose name is at a place.
func (m *modelTally) of(name int) *modelSums {
	for len(m.index) <= name {
		m.index = append(m.index, 0)
	}
	if m.index[name] == 0 {
		m.list = append(m.list, modelSums{name: name})
		m.index[name] = int32(len(m.list))
	}
	return &m.list[m.index[name]-1]
}

func (m *modelTally) lookUp(q *request) error {
	if q.counted {
		sums := m.of(q.model)
		sums.tokens += q.tokens.seqLen
		m.counter.add(&sums.hits, q, hitTokens)
	}
	return nil
}

func (m *modelTally) touch(*touches) error { return nil }

func (m *modelTally) merge(later counter) error {
	from := later.(*modelTally)
	for i := range from.list {
		model := &from.list[i]
		sums := m.of(m.names.find(from.names.list[model.name]))
		sums.tokens += model.tokens
		sums.hits.merge(&model.hits)
	}
	return nil
}

// maxHeldModels is the limit of models × results up to which model figures are stored in the report. Beyond it, they are
// computed on demand.
const maxHeldModels = 100_000

// report gives the results the models' figures, in order of the models' first appearance, or, if there are more than maxHeldModels in all, a way to compute them on
// demand.
func (m *modelTally) report(rep *Report, end *ending) {
	slices.SortFunc(m.list, func(a, b modelSums) int { return cmp.Compare(a.name, b.name) })
	for i := range m.list {
		m.index[m.list[i].name] = int32(i + 1)
	}
	n := len(m.list)
	for i := range rep.Results {
		r, c := &rep.Results[i], end.opts.Capacities[i]
		if n*len(rep.Results) > maxHeldModels {
			r.models, r.capacity = m, c
			continue
		}
		r.Models = make([]ModelResult, n)
		for j := range r.Models {
			r.Models[j] = m.result(j, c)
		}
	}
}

// count returns the number of models.
func (m *modelTally) count() int { return len(m.list) }

// result returns the figures of a model at a listed capacity.
func (m *modelTally) result(i int, c units.Capacity) ModelResult {
	sums := &m.list[i]
	hits := m.counter.tokens(&sums.hits, c)
	return ModelResult{Name: m.names.list[sums.name], HitTokens: hits, TotalTokens: sums.tokens, TokenHitRate: Rate(hits, sums.tokens)}
}
