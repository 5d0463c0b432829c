package geometry

import (
	"errors"
	"slices"
)

// family is how the fields of some architectures are read.
type family struct {
	modelTypes    []string
	architectures []string
	// attention reads what a layer stores for a token.
	attention func(*config, *Geometry)
	// layers tells n layers apart where the file doesn't list them.
	layers func(c *config, n int) []kind
}

// families are the architectures that are known. Which fields an architecture may leave out, and what they are then, is
// what the configuration classes of Hugging Face's transformers say.
var families = []family{
	{[]string{"llama"}, []string{"LlamaForCausalLM"}, grouped(headsUnlessGiven, quotient), everyLayer},
	{[]string{"mistral"}, []string{"MistralForCausalLM"}, grouped(givenHeads, quotient), windowAsGiven},
	{[]string{"mixtral", "phi3", "phimoe", "starcoder2"},
		[]string{"MixtralForCausalLM", "Phi3ForCausalLM", "PhimoeForCausalLM", "PhiMoEForCausalLM", "Starcoder2ForCausalLM"},
		grouped(givenHeads, quotient), windowIfAny},
	{[]string{"qwen2", "qwen2_moe", "qwen2_vl", "qwen2_vl_text", "qwen2_5_vl", "qwen2_5_vl_text"},
		[]string{"Qwen2ForCausalLM", "Qwen2MoeForCausalLM"}, grouped(givenHeads, quotient), windowFromLayer},
	{[]string{"qwen3", "qwen3_moe", "qwen3_vl_text", "qwen3_vl_moe_text"}, []string{"Qwen3ForCausalLM", "Qwen3MoeForCausalLM"},
		grouped(givenHeads, givenDim), windowFromLayer},
	{[]string{"qwen3_next", "qwen3_5_text", "qwen3_5_moe_text"},
		[]string{"Qwen3NextForCausalLM", "Qwen3_5ForCausalLM", "Qwen3_5MoeForCausalLM"},
		grouped(givenHeads, givenDim), everyNth(4, linear, "full_attention_interval")},
	{[]string{"deepseek_v2", "deepseek_v3", "kimi_k2"}, []string{"DeepseekV2ForCausalLM", "DeepseekV3ForCausalLM"},
		latent, everyLayer},
	{[]string{"deepseek_v32"}, []string{"DeepseekV32ForCausalLM"}, sparse, everyLayer},
	{[]string{"gemma"}, []string{"GemmaForCausalLM"}, grouped(givenHeads, givenDim), everyLayer},
	{[]string{"gemma2"}, []string{"Gemma2ForCausalLM"}, grouped(givenHeads, givenDim), everyNth(2, window)},
	{[]string{"gemma3_text"}, []string{"Gemma3ForCausalLM"}, gemma3,
		everyNth(6, window, "sliding_window_pattern", "_sliding_window_pattern")},
	{[]string{"gemma3n_text"}, []string{"Gemma3nForCausalLM"}, gemma3n, everyNth(5, window)},
	{[]string{"gemma4_text", "gemma4_unified_text"}, []string{"Gemma4ForCausalLM", "Gemma4UnifiedForCausalLM"}, gemma4, everyNth(6, window)},
	{[]string{"gpt_oss"}, []string{"GptOssForCausalLM"}, grouped(givenHeads, givenDim), everyNth(2, window)},
	{[]string{"llama4_text"}, []string{"Llama4ForCausalLM"}, grouped(givenHeads, givenDim), chunkedLayers},
	{[]string{"cohere"}, []string{"CohereForCausalLM"}, grouped(headsUnlessGiven, quotient), everyLayer},
	{[]string{"cohere2"}, []string{"Cohere2ForCausalLM"}, grouped(headsUnlessGiven, quotient),
		everyNth(4, window, "sliding_window_pattern")},
	{[]string{"olmo", "olmo2"}, []string{"OlmoForCausalLM", "Olmo2ForCausalLM"}, grouped(headsUnlessGiven, quotient), everyLayer},
	{[]string{"olmo3"}, []string{"Olmo3ForCausalLM"}, grouped(headsUnlessGiven, quotient), everyNth(4, window)},
	{[]string{"phi"}, []string{"PhiForCausalLM"}, grouped(headsUnlessGiven, quotient), everyLayer},
	{[]string{"granite", "granitemoe"}, []string{"GraniteForCausalLM", "GraniteMoeForCausalLM"},
		grouped(headsUnlessGiven, quotient), everyLayer},
	{[]string{"glm", "glm4", "glm4_moe"}, []string{"GlmForCausalLM", "Glm4ForCausalLM", "Glm4MoeForCausalLM"},
		grouped(givenHeads, givenDim), everyLayer},
	{[]string{"chatglm"}, []string{"ChatGLMModel", "ChatGLMForConditionalGeneration"}, grouped(groupsIfMultiQuery, channels), everyLayer},
	{[]string{"internlm2"}, []string{"InternLM2ForCausalLM"}, grouped(headsUnlessGiven, quotient), everyLayer},
	{[]string{"dbrx"}, []string{"DbrxForCausalLM"}, grouped(dbrxHeads, quotient), everyLayer},
	{[]string{"exaone4"}, []string{"Exaone4ForCausalLM"}, grouped(givenHeads, quotient), exaoneLayers},
	{[]string{"minimax_m2"}, []string{"MiniMaxM2ForCausalLM"}, grouped(givenHeads, givenDim), everyLayer},

	// Hybrids of attention and state-space or linear layers.
	{[]string{"jamba"}, []string{"JambaForCausalLM"}, grouped(givenHeads, quotient), jambaLayers},
	{[]string{"falcon_h1"}, []string{"FalconH1ForCausalLM"}, grouped(givenHeads, quotient), everyLayer}, // both in each layer
	{[]string{"bamba"}, []string{"BambaForCausalLM"}, grouped(givenHeads, quotient), bambaLayers},
	{[]string{"zamba2"}, []string{"Zamba2ForCausalLM"}, grouped(headsUnlessGiven, givenDim), mustList("layers_block_type")},
	{[]string{"granitemoehybrid"}, []string{"GraniteMoeHybridForCausalLM"}, grouped(headsUnlessGiven, quotient), mustList("layer_types")},
	{[]string{"nemotron_h"}, []string{"NemotronHForCausalLM"}, grouped(givenHeads, givenDim), mustList("hybrid_override_pattern")},
	{[]string{"minimax", "minimax_text_01", "minimax_m1"}, []string{"MiniMaxForCausalLM", "MiniMaxText01ForCausalLM", "MiniMaxM1ForCausalLM"},
		grouped(givenHeads, givenDim), mustList("attn_type_list")},

	// Older ones.
	{[]string{"gpt2", "gptj"}, []string{"GPT2LMHeadModel", "GPTJForCausalLM"}, grouped(attentionHeads, quotient), everyLayer},
	{[]string{"gpt_neox", "opt", "bloom"}, []string{"GPTNeoXForCausalLM", "OPTForCausalLM", "BloomForCausalLM"},
		grouped(attentionHeads, quotient), everyLayer},
	{[]string{"baichuan"}, []string{"BaichuanForCausalLM", "BaiChuanForCausalLM"}, grouped(attentionHeads, quotient), everyLayer},
	{[]string{"mpt"}, []string{"MPTForCausalLM", "MptForCausalLM"}, grouped(mptHeads, quotient), everyLayer},
	{[]string{"gpt_bigcode"}, []string{"GPTBigCodeForCausalLM"}, grouped(oneHeadIfMultiQuery, quotient), everyLayer},
	{[]string{"falcon"}, []string{"FalconForCausalLM"}, grouped(falconHeads, quotient), everyLayer},
}

