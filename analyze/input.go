package analyze

import (
	"math"

	"hashlog/log"
)

// input sums up what is replayed, warm-up included.
type input struct {
	Input
	models map[string]int // index into Models
	// Requests with something to note about them.
	surplus, sizeDisagrees, otherGeometry int64
}

func newInput() input { return input{models: make(map[string]int)} }

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
	i, ok := in.models[e.ModelName]
	if !ok {
		i = len(in.Models)
		in.models[e.ModelName] = i
		in.Models = append(in.Models, Model{Name: e.ModelName, ChunkSize: &[]int64{e.ChunkSize}[0], BytesPerChunk: known(size)})
	}
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
	index  map[string]int
	models []modelCount
}

type modelCount struct {
	name   string
	tokens int64
	climb  climb
}

func newModelTally(p parts) modelTally { return modelTally{parts: p, index: make(map[string]int)} }

func (m *modelTally) add(name string, t tokens, demand []row) {
	i, ok := m.index[name]
	if !ok {
		i = len(m.models)
		m.index[name] = i
		m.models = append(m.models, modelCount{name: name})
	}
	m.models[i].tokens += t.seqLen
	m.parts.add(&m.models[i].climb, demand)
}

// maxHeldModels is for how many models and capacities figures are at hand, and not found as they are asked for.
const maxHeldModels = 100_000

// fill gives a result the models' figures at a listed capacity, or, where there are many in all results, what finds them.
func (m *modelTally) fill(r *Result, c Capacity, results int) {
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
func (m *modelTally) result(i int, c Capacity) ModelResult {
	count := &m.models[i]
	hits := m.parts.hitTokens(&count.climb, c)
	return ModelResult{Name: count.name, HitTokens: hits, TotalTokens: count.tokens, TokenHitRate: Rate(hits, count.tokens)}
}
