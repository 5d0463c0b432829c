package geometry

import (
	"fmt"
	"strings"

	"hashlog/analyze/units"
	"hashlog/log"
)

// formula returns the calculation of the bytes of a token, with all inputs:
// "2 (K and V) × 32 layers × 8 KV heads × 128 head_dim × 2 bytes (bfloat16) = 131,072 bytes a token".
func (g *Geometry) formula() string {
	var b strings.Builder
	if g.Ranks > 1 {
		fmt.Fprintf(&b, "%s ranks × ", units.Comma(g.Ranks))
	}
	layers, element := units.Count(g.Layers, "layer"), fmt.Sprintf("%s (%s)", units.Count(g.ElementBytes, "byte"), g.KVDType)
	switch {
	case g.IndexHeadDim > 0:
		fmt.Fprintf(&b, "%s × (%s × %s + %s index_head_dim × 1 byte + %s of index scales)", layers, g.latentText(), element,
			units.Comma(g.IndexHeadDim), units.Count(g.indexScaleBytes(), "byte"))
	case g.compressed():
		fmt.Fprintf(&b, "%s × %s × %s", layers, g.latentText(), element)
	default:
		fmt.Fprintf(&b, "2 (K and V) × %s × %s × %s head_dim × %s", layers, g.headsText(), units.Comma(g.HeadDim), element)
	}
	fmt.Fprintf(&b, " = %s bytes a token", units.Comma(g.BytesPerToken))
	return b.String()
}

// latentText returns the elements of a compressed cache.
func (g *Geometry) latentText() string {
	return fmt.Sprintf("(%s kv_lora_rank + %s qk_rope_head_dim)", units.Comma(g.KVLoraRank), units.Comma(g.QKRopeHeadDim))
}

// headsText returns the heads that a rank keeps, and how many the model has.
func (g *Geometry) headsText() string {
	text := units.Count(g.KVHeadsOneRank, "KV head")
	switch {
	case g.Ranks == 1:
		return text
	case g.KVHeads%g.Ranks == 0:
		return fmt.Sprintf("%s a rank (of %s)", text, units.Comma(g.KVHeads))
	}
	return fmt.Sprintf("%s a rank (of %s, rounded up)", text, units.Comma(g.KVHeads))
}

// Remarks returns sentences that complete the formula: which layers are not counted, and which fields have default values.
func (g *Geometry) Remarks() []string {
	var remarks []string
	if len(g.LeftOut) > 0 {
		remarks = append(remarks, fmt.Sprintf("%s of %s keep a KV cache that grows; not counted: %s.",
			units.Comma(g.Layers), units.Count(g.ModelLayers, "layer"), g.leftOutText()))
	}
	if g.compressed() && g.Ranks > 1 {
		remarks = append(remarks, "Every rank keeps the whole compressed cache.")
	}
	if packed, ok := g.packedBytes(); ok {
		remarks = append(remarks, fmt.Sprintf("A server that packs the compressed cache (fp8_ds_mla: 8 bits with scales, the position in 16 bits) "+
			"takes %s bytes a layer for it instead of %s.", units.Comma(packed), units.Comma((g.KVLoraRank+g.QKRopeHeadDim)*g.ElementBytes)))
	}
	if len(g.Defaults) > 0 {
		remarks = append(remarks, fmt.Sprintf("%s: not in %s, so taken from the architecture's defaults.", listText(g.Defaults), log.Quoted(g.File)))
	}
	return remarks
}

// leftOutText returns "24 with a Mamba state of fixed size and 24 without attention".
func (g *Geometry) leftOutText() string {
	var parts []string
	for _, l := range g.LeftOut {
		parts = append(parts, units.Comma(l.Layers)+" "+l.Why)
	}
	return listText(parts)
}
