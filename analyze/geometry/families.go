package geometry

import (
	"errors"
	"slices"
)

// family says how the files of some architectures are read.
type family struct {
	names []string // of its language models, as architectures and as model_type

	// wrappers are the names of models that have such a language model in text_config. A text_config without a model_type is
	// of this family, and so is an older file that has the fields at the top.
	wrappers []string

	// attention reads what a layer stores for a token.
	attention func(*config, *Geometry)
	// layers tells n layers apart where the file doesn't list them.
	layers func(c *config, n int) []kind
	// dtype is the one of models whose files have none.
	dtype string
}

// families are the architectures that are known. Hugging Face's transformers have in their configuration classes which
// fields an architecture may leave out, and the values that stand in for them.
var families = []family{
	{names: []string{"llama", "LlamaForCausalLM"},
		wrappers:  []string{"LlavaForConditionalGeneration", "llava"},
		attention: grouped(headsUnlessGiven, quotient), layers: everyLayer},
	{names: []string{"mistral", "MistralForCausalLM"},
		wrappers:  []string{"Mistral3ForConditionalGeneration", "mistral3"},
		attention: grouped(givenHeads, quotient), layers: windowAsGiven},
	{names: []string{"mixtral", "phi3", "phimoe", "starcoder2", "MixtralForCausalLM", "Phi3ForCausalLM", "PhimoeForCausalLM", "PhiMoEForCausalLM", "Starcoder2ForCausalLM"},
		attention: grouped(givenHeads, quotient), layers: windowIfAny},
	{names: []string{"qwen2", "qwen2_moe", "qwen2_vl", "qwen2_vl_text", "qwen2_5_vl", "qwen2_5_vl_text", "Qwen2ForCausalLM", "Qwen2MoeForCausalLM"},
		wrappers:  []string{"Qwen2VLForConditionalGeneration", "Qwen2_5_VLForConditionalGeneration"},
		attention: grouped(givenHeads, quotient), layers: windowFromLayer},
	{names: []string{"qwen3", "qwen3_moe", "qwen3_vl_text", "qwen3_vl_moe_text", "Qwen3ForCausalLM", "Qwen3MoeForCausalLM"},
		wrappers:  []string{"Qwen3VLForConditionalGeneration", "qwen3_vl", "Qwen3VLMoeForConditionalGeneration", "qwen3_vl_moe"},
		attention: grouped(givenHeads, givenDim), layers: windowFromLayer},
	{names: []string{"qwen3_next", "qwen3_5_text", "qwen3_5_moe_text", "Qwen3NextForCausalLM", "Qwen3_5ForCausalLM", "Qwen3_5MoeForCausalLM"},
		wrappers:  []string{"Qwen3_5ForConditionalGeneration", "qwen3_5", "Qwen3_5MoeForConditionalGeneration", "qwen3_5_moe"},
		attention: grouped(givenHeads, givenDim), layers: everyNth(4, linear, "full_attention_interval")},
	{names: []string{"deepseek_v2", "deepseek_v3", "kimi_k2", "DeepseekV2ForCausalLM", "DeepseekV3ForCausalLM"},
		attention: latent, layers: everyLayer},
	{names: []string{"deepseek_v32", "DeepseekV32ForCausalLM"},
		attention: sparse, layers: everyLayer},
	{names: []string{"gemma", "GemmaForCausalLM"},
		attention: grouped(givenHeads, givenDim), layers: everyLayer},
	{names: []string{"gemma2", "Gemma2ForCausalLM"},
		attention: grouped(givenHeads, givenDim), layers: everyNth(2, window)},
	{names: []string{"gemma3_text", "Gemma3ForCausalLM"},
		wrappers:  []string{"Gemma3ForConditionalGeneration", "gemma3"},
		attention: gemma3, layers: everyNth(6, window, "sliding_window_pattern", "_sliding_window_pattern")},
	{names: []string{"gemma3n_text", "Gemma3nForCausalLM"},
		wrappers:  []string{"Gemma3nForConditionalGeneration", "gemma3n"},
		attention: gemma3n, layers: everyNth(5, window)},
	{names: []string{"gemma4_text", "gemma4_unified_text", "Gemma4ForCausalLM", "Gemma4UnifiedForCausalLM"},
		wrappers:  []string{"Gemma4ForConditionalGeneration", "gemma4", "Gemma4UnifiedForConditionalGeneration", "gemma4_unified"},
		attention: gemma4, layers: everyNth(6, window)},
	// Its weights are published in mxfp4, for which servers compute in bfloat16 alone.
	{names: []string{"gpt_oss", "GptOssForCausalLM"},
		attention: grouped(givenHeads, givenDim), layers: everyNth(2, window), dtype: "bfloat16"},
	{names: []string{"llama4_text", "Llama4ForCausalLM"},
		wrappers:  []string{"Llama4ForConditionalGeneration", "llama4"},
		attention: grouped(givenHeads, givenDim), layers: chunkedLayers},
	{names: []string{"cohere", "CohereForCausalLM"},
		attention: grouped(headsUnlessGiven, quotient), layers: everyLayer},
	{names: []string{"cohere2", "Cohere2ForCausalLM"},
		attention: grouped(headsUnlessGiven, quotient), layers: everyNth(4, window, "sliding_window_pattern")},
	{names: []string{"olmo", "olmo2", "OlmoForCausalLM", "Olmo2ForCausalLM"},
		attention: grouped(headsUnlessGiven, quotient), layers: everyLayer},
	{names: []string{"olmo3", "Olmo3ForCausalLM"},
		attention: grouped(headsUnlessGiven, quotient), layers: everyNth(4, window)},
	{names: []string{"phi", "PhiForCausalLM"},
		attention: grouped(headsUnlessGiven, quotient), layers: everyLayer},
	{names: []string{"granite", "granitemoe", "GraniteForCausalLM", "GraniteMoeForCausalLM"},
		attention: grouped(headsUnlessGiven, quotient), layers: everyLayer},
	{names: []string{"glm", "glm4", "glm4_moe", "GlmForCausalLM", "Glm4ForCausalLM", "Glm4MoeForCausalLM"},
		attention: grouped(givenHeads, givenDim), layers: everyLayer},
	{names: []string{"chatglm", "ChatGLMModel", "ChatGLMForConditionalGeneration"},
		attention: grouped(groupsIfMultiQuery, channels), layers: everyLayer},
	{names: []string{"internlm2", "InternLM2ForCausalLM"},
		attention: grouped(headsUnlessGiven, quotient), layers: everyLayer},
	{names: []string{"dbrx", "DbrxForCausalLM"},
		attention: grouped(dbrxHeads, quotient), layers: everyLayer},
	{names: []string{"exaone4", "Exaone4ForCausalLM"},
		attention: grouped(givenHeads, quotient), layers: exaoneLayers},
	{names: []string{"minimax_m2", "MiniMaxM2ForCausalLM"},
		attention: grouped(givenHeads, givenDim), layers: everyLayer},

	// Hybrids of attention and state-space or linear layers.
	{names: []string{"jamba", "JambaForCausalLM"},
		attention: grouped(givenHeads, quotient), layers: jambaLayers},
	{names: []string{"falcon_h1", "FalconH1ForCausalLM"},
		attention: grouped(givenHeads, quotient), layers: everyLayer}, // both in each layer
	{names: []string{"bamba", "BambaForCausalLM"},
		attention: grouped(givenHeads, quotient), layers: bambaLayers},
	{names: []string{"zamba2", "Zamba2ForCausalLM"},
		attention: grouped(headsUnlessGiven, givenDim), layers: mustList("layers_block_type")},
	{names: []string{"granitemoehybrid", "GraniteMoeHybridForCausalLM"},
		attention: grouped(headsUnlessGiven, quotient), layers: mustList("layer_types")},
	{names: []string{"nemotron_h", "NemotronHForCausalLM"},
		attention: grouped(givenHeads, givenDim), layers: mustList("hybrid_override_pattern")},
	{names: []string{"minimax", "minimax_text_01", "minimax_m1", "MiniMaxForCausalLM", "MiniMaxText01ForCausalLM", "MiniMaxM1ForCausalLM"},
		attention: grouped(givenHeads, givenDim), layers: mustList("attn_type_list")},

	// Older ones.
	{names: []string{"gpt2", "gptj", "GPT2LMHeadModel", "GPTJForCausalLM"},
		attention: grouped(attentionHeads, quotient), layers: everyLayer},
	{names: []string{"gpt_neox", "opt", "bloom", "GPTNeoXForCausalLM", "OPTForCausalLM", "BloomForCausalLM"},
		attention: grouped(attentionHeads, quotient), layers: everyLayer},
	{names: []string{"baichuan", "BaichuanForCausalLM", "BaiChuanForCausalLM"},
		attention: grouped(attentionHeads, quotient), layers: everyLayer},
	{names: []string{"mpt", "MPTForCausalLM", "MptForCausalLM"},
		attention: grouped(mptHeads, quotient), layers: everyLayer},
	{names: []string{"gpt_bigcode", "GPTBigCodeForCausalLM"},
		attention: grouped(oneHeadIfMultiQuery, quotient), layers: everyLayer},
	{names: []string{"falcon", "FalconForCausalLM"},
		attention: grouped(falconHeads, quotient), layers: everyLayer},
}

