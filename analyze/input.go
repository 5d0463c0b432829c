package analyze

import (
	"math"

	"hashlog/analyze/units"
	"hashlog/log"
)

// input sums up what is replayed, warm-up included.
type input struct {
	Input
	models map[string]int32 // index into Models
	model  int              // of the request at hand, index into Models
	// Requests with something to note about them.
	surplus, sizeDisagrees, otherGeometry int64
}

func newInput() input { return input{models: make(map[string]int32)} }

func (in *input) add(e *log.Entry, size int64) error {
	if e.SeqLen > math.MaxInt64-in.TotalTokens {
		return at(e, ErrTooManyTokens)
	}
	t := tokens{chunkSize: e.ChunkSize, seqLen: e.SeqLen}
	if in.Requests == 0 {
		in.FirstTimestamp, in.LastTimestamp = e.Timestamp, e.Timestamp
	}
	in.FirstTimestamp = min(in.FirstTimestamp, e.Timestamp)
	in.LastTimestamp = max(in.LastTimestamp, e.Timestamp)
	in.Requests++
	in.TotalTokens += e.SeqLen
	in.CacheableTokens += t.first(len(e.Hashes))
	in.ChunkLookups += int64(len(e.Hashes))
	if n := len(e.Hashes); n > 0 && t.seqLen/t.chunkSize < int64(n) {
		in.surplus++
	}
	in.addModel(e, size)
	return nil
}

func (in *input) addModel(e *log.Entry, size int64) {
	i, ok := in.modelIndex(e.ModelName)
	if !ok {
		i = len(in.Models)
		in.models[e.ModelName] = int32(i)
		in.Models = append(in.Models, Model{Name: e.ModelName, ChunkSize: &[]int64{e.ChunkSize}[0], BytesPerChunk: known(size)})
	}
	in.model = i
	m := &in.Models[i]
	m.Requests++
	m.TotalTokens += e.SeqLen
	if m.ChunkSize != nil && *m.ChunkSize != e.ChunkSize {
		m.ChunkSize = nil
	}
	if m.BytesPerChunk != nil && *m.BytesPerChunk != size {
		m.BytesPerChunk = nil
	}
}

// modelIndex returns where in Models a model is, if it is there: most often where the last one was.
func (in *input) modelIndex(name string) (i int, ok bool) {
	if in.model < len(in.Models) && in.Models[in.model].Name == name {
		return in.model, true
	}
	at, ok := in.models[name]
	return int(at), ok
}

// oneSize returns what a chunk of any record would weigh, 0 if that is unknown or not the same for all.
func (in *input) oneSize() (size int64) {
	for _, m := range in.Models {
		if m.BytesPerChunk == nil || size > 0 && size != *m.BytesPerChunk {
			return 0
		}
		size = *m.BytesPerChunk
	}
	return size
}

// known returns a pointer to a size, or nil for 0, which is an unknown one.
func known(size int64) *int64 {
	if size == 0 {
		return nil
	}
	return &size
}

// modelTally counts each model's part of a cache that all use, at the listed capacities.
type modelTally struct {
	parts  parts
	index  []int32 // where in models one is, + 1, by its index in Input.Models; 0: nowhere
	models []modelCount
}

type modelCount struct {
	name   string
	tokens int64
	climb  climb
}

func newModelTally(p parts) modelTally { return modelTally{parts: p} }

// add counts a request of a model, by its index in Input.Models and its name.
func (m *modelTally) add(model int, name string, t tokens, demand []row) {
	for len(m.index) <= model {
		m.index = append(m.index, 0)
	}
	i := int(m.index[model]) - 1
	if i < 0 {
		i = len(m.models)
		m.models = append(m.models, modelCount{name: name})
		m.index[model] = int32(i + 1)
	}
	m.models[i].tokens += t.seqLen
	m.parts.add(&m.models[i].climb, demand)
}

// maxHeldModels is for how many models and capacities figures are at hand, and not found as they are asked for.
const maxHeldModels = 100_000

// fill gives a result the models' figures at a listed capacity, or, where there are many in all results, what finds them.
func (m *modelTally) fill(r *Result, c units.Capacity, results int) {
	n := len(m.models)
	if n*results > maxHeldModels {
		r.models, r.capacity = m, c
		return
	}
	r.Models = make([]ModelResult, n)
	for i := range r.Models {
		r.Models[i] = m.result(i, c)
	}
}

// result returns the figures of a model at a listed capacity.
func (m *modelTally) result(i int, c units.Capacity) ModelResult {
	count := &m.models[i]
	hits := m.parts.hitTokens(&count.climb, c)
	return ModelResult{Name: count.name, HitTokens: hits, TotalTokens: count.tokens, TokenHitRate: Rate(hits, count.tokens)}
}
