package geometry

import "fmt"

// Names that fields have, the newer one first.
var (
	layerCount = []string{"num_hidden_layers", "n_layer"}
	headCount  = []string{"num_attention_heads", "n_head"}
	hiddenSize = []string{"hidden_size", "n_embd", "n_embed"}
)

// grouped reads an architecture whose layers store a key and a value for each KV head.
func grouped(heads, dim func(*config) int64) func(*config, *Geometry) {
	return func(c *config, g *Geometry) { g.KVHeads, g.HeadDim = heads(c), dim(c) }
}

// latent reads one with multi-head latent attention.
func latent(c *config, g *Geometry) {
	g.KVLoraRank, g.QKRopeHeadDim = c.need("kv_lora_rank"), c.need("qk_rope_head_dim")
}

// gemma3 has published files that leave to its defaults what they don't change.
func gemma3(c *config, g *Geometry) {
	g.KVHeads = c.orDefault(4, "num_key_value_heads")
	g.HeadDim = c.orDefault(256, "head_dim")
}

// attentionHeads is multi-head attention: keys and values for every head.
func attentionHeads(c *config) int64 { return c.need(headCount...) }

// givenHeads is for architectures whose default is some number that need not be the model's. Null stands for as many as
// attention heads.
func givenHeads(c *config) int64 {
	if c.has("num_key_value_heads") && !c.notNull("num_key_value_heads") {
		return attentionHeads(c)
	}
	return c.need("num_key_value_heads")
}

// headsUnlessGiven is for architectures that have multi-head attention unless the file has a number.
func headsUnlessGiven(c *config) int64 {
	if c.notNull("num_key_value_heads") {
		return c.need("num_key_value_heads")
	}
	return attentionHeads(c)
}

func oneHeadIfMultiQuery(c *config) int64 {
	if !c.notNull("multi_query") {
		c.lack("multi_query")
	}
	if c.flag("multi_query") {
		return 1
	}
	return attentionHeads(c)
}

// falconHeads has a number of KV heads in the newer kind of decoder alone.
func falconHeads(c *config) int64 {
	if c.flag("new_decoder_architecture") {
		return c.need("num_kv_heads", "n_head_kv")
	}
	return oneHeadIfMultiQuery(c)
}

// givenDim is for architectures whose heads need not add up to the hidden size.
func givenDim(c *config) int64 { return c.need("head_dim", "attention_head_dim") }

// quotient is head_dim, or else the hidden size shared out among the heads.
func quotient(c *config) int64 {
	if c.notNull("head_dim") {
		return c.need("head_dim")
	}
	hidden, heads := c.need(hiddenSize...), c.need(headCount...)
	if hidden == 0 || heads == 0 {
		return 0
	}
	if hidden%heads != 0 {
		c.fail(fmt.Errorf("head_dim is missing, and %s %d is not a multiple of %s %d", hiddenSize[0], hidden, headCount[0], heads))
	}
	return hidden / heads
}
