package geometry

import (
	"fmt"
	"slices"

	"hashlog/analyze/units"
)

// kind is what happens to the KV cache of a layer.
type kind string

const (
	grows   kind = "grows" // with every token
	window  kind = "window"
	chunked kind = "chunked"
	linear  kind = "linear"
	mamba   kind = "mamba"
	conv    kind = "conv"
	nothing kind = "no attention"
	shared  kind = "shared"
)

// kindNames are the names of layers in the lists of files.
var kindNames = map[string]kind{
	"full_attention":    grows,
	"attention":         grows,
	"hybrid":            grows, // Zamba2: attention, then Mamba
	"sliding_attention": window,
	"chunked_attention": chunked,
	"linear_attention":  linear,
	"mamba":             mamba,
	"mamba2":            mamba,
	"conv":              conv,
	"mlp":               nothing,
	"moe":               nothing,
}

// patternKinds are the letters of hybrid_override_pattern.
var patternKinds = map[rune]kind{'*': grows, 'M': mamba, '-': nothing, 'E': nothing}

// maxLayers bounds the layers of a file. No model comes near.
const maxLayers = 10_000

// layerKinds returns the kind of each layer, from the file's list or else by the family's rule.
func layerKinds(c *config, f *family) []kind {
	kinds, listed := listedKinds(c)
	n, ok := c.find(layerCount...)
	switch {
	case n > maxLayers:
		c.fail(fmt.Errorf("%s is %d: no model has more than %d", layerCount[0], n, maxLayers))
	case listed != "" && ok && int64(len(kinds)) != n:
		c.fail(fmt.Errorf("%s has %d layers, but %s is %d", listed, len(kinds), layerCount[0], n))
	case listed == "" && !ok:
		c.lack(layerCount...)
	case listed == "":
		return f.layers(c, int(n))
	}
	return kinds
}

// lastLayers corrects the kinds of a model's last layers, whether the file lists them or not.
func lastLayers(c *config, kinds []kind) []kind {
	n := len(kinds)
	if n == 0 {
		return kinds
	}
	if c.lastGrows {
		kinds[n-1] = grows
	}
	if c.shared > int64(n) {
		c.fail(fmt.Errorf("num_kv_shared_layers is %d, but there are %d layers", c.shared, n))
		return kinds
	}
	for i := range c.shared {
		kinds[n-1-int(i)] = shared
	}
	return kinds
}

// listedKinds returns the layers that a file lists, and the field that lists them.
func listedKinds(c *config) (kinds []kind, field string) {
	for _, field := range []string{"layer_types", "layers_block_type"} {
		if names := c.words(field); len(names) > 0 {
			return kindsOf(c, field, names, kindNames), field
		}
	}
	if pattern := c.word("hybrid_override_pattern"); pattern != "" {
		return kindsOf(c, "hybrid_override_pattern", []rune(pattern), patternKinds), "hybrid_override_pattern"
	}
	if types := c.numbers("attn_type_list"); len(types) > 0 { // MiniMax
		return kindsOf(c, "attn_type_list", types, map[int64]kind{0: linear, 1: grows}), "attn_type_list"
	}
	return nil, ""
}

// kindsOf translates the list in a field.
func kindsOf[T comparable](c *config, field string, list []T, known map[T]kind) []kind {
	kinds := make([]kind, len(list))
	for i, name := range list {
		k, ok := known[name]
		if !ok {
			text := fmt.Sprint(name)
			if r, isRune := any(name).(rune); isRune {
				text = string(r)
			}
			c.fail(&UnsupportedError{fmt.Sprintf("%s has a layer of an unknown kind, %q", field, text)})
		}
		kinds[i] = k
	}
	return kinds
}

// setLayers counts the layers whose cache grows, and the others by the reason why it doesn't.
func (g *Geometry) setLayers(c *config, kinds []kind) error {
	g.ModelLayers = int64(len(kinds))
	var order []kind
	count := map[kind]int64{}
	for _, k := range kinds {
		if count[k]++; k != grows && !slices.Contains(order, k) {
			order = append(order, k)
		}
	}
	g.Layers = count[grows]
	for _, k := range order {
		g.LeftOut = append(g.LeftOut, LeftOut{count[k], k.why(c)})
	}
	if g.Layers == 0 {
		return &UnsupportedError{fmt.Sprintf("architecture %q: no layer keeps a KV cache that grows: %s", g.Architecture, g.leftOutText())}
	}
	return c.fault()
}

// why completes "3 layers …".
func (k kind) why(c *config) string {
	switch k {
	case window:
		return "whose cache ends at a sliding window" + tokensOf(c, "sliding_window")
	case chunked:
		return "whose cache ends at an attention chunk" + tokensOf(c, "attention_chunk_size")
	case linear:
		return "with linear attention, whose state has a fixed size"
	case mamba:
		return "with a Mamba state of fixed size"
	case shared:
		return "that use the caches of earlier layers"
	case conv:
		return "with a convolution, whose state has a fixed size"
	}
	return "without attention"
}

// tokensOf returns " of 4,096 tokens", or "" if the field is missing.
func tokensOf(c *config, field string) string {
	n, ok := c.find(field)
	if !ok {
		return ""
	}
	return fmt.Sprintf(" of %s tokens", units.Comma(n))
}