// wrappers are architectures that have their language model in text_config, and its model_type where that doesn't say.
// Older files of some have its fields at the top.
var wrappers = map[string]string{
	"Gemma3ForConditionalGeneration":        "gemma3_text",
	"gemma3":                                "gemma3_text",
	"Gemma3nForConditionalGeneration":       "gemma3n_text",
	"gemma3n":                               "gemma3n_text",
	"Gemma4ForConditionalGeneration":        "gemma4_text",
	"gemma4":                                "gemma4_text",
	"Gemma4UnifiedForConditionalGeneration": "gemma4_unified_text",
	"gemma4_unified":                        "gemma4_unified_text",
	"Llama4ForConditionalGeneration":        "llama4_text",
	"llama4":                                "llama4_text",
	"LlavaForConditionalGeneration":         "llama",
	"llava":                                 "llama",
	"Mistral3ForConditionalGeneration":      "mistral",
	"mistral3":                              "mistral",
	"Qwen2VLForConditionalGeneration":       "qwen2_vl_text",
	"Qwen2_5_VLForConditionalGeneration":    "qwen2_5_vl_text",
	"Qwen3VLForConditionalGeneration":       "qwen3_vl_text",
	"qwen3_vl":                              "qwen3_vl_text",
	"Qwen3VLMoeForConditionalGeneration":    "qwen3_vl_moe_text",
	"qwen3_vl_moe":                          "qwen3_vl_moe_text",
	"Qwen3_5ForConditionalGeneration":       "qwen3_5_text",
	"qwen3_5":                               "qwen3_5_text",
	"Qwen3_5MoeForConditionalGeneration":    "qwen3_5_moe_text",
	"qwen3_5_moe":                           "qwen3_5_moe_text",
}

// identify finds the part of a file that is about the language model, and how to read it.
func identify(whole *config) (*config, *family, error) {
	c, name := whole, whole.name()
	whole.architecture = name
	key := name
	if textType, wraps := wrappers[name]; wraps {
		key = textType
		if text := whole.part("text_config"); text != nil {
			c, key = text, text.word("model_type")
			if key == "" {
				key = textType
			}
			c.architecture = name
		}
	}
	switch {
	case whole.err != nil:
		return nil, nil, whole.err
	case c.err != nil:
		return nil, nil, c.err
	case name == "":
		return nil, nil, errors.New("has neither architectures nor model_type, so it names no architecture: is it a model's config.json?")
	}
	i := slices.IndexFunc(families, func(f family) bool {
		return slices.Contains(f.architectures, key) || slices.Contains(f.modelTypes, key)
	})
	if i < 0 {
		return nil, nil, &UnknownError{key, usualMissing(c)}
	}
	return c, &families[i], nil
}

// name returns the architecture that a file names.
func (c *config) name() string {
	if names := c.words("architectures"); len(names) > 0 {
		return names[0]
	}
	return c.word("model_type")
}

// usualMissing returns which of the fields that nearly every architecture has are missing.
func usualMissing(c *config) []string {
	if text := c.part("text_config"); text != nil {
		c = text
	}
	var missing []string
	for _, names := range [][]string{layerCount, headCount, {"num_key_value_heads", "kv_lora_rank"}, {"head_dim", "hidden_size"}, {"torch_dtype", "dtype"}} {
		there := slices.ContainsFunc(names, c.notNull)
		if c.whole != nil && !there && names[0] == "torch_dtype" {
			there = slices.ContainsFunc(names, c.whole.notNull)
		}
		if !there {
			missing = append(missing, names[0])
		}
	}
	return missing
}
