package geometry

import "fmt"

// Names that fields have, the newer one first.
var (
	layerCount = []string{"num_hidden_layers", "n_layer", "num_layers", "n_layers"}
	headCount  = []string{"num_attention_heads", "n_head", "n_heads"}
	hiddenSize = []string{"hidden_size", "n_embd", "n_embed", "d_model"}
)

// grouped reads an architecture whose layers store a key and a value for each KV head.
func grouped(heads, dim func(*config) int64) func(*config, *Geometry) {
	return func(c *config, g *Geometry) { g.KVHeads, g.HeadDim = heads(c), dim(c) }
}

// latent reads one with multi-head latent attention.
func latent(c *config, g *Geometry) {
	g.KVLoraRank, g.QKRopeHeadDim = c.need("kv_lora_rank"), c.need("qk_rope_head_dim")
}

// indexScale is how many elements of an index key share a scale of 4 bytes.
const indexScale = 128

// sparse reads one with latent attention whose layers also keep an index key, by which they select the tokens to attend
// to. Servers store it in bytes, with its scales, whatever the dtype of the cache.
func sparse(c *config, g *Geometry) {
	latent(c, g)
	g.IndexHeadDim = c.need("index_head_dim")
	if g.IndexHeadDim%indexScale != 0 {
		c.fail(fmt.Errorf("index_head_dim is %d, but should be a multiple of %d", g.IndexHeadDim, indexScale))
	}
}

// gemma3 has published files that leave out fields with default values.
func gemma3(c *config, g *Geometry) {
	g.KVHeads = c.orDefault(4, "num_key_value_heads")
	g.HeadDim = c.orDefault(256, "head_dim")
}

// gemma3n has layers at the end that reuse the caches of earlier ones: 15 of 35 in its first model.
func gemma3n(c *config, g *Geometry) {
	g.KVHeads = c.orDefault(2, "num_key_value_heads")
	g.HeadDim = c.orDefault(256, "head_dim")
	c.shared = c.indexOrDefault(15, "num_kv_shared_layers")
}

// gemma4 has heads of another size in the layers with full attention, and another number of them if their values are their
// keys. Key and value are stored separately even so, since they are normalised separately.
func gemma4(c *config, g *Geometry) {
	if c.notNull("per_layer_config") {
		c.fail(&UnsupportedError{"per_layer_config is not supported"})
	}
	if c.flag("attention_k_eq_v") && c.notNull("num_global_key_value_heads") {
		g.KVHeads = c.need("num_global_key_value_heads")
	} else {
		g.KVHeads = c.orDefault(4, "num_key_value_heads")
	}
	g.HeadDim = c.orDefault(512, "global_head_dim")
	c.shared = c.indexOrDefault(0, "num_kv_shared_layers")
	c.lastGrows = true
}

// attentionHeads is multi-head attention: keys and values for every head.
func attentionHeads(c *config) int64 { return c.need(headCount...) }

// givenHeads requires num_key_value_heads, for architectures whose default need not be the model's number. Null means as
// many as attention heads.
func givenHeads(c *config) int64 {
	if c.has("num_key_value_heads") && !c.notNull("num_key_value_heads") {
		return attentionHeads(c)
	}
	return c.need("num_key_value_heads")
}

// headsUnlessGiven is num_key_value_heads, or multi-head attention without it.
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

// falconHeads has a number of KV heads only in the newer kind of decoder.
func falconHeads(c *config) int64 {
	if c.flag("new_decoder_architecture") {
		return c.need("num_kv_heads", "n_head_kv")
	}
	return oneHeadIfMultiQuery(c)
}

// groupsIfMultiQuery is ChatGLM. Its first version has neither field.
func groupsIfMultiQuery(c *config) int64 {
	if c.notNull("multi_query_group_num") && !c.notNull("multi_query_attention") {
		c.lack("multi_query_attention")
	}
	if c.flag("multi_query_attention") {
		return c.need("multi_query_group_num")
	}
	return attentionHeads(c)
}

// dbrxHeads has the number in attn_config.
func dbrxHeads(c *config) int64 {
	if attn := c.part("attn_config"); attn != nil {
		n, ok := attn.find("kv_n_heads")
		c.fail(attn.err)
		if ok {
			return n
		}
	}
	c.lack("attn_config.kv_n_heads")
	return 0
}

// mptHeads is dbrxHeads if the kind of attention needs the number.
func mptHeads(c *config) int64 {
	kind := ""
	if attn := c.part("attn_config"); attn != nil {
		kind = attn.word("attn_type")
		c.fail(attn.err)
		if attn.notNull("kv_n_heads") {
			return dbrxHeads(c)
		}
	}
	switch kind {
	case "", "multihead_attention":
		return attentionHeads(c)
	case "multiquery_attention":
		return 1
	case "grouped_query_attention":
		return dbrxHeads(c)
	}
	c.fail(&UnsupportedError{fmt.Sprintf("attn_type is %q, which is not known", kind)})
	return 0
}

// channels is ChatGLM. Its first version has no such field.
func channels(c *config) int64 {
	if c.notNull("kv_channels") {
		return c.need("kv_channels")
	}
	return quotient(c)
}

// givenDim requires head_dim, for architectures whose heads need not add up to the hidden size.
func givenDim(c *config) int64 { return c.need("head_dim", "attention_head_dim") }

// quotient is head_dim, or else the hidden size divided by the number of heads.
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
