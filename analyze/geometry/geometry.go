package geometry

import (
	"fmt"
	"math"
	"math/bits"

	"hashlog/log"
)

// Geometry is what a model stores for a token, with the figures behind it. Its JSON form is part of a report's settings.
type Geometry struct {
	File         string `json:"file"`
	Architecture string `json:"architecture"` // of the language model

	Layers      int64     `json:"layers"`       // whose KV cache grows with every token
	ModelLayers int64     `json:"model_layers"` // all of them
	LeftOut     []LeftOut `json:"left_out"`     // the layers not counted, and why

	KVHeads        int64 `json:"kv_heads"`          // of the model; 0 if the cache is compressed
	KVHeadsOneRank int64 `json:"kv_heads_one_rank"` // that each rank keeps
	HeadDim        int64 `json:"head_dim"`          // elements of a head's key, and of its value

	KVLoraRank    int64 `json:"kv_lora_rank"`     // elements of a compressed cache; 0 if it is not compressed
	QKRopeHeadDim int64 `json:"qk_rope_head_dim"` // elements of the key beside it
	IndexHeadDim  int64 `json:"index_head_dim"`   // elements of a sparse attention's index key; 0 if there is none

	KVDType      string `json:"kv_dtype"`
	ElementBytes int64  `json:"element_bytes"`
	Ranks        int64  `json:"ranks"`

	BytesPerToken        int64 `json:"bytes_per_token"` // of all ranks together
	BytesPerTokenOneRank int64 `json:"bytes_per_token_one_rank"`

	// Formula is the calculation of BytesPerToken, with its inputs.
	Formula string `json:"formula"`
	// Defaults are the fields that are missing from the file and have a default in the architecture.
	Defaults []string `json:"defaults"`
}

// LeftOut are layers that are not counted.
type LeftOut struct {
	Layers int64  `json:"layers"`
	Why    string `json:"why"` // completes "3 layers …"
}

// Options say how the model is run. The zero value is one rank and the model's own dtype.
type Options struct {
	// Ranks are the tensor-parallel ranks that share the model. Default 0: 1.
	Ranks int64
	// KVDType is the dtype of the cache. Default "" (and "auto"): the model's.
	KVDType string
}

// Parse reads a config.json. The file's name is for errors and the result. Its errors include *[UnknownError] for an
// architecture that is not in the table, *[UnsupportedError] for a model whose cache follows none of the formulas,
// *[MissingError] for missing fields, and *[DTypeError] for a dtype of unknown size.
func Parse(file string, data []byte, opts Options) (*Geometry, error) {
	g, err := parse(data, opts)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", log.Quoted(file), err)
	}
	g.File = file
	return g, nil
}

func parse(data []byte, opts Options) (*Geometry, error) {
	whole, err := readConfig(data)
	if err != nil {
		return nil, err
	}
	c, f, err := identify(whole)
	if err != nil {
		return nil, err
	}
	g := &Geometry{Architecture: c.architecture, Ranks: max(opts.Ranks, 1), LeftOut: []LeftOut{}}
	g.setDType(c, opts.KVDType, f.dtype)
	f.attention(c, g)
	kinds := lastLayers(c, layerKinds(c, f))
	if err := c.fault(); err != nil {
		return nil, err
	}
	if err := g.setLayers(c, kinds); err != nil {
		return nil, err
	}
	g.Defaults = append([]string{}, c.defaults...)
	return g, g.compute()
}

// compute fills in the figures that follow from the fields.
func (g *Geometry) compute() error {
	layer, ok := g.layerBytes()
	if !ok {
		return errTooLarge
	}
	one, ok := product(layer, g.Layers)
	if !ok {
		return errTooLarge
	}
	all, ok := product(one, g.Ranks)
	if !ok {
		return errTooLarge
	}
	g.BytesPerTokenOneRank, g.BytesPerToken = one, all
	g.Formula = g.formula()
	return nil
}

// layerBytes returns the bytes that a layer stores for a token on one rank. ok is false if they exceed an int64.
func (g *Geometry) layerBytes() (n int64, ok bool) {
	if !g.compressed() {
		g.KVHeadsOneRank = headsOneRank(g.KVHeads, g.Ranks)
		return product(2, g.KVHeadsOneRank, g.HeadDim, g.ElementBytes)
	}
	elements, ok := sum(g.KVLoraRank, g.QKRopeHeadDim)
	if !ok {
		return 0, false
	}
	latent, ok := product(elements, g.ElementBytes)
	if !ok {
		return 0, false
	}
	index, ok := sum(g.IndexHeadDim, g.indexScaleBytes())
	if !ok {
		return 0, false
	}
	return sum(latent, index)
}

// indexScaleBytes returns the bytes of an index key's scales.
func (g *Geometry) indexScaleBytes() int64 { return g.IndexHeadDim / indexScale * 4 }

// packedBytes returns the bytes that a layer with an index takes for the compressed cache of a token if a server (vLLM,
// SGLang) packs it for its sparse attention: one byte an element, scales as for the index, and two bytes for each element of
// the position. ok is false without an index.
func (g *Geometry) packedBytes() (packed int64, ok bool) {
	if g.IndexHeadDim == 0 || g.KVLoraRank%indexScale != 0 || max(g.KVLoraRank, g.QKRopeHeadDim) > math.MaxInt64/8 {
		return 0, false
	}
	return g.KVLoraRank + g.KVLoraRank/indexScale*4 + 2*g.QKRopeHeadDim, true
}

// compressed reports whether the model has multi-head latent attention.
func (g *Geometry) compressed() bool { return g.KVLoraRank > 0 }

// headsOneRank returns max(1, ⌈heads / ranks⌉).
func headsOneRank(heads, ranks int64) int64 {
	return max(1, heads/ranks+min(1, heads%ranks))
}

// sum adds two numbers, both 0 or more. ok is false if the result exceeds an int64.
func sum(a, b int64) (n int64, ok bool) { return a + b, a <= math.MaxInt64-b }

// product multiplies numbers above zero. ok is false if the result exceeds an int64.
func product(factors ...int64) (n int64, ok bool) {
	p := int64(1)
	for _, f := range factors {
		hi, lo := bits.Mul64(uint64(p), uint64(f))
		if hi != 0 || lo > math.MaxInt64 {
			return 0, false
		}
		p = int64(lo)
	}
	return p, true
}

// ChunkBytes returns the bytes that all ranks together store for a chunk of that many tokens, or 0 if they exceed an int64.
func (g *Geometry) ChunkBytes(tokens int64) int64 {
	n, _ := product(g.BytesPerToken, tokens)
	return n
}

// ChunkBytesOneRank is ChunkBytes for one rank.
func (g *Geometry) ChunkBytesOneRank(tokens int64) int64 {
	n, _ := product(g.BytesPerTokenOneRank, tokens)
	return n
}
