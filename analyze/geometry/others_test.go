package geometry

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// types returns the layer_types of a file: a period of s (sliding_attention) and f (full_attention), repeated.
func types(period string, times int) string {
	names := map[rune]string{'s': `"sliding_attention"`, 'f': `"full_attention"`}
	var list []string
	for _, letter := range strings.Repeat(period, times) {
		list = append(list, names[letter])
	}
	return `"layer_types": [` + strings.Join(list, ", ") + `]`
}

// others are architectures with fields, parts or layers of their own.
var others = []model{
	// 2 × 28 layers × 2 groups × 128 × 2 bytes = 28,672; the layers are num_layers.
	{"ChatGLM3 6B", `{"architectures": ["ChatGLMModel"], "model_type": "chatglm", "hidden_size": 4096, "kv_channels": 128, "multi_query_attention": true,
		"multi_query_group_num": 2, "num_attention_heads": 32, "num_layers": 28, "padded_vocab_size": 65024, "seq_length": 8192, "torch_dtype": "float16"}`,
		28, 28672, "2 (K and V) × 28 layers × 2 KV heads × 128 head_dim × 2 bytes (float16) = 28,672 bytes a token"},
	// 2 × 40 × 2 × 128 × 2 = 40,960
	{"GLM 4 9B as ChatGLM", `{"architectures": ["ChatGLMModel"], "model_type": "chatglm", "hidden_size": 4096, "kv_channels": 128,
		"multi_query_attention": true, "multi_query_group_num": 2, "num_attention_heads": 32, "num_hidden_layers": 40, "num_layers": 40,
		"seq_length": 131072, "torch_dtype": "bfloat16"}`,
		40, 40960, "2 (K and V) × 40 layers × 2 KV heads × 128 head_dim × 2 bytes (bfloat16) = 40,960 bytes a token"},
	// Neither groups nor channels: 2 × 28 × 32 × (4096 / 32 = 128) × 2 = 458,752
	{"ChatGLM 6B", `{"architectures": ["ChatGLMModel"], "model_type": "chatglm", "hidden_size": 4096, "inner_hidden_size": 16384,
		"max_sequence_length": 2048, "num_attention_heads": 32, "num_layers": 28, "position_encoding_2d": true, "torch_dtype": "float16"}`,
		28, 458752, "2 (K and V) × 28 layers × 32 KV heads × 128 head_dim × 2 bytes (float16) = 458,752 bytes a token"},
	// The same model as above in the newer form: 2 × 40 × 2 × 128 × 2 = 40,960
	{"GLM 4 9B", `{"architectures": ["GlmForCausalLM"], "model_type": "glm", "head_dim": 128, "hidden_size": 4096, "num_attention_heads": 32,
		"num_hidden_layers": 40, "num_key_value_heads": 2, "max_position_embeddings": 131072, "torch_dtype": "bfloat16"}`,
		40, 40960, "2 (K and V) × 40 layers × 2 KV heads × 128 head_dim × 2 bytes (bfloat16) = 40,960 bytes a token"},
	// A window as long as a request can be is none. 2 × 32 × 8 × (4096 / 32 = 128) × 2 = 131,072
	{"Phi 3.5 MoE", `{"architectures": ["PhiMoEForCausalLM"], "model_type": "phimoe", "hidden_size": 4096, "max_position_embeddings": 131072,
		"num_attention_heads": 32, "num_experts_per_tok": 2, "num_hidden_layers": 32, "num_key_value_heads": 8, "num_local_experts": 16,
		"sliding_window": 131072, "torch_dtype": "bfloat16"}`,
		32, 131072, "2 (K and V) × 32 layers × 8 KV heads × 128 head_dim × 2 bytes (bfloat16) = 131,072 bytes a token"},
	// 2 × 32 × 8 × (4096 / 32 = 128) × 2 = 131,072
	{"InternLM 2 7B", `{"architectures": ["InternLM2ForCausalLM"], "model_type": "internlm2", "hidden_size": 4096, "num_attention_heads": 32,
		"num_hidden_layers": 32, "num_key_value_heads": 8, "torch_dtype": "bfloat16"}`,
		32, 131072, "2 (K and V) × 32 layers × 8 KV heads × 128 head_dim × 2 bytes (bfloat16) = 131,072 bytes a token"},
	// 2 × 48 × 8 × (6144 / 48 = 128) × 2 = 196,608
	{"InternLM 2 20B", `{"architectures": ["InternLM2ForCausalLM"], "model_type": "internlm2", "hidden_size": 6144, "num_attention_heads": 48,
		"num_hidden_layers": 48, "num_key_value_heads": 8, "torch_dtype": "bfloat16"}`,
		48, 196608, "2 (K and V) × 48 layers × 8 KV heads × 128 head_dim × 2 bytes (bfloat16) = 196,608 bytes a token"},
	// Multi-head attention: 2 × 32 × 32 × (4096 / 32 = 128) × 2 = 524,288
	{"Baichuan 2 7B", `{"architectures": ["BaichuanForCausalLM"], "model_type": "baichuan", "hidden_size": 4096, "model_max_length": 4096,
		"num_attention_heads": 32, "num_hidden_layers": 32, "torch_dtype": "bfloat16"}`,
		32, 524288, "2 (K and V) × 32 layers × 32 KV heads × 128 head_dim × 2 bytes (bfloat16) = 524,288 bytes a token"},
	// 2 × 40 × 40 × (5120 / 40 = 128) × 2 = 819,200
	{"Baichuan 2 13B", `{"architectures": ["BaichuanForCausalLM"], "model_type": "baichuan", "hidden_size": 5120, "model_max_length": 4096,
		"num_attention_heads": 40, "num_hidden_layers": 40, "torch_dtype": "bfloat16"}`,
		40, 819200, "2 (K and V) × 40 layers × 40 KV heads × 128 head_dim × 2 bytes (bfloat16) = 819,200 bytes a token"},
	// 2 × 32 × 32 × (4096 / 32 = 128) × 2 = 524,288
	{"MPT 7B", `{"architectures": ["MPTForCausalLM"], "model_type": "mpt", "attn_config": {"alibi": true, "attn_impl": "torch", "attn_type": "multihead_attention",
		"clip_qkv": null}, "d_model": 4096, "max_seq_len": 2048, "n_heads": 32, "n_layers": 32, "torch_dtype": "bfloat16"}`,
		32, 524288, "2 (K and V) × 32 layers × 32 KV heads × 128 head_dim × 2 bytes (bfloat16) = 524,288 bytes a token"},
	// 2 × 48 × 64 × (7168 / 64 = 112) × 2 = 1,376,256
	{"MPT 30B", `{"architectures": ["MPTForCausalLM"], "model_type": "mpt", "attn_config": {"alibi": true, "attn_type": "multihead_attention"},
		"d_model": 7168, "max_seq_len": 8192, "n_heads": 64, "n_layers": 48, "torch_dtype": "bfloat16"}`,
		48, 1376256, "2 (K and V) × 48 layers × 64 KV heads × 112 head_dim × 2 bytes (bfloat16) = 1,376,256 bytes a token"},
	// Grouped: 2 × 32 × 8 × (4608 / 48 = 96) × 2 = 98,304
	{"MPT, grouped", `{"architectures": ["MPTForCausalLM"], "model_type": "mpt", "attn_config": {"attn_type": "grouped_query_attention", "kv_n_heads": 8},
		"d_model": 4608, "n_heads": 48, "n_layers": 32, "torch_dtype": "bfloat16"}`,
		32, 98304, "2 (K and V) × 32 layers × 8 KV heads × 96 head_dim × 2 bytes (bfloat16) = 98,304 bytes a token"},
	// 2 × 2 × 1 × (64 / 4 = 16) × 2 = 128
	{"MPT, multi-query", `{"model_type": "mpt", "attn_config": {"attn_type": "multiquery_attention"}, "d_model": 64, "n_heads": 4, "n_layers": 2, "torch_dtype": "bfloat16"}`,
		2, 128, "2 (K and V) × 2 layers × 1 KV head × 16 head_dim × 2 bytes (bfloat16) = 128 bytes a token"},
	// 2 × 40 × 8 × (6144 / 48 = 128) × 2 = 163,840
	{"DBRX", `{"architectures": ["DbrxForCausalLM"], "model_type": "dbrx", "attn_config": {"clip_qkv": 8, "kv_n_heads": 8, "model_type": "", "rope_theta": 500000,
		"torch_dtype": null}, "d_model": 6144, "max_seq_len": 32768, "n_heads": 48, "n_layers": 40, "torch_dtype": "bfloat16"}`,
		40, 163840, "2 (K and V) × 40 layers × 8 KV heads × 128 head_dim × 2 bytes (bfloat16) = 163,840 bytes a token"},
	// Every fourth of 64: 2 × 16 × 8 × (5120 / 40 = 128) × 2 = 65,536
	{"EXAONE 4 32B", `{"architectures": ["Exaone4ForCausalLM"], "model_type": "exaone4", "hidden_size": 5120, ` + types("sssf", 16) + `,
		"max_position_embeddings": 131072, "num_attention_heads": 40, "num_hidden_layers": 64, "num_key_value_heads": 8, "sliding_window": 4096,
		"sliding_window_pattern": "LLLG", "torch_dtype": "bfloat16"}`,
		16, 65536, "2 (K and V) × 16 layers × 8 KV heads × 128 head_dim × 2 bytes (bfloat16) = 65,536 bytes a token"},
	// The same without the list.
	{"EXAONE 4 32B by its pattern", `{"architectures": ["Exaone4ForCausalLM"], "model_type": "exaone4", "hidden_size": 5120, "num_attention_heads": 40,
		"num_hidden_layers": 64, "num_key_value_heads": 8, "sliding_window": 4096, "sliding_window_pattern": "LLLG", "torch_dtype": "bfloat16"}`,
		16, 65536, "2 (K and V) × 16 layers × 8 KV heads × 128 head_dim × 2 bytes (bfloat16) = 65,536 bytes a token"},
	// Every second of 4: 2 × 2 × 8 × (5120 / 40) × 2 = 8,192
	{"EXAONE 4 with a number for a pattern", `{"model_type": "exaone4", "hidden_size": 5120, "num_attention_heads": 40, "num_hidden_layers": 4,
		"num_key_value_heads": 8, "sliding_window": 4096, "sliding_window_pattern": 2, "torch_dtype": "bfloat16"}`,
		2, 8192, "2 (K and V) × 2 layers × 8 KV heads × 128 head_dim × 2 bytes (bfloat16) = 8,192 bytes a token"},
	// No window: 2 × 30 × 8 × (2048 / 32 = 64) × 2 = 61,440
	{"EXAONE 4 1.2B", `{"architectures": ["Exaone4ForCausalLM"], "model_type": "exaone4", "hidden_size": 2048, "num_attention_heads": 32,
		"num_hidden_layers": 30, "num_key_value_heads": 8, "sliding_window": null, "sliding_window_pattern": null, "torch_dtype": "bfloat16"}`,
		30, 61440, "2 (K and V) × 30 layers × 8 KV heads × 64 head_dim × 2 bytes (bfloat16) = 61,440 bytes a token"},
	// MLA, and a key of 128 bytes with one scale of 4 for the index: 61 × ((512 + 64) × 2 + 128 + 4 = 1,284) = 78,324
	{"DeepSeek V3.2", `{"architectures": ["DeepseekV32ForCausalLM"], "model_type": "deepseek_v32", "hidden_size": 7168, "index_head_dim": 128,
		"index_n_heads": 64, "index_topk": 2048, "kv_lora_rank": 512, "num_attention_heads": 128, "num_hidden_layers": 61, "num_key_value_heads": 128,
		"num_nextn_predict_layers": 1, "q_lora_rank": 1536, "qk_nope_head_dim": 128, "qk_rope_head_dim": 64, "v_head_dim": 128, "torch_dtype": "bfloat16",
		"quantization_config": {"fmt": "e4m3", "quant_method": "fp8"}}`,
		61, 78324, "61 layers × ((512 kv_lora_rank + 64 qk_rope_head_dim) × 2 bytes (bfloat16) + 128 index_head_dim × 1 byte + 4 bytes of index scales) = 78,324 bytes a token"},
	// The last 15 of 35 layers use the caches of those before; of the first 20 every fifth is full: 2 × 4 × 2 × 256 × 2 = 8,192
	{"Gemma 3n E4B", `{"architectures": ["Gemma3nForConditionalGeneration"], "model_type": "gemma3n", "torch_dtype": "bfloat16",
		"audio_config": {"hidden_size": 1536, "conf_num_hidden_layers": 12}, "text_config": {"head_dim": 256, "hidden_size": 2048, ` + types("ssssf", 7) + `,
		"max_position_embeddings": 32768, "model_type": "gemma3n_text", "num_attention_heads": 8, "num_hidden_layers": 35, "num_key_value_heads": 2,
		"num_kv_shared_layers": 15, "sliding_window": 512, "torch_dtype": "bfloat16"}}`,
		4, 8192, "2 (K and V) × 4 layers × 2 KV heads × 256 head_dim × 2 bytes (bfloat16) = 8,192 bytes a token"},
	// The last 10 of 30 layers: 2 × 4 × 2 × 256 × 2 = 8,192
	{"Gemma 3n E2B", `{"architectures": ["Gemma3nForConditionalGeneration"], "model_type": "gemma3n", "torch_dtype": "bfloat16",
		"text_config": {"head_dim": 256, "hidden_size": 2048, ` + types("ssssf", 6) + `, "model_type": "gemma3n_text", "num_attention_heads": 8,
		"num_hidden_layers": 30, "num_key_value_heads": 2, "num_kv_shared_layers": 10, "sliding_window": 512}}`,
		4, 8192, "2 (K and V) × 4 layers × 2 KV heads × 256 head_dim × 2 bytes (bfloat16) = 8,192 bytes a token"},
	// All by default: 15 shared, every fifth full, 2 heads of 256
	{"Gemma 3n by default", `{"model_type": "gemma3n_text", "num_hidden_layers": 35, "dtype": "bfloat16"}`,
		4, 8192, "2 (K and V) × 4 layers × 2 KV heads × 256 head_dim × 2 bytes (bfloat16) = 8,192 bytes a token"},
	// Every sixth of 60, with 4 heads of 512 in place of 16 of 256: 2 × 10 × 4 × 512 × 2 = 81,920
	{"Gemma 4 31B", `{"architectures": ["Gemma4ForConditionalGeneration"], "model_type": "gemma4", "dtype": "bfloat16",
		"text_config": {"attention_k_eq_v": true, "dtype": "bfloat16", "global_head_dim": 512, "head_dim": 256, "hidden_size": 5376, ` + types("sssssf", 10) + `,
		"max_position_embeddings": 262144, "model_type": "gemma4_text", "num_attention_heads": 32, "num_global_key_value_heads": 4, "num_hidden_layers": 60,
		"num_key_value_heads": 16, "num_kv_shared_layers": 0, "sliding_window": 1024}, "vision_config": {"head_dim": 72, "num_hidden_layers": 27}}`,
		10, 81920, "2 (K and V) × 10 layers × 4 KV heads × 512 head_dim × 2 bytes (bfloat16) = 81,920 bytes a token"},
	// Every sixth of 30: 2 × 5 × 2 × 512 × 2 = 20,480
	{"Gemma 4 26B A4B", `{"architectures": ["Gemma4ForConditionalGeneration"], "model_type": "gemma4", "dtype": "bfloat16",
		"text_config": {"attention_k_eq_v": true, "enable_moe_block": true, "global_head_dim": 512, "head_dim": 256, "hidden_size": 2816, ` + types("sssssf", 5) + `,
		"model_type": "gemma4_text", "num_attention_heads": 16, "num_global_key_value_heads": 2, "num_hidden_layers": 30, "num_key_value_heads": 8,
		"num_kv_shared_layers": 0, "sliding_window": 1024}}`,
		5, 20480, "2 (K and V) × 5 layers × 2 KV heads × 512 head_dim × 2 bytes (bfloat16) = 20,480 bytes a token"},
	// The last 18 of 42 layers use the caches of those before; of the first 24 every sixth is full: 2 × 4 × 2 × 512 × 2 = 16,384
	{"Gemma 4 E4B", `{"architectures": ["Gemma4ForConditionalGeneration"], "model_type": "gemma4", "dtype": "bfloat16",
		"text_config": {"attention_k_eq_v": false, "global_head_dim": 512, "head_dim": 256, "hidden_size": 2560, ` + types("sssssf", 7) + `,
		"model_type": "gemma4_text", "num_attention_heads": 8, "num_global_key_value_heads": null, "num_hidden_layers": 42, "num_key_value_heads": 2,
		"num_kv_shared_layers": 18, "sliding_window": 512}}`,
		4, 16384, "2 (K and V) × 4 layers × 2 KV heads × 512 head_dim × 2 bytes (bfloat16) = 16,384 bytes a token"},
	// The last 20 of 35; of the first 15 every fifth is full: 2 × 3 × 1 × 512 × 2 = 6,144
	{"Gemma 4 E2B", `{"architectures": ["Gemma4ForConditionalGeneration"], "model_type": "gemma4", "dtype": "bfloat16",
		"text_config": {"attention_k_eq_v": false, "global_head_dim": 512, "head_dim": 256, "hidden_size": 1536, ` + types("ssssf", 7) + `,
		"model_type": "gemma4_text", "num_attention_heads": 8, "num_global_key_value_heads": null, "num_hidden_layers": 35, "num_key_value_heads": 1,
		"num_kv_shared_layers": 20, "sliding_window": 512}}`,
		3, 6144, "2 (K and V) × 3 layers × 1 KV head × 512 head_dim × 2 bytes (bfloat16) = 6,144 bytes a token"},
	// Layers 6 and 8 of 8, since the last is always full: 2 × 2 × 4 × 512 × 2 = 16,384
	{"Gemma 4 by default", `{"model_type": "gemma4_unified_text", "num_hidden_layers": 8, "dtype": "bfloat16"}`,
		2, 16384, "2 (K and V) × 2 layers × 4 KV heads × 512 head_dim × 2 bytes (bfloat16) = 16,384 bytes a token"},
	// Attention beside Mamba in all 36 layers, heads that don't add up to the hidden size: 2 × 36 × 2 × 64 × 2 = 18,432
	{"Falcon-H1 0.5B", `{"architectures": ["FalconH1ForCausalLM"], "model_type": "falcon_h1", "attn_layer_indices": null, "head_dim": 64, "hidden_size": 1024,
		"mamba_d_head": 64, "mamba_d_state": 128, "mamba_n_heads": 24, "num_attention_heads": 8, "num_hidden_layers": 36, "num_key_value_heads": 2,
		"torch_dtype": "bfloat16"}`,
		36, 18432, "2 (K and V) × 36 layers × 2 KV heads × 64 head_dim × 2 bytes (bfloat16) = 18,432 bytes a token"},
	// Published without a dtype. Every second of 36: 2 × 18 × 8 × 64 × 2 = 36,864
	{"gpt-oss 120B", `{"architectures": ["GptOssForCausalLM"], "model_type": "gpt_oss", "head_dim": 64, "hidden_size": 2880, ` + types("sf", 18) + `,
		"num_attention_heads": 64, "num_hidden_layers": 36, "num_key_value_heads": 8, "sliding_window": 128,
		"quantization_config": {"modules_to_not_convert": ["model.layers.*.self_attn", "lm_head"], "quant_method": "mxfp4"}}`,
		18, 36864, "2 (K and V) × 18 layers × 8 KV heads × 64 head_dim × 2 bytes (bfloat16) = 36,864 bytes a token"},
}

