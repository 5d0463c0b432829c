package analyze

import (
	"cmp"
	"hashlog/analyze/geometry"
	"math"
	"slices"
)

// input sums up the replayed requests, warm-up included.
type input struct {
	sum      Input // its Models are in the order of names
	names    *modelNames
	geometry *geometry.Geometry // source of the chunk sizes; nil: as logged
	oddities oddities
	from     *float64 // timestamp of the first counted request; nil if there is none
	counted  []int    // places in names of the models that have counted requests, in order of the first one
	listed   []bool   // by place in names, whether it is in counted
}

func newInput(opts *Options, names *modelNames) *input {
	return &input{names: names, geometry: opts.Geometry}
}

func (in *input) lookUp(q *request) error {
	sum := &in.sum
	tokens, ok := fits(sum.TotalTokens, q.tokens.seqLen)
	if !ok {
		return ErrTooManyTokens
	}
	sum.TotalTokens = tokens
	in.addTime(q.time, q.time)
	sum.Requests++
	sum.CacheableTokens += q.tokens.first(q.chunks)
	sum.ChunkLookups += int64(q.chunks)
	if q.chunks > 0 && q.tokens.seqLen/q.tokens.chunkSize < int64(q.chunks) {
		in.oddities.surplus++
	}
	if g := in.geometry; g != nil && q.logged > 0 && q.logged != g.ChunkBytesOneRank(q.tokens.chunkSize) {
		in.oddities.otherGeometry++
	}
	if !q.counted {
		in.oddities.uncounted++
	} else {
		in.count(q.model)
		if in.from == nil {
			in.from = &[]float64{q.time}[0]
		}
	}
	m := in.model(q.model, q.tokens.chunkSize, q.size)
	m.Requests++
	m.TotalTokens += q.tokens.seqLen
	return nil
}

// count notes that the model at a place in names has a counted request.
func (in *input) count(place int) {
	for len(in.listed) <= place {
		in.listed = append(in.listed, false)
	}
	if !in.listed[place] {
		in.listed[place] = true
		in.counted = append(in.counted, place)
	}
}

// addTime extends the time range by that of some requests.
func (in *input) addTime(first, last float64) {
	if in.sum.Requests == 0 {
		in.sum.FirstTimestamp, in.sum.LastTimestamp = first, last
	}
	in.sum.FirstTimestamp = min(in.sum.FirstTimestamp, first)
	in.sum.LastTimestamp = max(in.sum.LastTimestamp, last)
}

// model returns the model at a place in names, updated for a request with the given chunk size in tokens and in bytes; 0
// means unknown or different.
func (in *input) model(place int, chunkSize, bytes int64) *Model {
	if place == len(in.sum.Models) {
		in.sum.Models = append(in.sum.Models, Model{Name: in.names.list[place], ChunkSize: known(chunkSize), BytesPerChunk: known(bytes)})
	}
	m := &in.sum.Models[place]
	if m.ChunkSize != nil && *m.ChunkSize != chunkSize {
		m.ChunkSize = nil
	}
	if m.BytesPerChunk != nil && *m.BytesPerChunk != bytes {
		m.BytesPerChunk = nil
	}
	return m
}

// oneSize returns the chunk size in bytes that all records share; 0 if it is unknown or differs.
func (in *input) oneSize() (size int64) {
	for _, m := range in.sum.Models {
		if m.BytesPerChunk == nil || size > 0 && size != *m.BytesPerChunk {
			return 0
		}
		size = *m.BytesPerChunk
	}
	return size
}

func (in *input) touch(t *touches) error {
	if t.disagrees {
		in.oddities.sizeDisagrees++
	}
	return nil
}

func (in *input) merge(later counter) error {
	from := later.(*input)
	in.oddities.merge(from.oddities)
	in.from = cmp.Or(in.from, from.from)
	if from.sum.Requests == 0 {
		return nil
	}
	sum := &in.sum
	tokens, ok := fits(sum.TotalTokens, from.sum.TotalTokens)
	if !ok {
		return ErrTooManyTokens
	}
	requests, ok := fits(sum.Requests, from.sum.Requests)
	lookups, okLookups := fits(sum.ChunkLookups, from.sum.ChunkLookups)
	if !ok || !okLookups {
		return ErrTooManyLookups
	}
	in.addTime(from.sum.FirstTimestamp, from.sum.LastTimestamp)
	sum.Requests, sum.TotalTokens, sum.ChunkLookups = requests, tokens, lookups
	sum.CacheableTokens += from.sum.CacheableTokens
	for i := range from.sum.Models {
		m := &from.sum.Models[i]
		into := in.model(in.names.find(m.Name), orZero(m.ChunkSize), orZero(m.BytesPerChunk))
		into.Requests += m.Requests
		into.TotalTokens += m.TotalTokens
	}
	for _, place := range from.counted {
		in.count(in.names.find(from.names.list[place]))
	}
	return nil
}

// report writes the input, with the figures that the stack, the filter and the reader add to it.
func (in *input) report(rep *Report, end *ending) {
	rep.Input = in.sum
	rep.Counted = in.sum.Requests - in.oddities.uncounted
	out, stats := &rep.Input, end.stats
	out.Models = slices.Clone(in.sum.Models)
	out.Files = len(end.paths)
	if !end.opts.bounded() {
		out.UniqueChunks = &end.unique
	}
	out.Filtered = end.sieve.Read - end.sieve.Passed - end.sieve.Empty
	out.Empty = end.sieve.Empty
	out.Skipped, out.Torn, out.Late, out.Damaged, out.EmptyFiles = stats.Skipped, stats.Torn, stats.Late, stats.Damaged, stats.EmptyFiles
	out.BeforeState = stats.BeforeState
	if in.oddities.uncounted > 0 {
		rep.CountedFrom = in.from
	}
}

// fits adds two sums ≥ 0; ok is false if the result exceeds an int64.
func fits(a, b int64) (sum int64, ok bool) {
	if b > math.MaxInt64-a {
		return a, false
	}
	return a + b, true
}