// identify finds the part of a file that is about the language model, and how to read it.
func identify(whole *config) (*config, *family, error) {
	c, name := whole, whole.name()
	whole.architecture = name
	key, f := name, findFamily(name, (*family).isNamed)
	if wrapped := findFamily(name, (*family).isWrappedBy); wrapped != nil {
		f = wrapped
		if text := whole.part("text_config"); text != nil {
			c = text
			c.architecture = name
			if key = text.word("model_type"); key != "" {
				f = findFamily(key, (*family).isNamed)
			}
		}
	}
	switch {
	case whole.err != nil:
		return nil, nil, whole.err
	case c.err != nil:
		return nil, nil, c.err
	case name == "":
		return nil, nil, errors.New("has neither architectures nor model_type, so it names no architecture: is it a model's config.json?")
	case f == nil:
		return nil, nil, &UnknownError{key, usualMissing(c)}
	}
	return c, f, nil
}

func (f *family) isNamed(name string) bool     { return slices.Contains(f.names, name) }
func (f *family) isWrappedBy(name string) bool { return slices.Contains(f.wrappers, name) }

// findFamily returns the family that matches a name, nil if there is none.
func findFamily(name string, matches func(*family, string) bool) *family {
	for i := range families {
		if matches(&families[i], name) {
			return &families[i]
		}
	}
	return nil
}

// name returns the architecture of a file.
func (c *config) name() string {
	if names := c.words("architectures"); len(names) > 0 {
		return names[0]
	}
	return c.word("model_type")
}

// usualMissing returns the missing fields among those that nearly every architecture has.
func usualMissing(c *config) []string {
	if text := c.part("text_config"); text != nil {
		c = text
	}
	var missing []string
	for _, names := range [][]string{layerCount, headCount, {"num_key_value_heads", "kv_lora_rank"}, {"head_dim", "hidden_size"}, {fieldDType, "dtype"}} {
		there := slices.ContainsFunc(names, c.notNull)
		if c.whole != nil && !there && names[0] == fieldDType {
			there = slices.ContainsFunc(names, c.whole.notNull)
		}
		if !there {
			missing = append(missing, names[0])
		}
	}
	return missing
}