// TestOthersOnRanks has what one rank keeps: heads / ranks, rounded up, or all of a compressed cache with its index.
func TestOthersOnRanks(t *testing.T) {
	for _, test := range []struct {
		name    string
		ranks   int64
		kvDType string
		one     int64
	}{
		{"ChatGLM3 6B", 4, "", 14336},           // 2 heads: 1 each. 2 × 28 × 1 × 128 × 2
		{"GLM 4 9B", 8, "fp8", 10240},           // 2 heads: 1 each. 2 × 40 × 1 × 128 × 1
		{"Phi 3.5 MoE", 4, "", 32768},           // 8 heads: 2 each. 2 × 32 × 2 × 128 × 2
		{"InternLM 2 20B", 3, "", 73728},        // 8 heads: 3 each. 2 × 48 × 3 × 128 × 2
		{"Baichuan 2 13B", 8, "", 102400},       // 40 heads: 5 each. 2 × 40 × 5 × 128 × 2
		{"MPT 30B", 4, "int8", 172032},          // 64 heads: 16 each. 2 × 48 × 16 × 112 × 1
		{"DBRX", 8, "", 20480},                  // 8 heads: 1 each. 2 × 40 × 1 × 128 × 2
		{"EXAONE 4 32B", 4, "", 16384},          // 8 heads: 2 each. 2 × 16 × 2 × 128 × 2
		{"DeepSeek V3.2", 8, "", 78324},         // all
		{"DeepSeek V3.2", 8, "fp8", 43188},      // 61 × ((512 + 64) × 1 + 128 + 4)
		{"DeepSeek V3.2", 1, "float32", 148596}, // 61 × ((512 + 64) × 4 + 128 + 4)
		{"Gemma 3n E4B", 2, "", 4096},           // 2 heads: 1 each. 2 × 4 × 1 × 256 × 2
		{"Gemma 4 31B", 8, "", 20480},           // 4 heads: 1 each. 2 × 10 × 1 × 512 × 2
		{"Falcon-H1 0.5B", 2, "fp8", 4608},      // 2 heads: 1 each. 2 × 36 × 1 × 64 × 1
		{"gpt-oss 120B", 2, "fp8", 9216},        // 8 heads: 4 each. 2 × 18 × 4 × 64 × 1
	} {
		g, err := Parse("config.json", []byte(publishedConfig(t, test.name)), Options{Ranks: test.ranks, KVDType: test.kvDType})
		require.NoError(t, err)
		require.Equal(t, test.one, g.BytesPerTokenOneRank, "%s on %d", test.name, test.ranks)
		require.Equal(t, test.one*test.ranks, g.BytesPerToken, "%s on %d", test.name, test.ranks)
	}
}

