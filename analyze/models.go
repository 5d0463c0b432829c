package analyze

import "hashlog/analyze/units"

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
	input   *input // which knows the order of models
	counter partCounter
	models  []modelSums // by place of the name
}

// modelSums are the counts of one model.
type modelSums struct {
	tokens int64
	hits   partHits
}

func newModelTally(in *input, counter partCounter) *modelTally {
	return &modelTally{input: in, counter: counter}
}

// of returns the sums of the model whose name is at a place.
func (m *modelTally) of(place int) *modelSums {
	for len(m.models) <= place {
		m.models = append(m.models, modelSums{})
	}
	return &m.models[place]
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
	for i := range from.models {
		model := &from.models[i]
		sums := m.of(m.input.names.find(from.input.names.list[i]))
		sums.tokens += model.tokens
		sums.hits.merge(&model.hits)
	}
	return nil
}

// maxHeldModels is the limit of models × results up to which model figures are stored in the report. Beyond it, they are
// computed on demand.
const maxHeldModels = 100_000

// report gives the results the models' figures or, if there are more than maxHeldModels in all, a way to compute them on
// demand.
func (m *modelTally) report(rep *Report, end *ending) {
	n := m.count()
	for i := range rep.Results {
		r := &rep.Results[i]
		c, ok := m.counter.counted(end.opts.Capacities[i], end.curve.ChunkBytes)
		if !ok {
			continue
		}
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
func (m *modelTally) count() int { return len(m.input.counted) }

// result returns the figures of a model at a listed capacity.
func (m *modelTally) result(i int, c units.Capacity) ModelResult {
	place := m.input.counted[i]
	sums := m.of(place)
	hits := m.counter.tokens(&sums.hits, c)
	return ModelResult{Name: m.input.names.list[place], HitTokens: hits, TotalTokens: sums.tokens, TokenHitRate: Rate(hits, sums.tokens)}
}