func TestOthersRemarks(t *testing.T) {
	for name, want := range map[string][]string{
		"Gemma 3n E4B": {
			"4 of 35 layers keep a KV cache that grows; not counted: 16 whose cache ends at a sliding window of 512 tokens and 15 that use the caches of earlier layers."},
		"Gemma 4 31B": {
			"10 of 60 layers keep a KV cache that grows; not counted: 50 whose cache ends at a sliding window of 1,024 tokens."},
		"Gemma 4 by default": {
			"2 of 8 layers keep a KV cache that grows; not counted: 6 whose cache ends at a sliding window.",
			"num_key_value_heads, global_head_dim and num_kv_shared_layers: not in config.json, so taken from the architecture's defaults."},
		"Falcon-H1 0.5B": nil,
		"EXAONE 4 32B": {
			"16 of 64 layers keep a KV cache that grows; not counted: 48 whose cache ends at a sliding window of 4,096 tokens."},
		"gpt-oss 120B": {
			"18 of 36 layers keep a KV cache that grows; not counted: 18 whose cache ends at a sliding window of 128 tokens.",
			"torch_dtype: not in config.json, so taken from the architecture's defaults."},
		"DeepSeek V3.2": { // 512 + 4 × 4 + 64 × 2 in place of (512 + 64) × 2
			"A server that packs the compressed cache (fp8_ds_mla: 8 bits with scales, the position in 16 bits) takes 656 bytes a layer for it instead of 1,152."},
	} {
		g, err := Parse("config.json", []byte(publishedConfig(t, name)), Options{})
		require.NoError(t, err)
		require.Equal(t, want, g.Remarks(), name)
	}
	g, err := Parse("config.json", []byte(publishedConfig(t, "DeepSeek V3.2")), Options{KVDType: "fp8", Ranks: 2})
	require.NoError(t, err)
	require.Equal(t, []string{
		"Every rank keeps the whole compressed cache.",
		"A server that packs the compressed cache (fp8_ds_mla: 8 bits with scales, the position in 16 bits) takes 656 bytes a layer for it instead of 576.",
	}, g.Remarks())
	require.Equal(t, int64(128), g.IndexHeadDim)
}

func TestOthersErrors(t *testing.T) {
	const exaone = `"architectures": ["Exaone4ForCausalLM"], "head_dim": 128, "num_key_value_heads": 8, "dtype": "bfloat16", `
	for config, want := range map[string]string{
		// Whether groups count without the flag is not told.
		`{"model_type": "chatglm", "hidden_size": 4096, "multi_query_group_num": 2, "num_attention_heads": 32, "num_layers": 28, "torch_dtype": "float16"}`://
		`c.json: architecture "chatglm": multi_query_attention is missing`,
		`{"model_type": "dbrx", "d_model": 64, "n_heads": 4, "n_layers": 2, "torch_dtype": "float16"}`://
		`c.json: architecture "dbrx": attn_config.kv_n_heads is missing`,
		`{"model_type": "dbrx", "attn_config": {"kv_n_heads": 0}, "d_model": 64, "n_heads": 4, "n_layers": 2, "torch_dtype": "float16"}`://
		`c.json: kv_n_heads is 0, but should be a whole number above zero`,
		`{"model_type": "mpt", "attn_config": {"attn_type": "grouped_query_attention"}, "d_model": 64, "n_heads": 4, "n_layers": 2, "torch_dtype": "float16"}`://
		`c.json: architecture "mpt": attn_config.kv_n_heads is missing`,
		`{"model_type": "mpt", "attn_config": {"attn_type": "sliding"}, "d_model": 64, "n_heads": 4, "n_layers": 2, "torch_dtype": "float16"}`://
		`c.json: attn_type is "sliding", which is not known`,
		`{"model_type": "mpt", "attn_config": 3, "d_model": 64, "n_heads": 4, "n_layers": 2, "torch_dtype": "float16"}`://
		`c.json: attn_config is 3, but should be an object`,
		`{` + exaone + `"num_hidden_layers": 8}`://
		`c.json: architecture "Exaone4ForCausalLM": sliding_window (null for none) is missing`,
		`{` + exaone + `"num_hidden_layers": 7, "sliding_window": 4096, "sliding_window_pattern": "LLLG"}`://
		`c.json: architecture "Exaone4ForCausalLM": layer_types is missing`,
		`{` + exaone + `"num_hidden_layers": 8, "sliding_window": 4096, "sliding_window_pattern": null}`://
		`c.json: architecture "Exaone4ForCausalLM": layer_types is missing`,
		`{` + exaone + `"num_hidden_layers": 8, "sliding_window": 4096, "sliding_window_pattern": 9223372036854775807}`://
		`c.json: architecture "Exaone4ForCausalLM": layer_types is missing`,
		`{` + exaone + `"num_hidden_layers": 8, "sliding_window": 4096, "sliding_window_pattern": "LLXG"}`://
		`c.json: sliding_window_pattern has a layer of an unknown kind, "X"`,
		`{"model_type": "deepseek_v32", "kv_lora_rank": 512, "qk_rope_head_dim": 64, "num_hidden_layers": 61, "dtype": "bfloat16"}`://
		`c.json: architecture "deepseek_v32": index_head_dim is missing`,
		`{"model_type": "deepseek_v32", "kv_lora_rank": 512, "qk_rope_head_dim": 64, "index_head_dim": 96, "num_hidden_layers": 61, "dtype": "bfloat16"}`://
		`c.json: index_head_dim is 96, but should be a multiple of 128`,
		`{"model_type": "deepseek_v32", "kv_lora_rank": 512, "qk_rope_head_dim": 64, "index_head_dim": 9223372036854775680, "num_hidden_layers": 61, "dtype": "bfloat16"}`://
		`c.json: a token takes more than 2^63 bytes: the figures can't be right`,
		`{"model_type": "gemma3n_text", "num_hidden_layers": 10, "dtype": "bfloat16"}`://
		`c.json: num_kv_shared_layers is 15, but there are 10 layers`,
		`{"model_type": "gemma3n_text", "dtype": "bfloat16"}`://
		`c.json: architecture "gemma3n_text": num_hidden_layers is missing`,
		`{"model_type": "gemma4_text", "num_hidden_layers": 4, "num_kv_shared_layers": 4, "dtype": "bfloat16"}`://
		`c.json: architecture "gemma4_text": no layer keeps a KV cache that grows: 4 that use the caches of earlier layers`,
		`{"model_type": "gemma4_text", "num_hidden_layers": 6, "per_layer_config": {"5": {"head_dim": 512}}, "dtype": "bfloat16"}`://
		`c.json: per_layer_config is not supported`,
		// Without a dtype only architectures that are published so.
		`{"model_type": "gpt_oss", "head_dim": 64, "num_hidden_layers": 2, "num_key_value_heads": 8, "torch_dtype": "mxfp4"}`://
		`c.json: torch_dtype "mxfp4" is not known: set Options.KVDType`,
		`{"architectures": ["Gemma4AssistantForCausalLM"], "model_type": "gemma4_assistant", "dtype": "bfloat16", "text_config": {"model_type": "gemma4_text", "num_hidden_layers": 4, "num_attention_heads": 4, "num_key_value_heads": 1, "head_dim": 256}}`://
		`c.json: architecture "Gemma4AssistantForCausalLM" is not known: all the usual fields are there, but they don't tell which layers keep a KV cache that grows, and of what`,
	} {
		_, err := Parse("c.json", []byte(config), Options{})
		require.EqualError(t, err, want, config)
	}
}
