package geometry

import (
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// model is a made-up file in the form that a model is published in, and what one gets by hand.
type model struct {
	name, config string
	layers       int64 // that count
	bytes        int64 // of a token on one rank
	formula      string
}

var published = slices.Concat(others, []model{
	// 2 × 32 layers × 8 KV heads × (4096 / 32 = 128) × 2 bytes = 131,072
	{"Llama 3 8B", `{"architectures": ["LlamaForCausalLM"], "model_type": "llama", "hidden_size": 4096, "num_attention_heads": 32,
		"num_hidden_layers": 32, "num_key_value_heads": 8, "torch_dtype": "bfloat16", "rope_scaling": null}`,
		32, 131072, "2 (K and V) × 32 layers × 8 KV heads × 128 head_dim × 2 bytes (bfloat16) = 131,072 bytes a token"},
	// 2 × 80 × 8 × (8192 / 64 = 128) × 2 = 327,680
	{"Llama 3 70B", `{"architectures": ["LlamaForCausalLM"], "model_type": "llama", "hidden_size": 8192, "num_attention_heads": 64,
		"num_hidden_layers": 80, "num_key_value_heads": 8, "torch_dtype": "bfloat16"}`,
		80, 327680, "2 (K and V) × 80 layers × 8 KV heads × 128 head_dim × 2 bytes (bfloat16) = 327,680 bytes a token"},
	// No num_key_value_heads: as many as attention heads. 2 × 32 × 32 × (4096 / 32) × 2 = 524,288
	{"Llama 1 7B", `{"architectures": ["LlamaForCausalLM"], "model_type": "llama", "hidden_size": 4096, "num_attention_heads": 32,
		"num_hidden_layers": 32, "torch_dtype": "float16"}`,
		32, 524288, "2 (K and V) × 32 layers × 32 KV heads × 128 head_dim × 2 bytes (float16) = 524,288 bytes a token"},
	// The window is switched off. 2 × 28 × 4 × (3584 / 28 = 128) × 2 = 57,344
	{"Qwen 2.5 7B", `{"architectures": ["Qwen2ForCausalLM"], "model_type": "qwen2", "hidden_size": 3584, "num_attention_heads": 28,
		"num_hidden_layers": 28, "num_key_value_heads": 4, "max_window_layers": 28, "sliding_window": 131072, "use_sliding_window": false,
		"torch_dtype": "bfloat16"}`,
		28, 57344, "2 (K and V) × 28 layers × 4 KV heads × 128 head_dim × 2 bytes (bfloat16) = 57,344 bytes a token"},
	// The window is switched on, but no request is that long. 57,344 as before
	{"Qwen 2.5 with a window longer than a request", `{"architectures": ["Qwen2ForCausalLM"], "model_type": "qwen2", "hidden_size": 3584, "num_attention_heads": 28,
		"num_hidden_layers": 28, "num_key_value_heads": 4, "max_window_layers": 0, "sliding_window": 131072, "use_sliding_window": true,
		"max_position_embeddings": 32768, "torch_dtype": "bfloat16"}`,
		28, 57344, "2 (K and V) × 28 layers × 4 KV heads × 128 head_dim × 2 bytes (bfloat16) = 57,344 bytes a token"},
	// The window is switched on, from layer 21 on. 2 × 21 × 4 × 128 × 2 = 43,008
	{"Qwen 2.5 with a window", `{"architectures": ["Qwen2ForCausalLM"], "model_type": "qwen2", "hidden_size": 3584, "num_attention_heads": 28,
		"num_hidden_layers": 28, "num_key_value_heads": 4, "max_window_layers": 21, "sliding_window": 32768, "use_sliding_window": true,
		"torch_dtype": "bfloat16"}`,
		21, 43008, "2 (K and V) × 21 layers × 4 KV heads × 128 head_dim × 2 bytes (bfloat16) = 43,008 bytes a token"},
	// head_dim is not 2560 / 32. 2 × 36 × 8 × 128 × 2 = 147,456
	{"Qwen 3 4B", `{"architectures": ["Qwen3ForCausalLM"], "model_type": "qwen3", "hidden_size": 2560, "num_attention_heads": 32, "head_dim": 128,
		"num_hidden_layers": 36, "num_key_value_heads": 8, "max_window_layers": 36, "sliding_window": null, "use_sliding_window": false,
		"torch_dtype": "bfloat16"}`,
		36, 147456, "2 (K and V) × 36 layers × 8 KV heads × 128 head_dim × 2 bytes (bfloat16) = 147,456 bytes a token"},
	// 48 layers, 4 KV heads: 2 × 48 × 4 × 128 × 2 = 98,304
	{"Qwen 3 30B A3B", `{"architectures": ["Qwen3MoeForCausalLM"], "model_type": "qwen3_moe", "hidden_size": 2048, "num_attention_heads": 32,
		"head_dim": 128, "num_hidden_layers": 48, "num_key_value_heads": 4, "max_window_layers": 48, "sliding_window": null,
		"use_sliding_window": false, "torch_dtype": "bfloat16", "num_experts": 128}`,
		48, 98304, "2 (K and V) × 48 layers × 4 KV heads × 128 head_dim × 2 bytes (bfloat16) = 98,304 bytes a token"},
	// MLA: 61 × (512 + 64) × 2 = 70,272; weights in fp8 don't change the cache.
	{"DeepSeek V3", `{"architectures": ["DeepseekV3ForCausalLM"], "model_type": "deepseek_v3", "hidden_size": 7168, "num_attention_heads": 128,
		"num_hidden_layers": 61, "num_key_value_heads": 128, "kv_lora_rank": 512, "q_lora_rank": 1536, "qk_nope_head_dim": 128,
		"qk_rope_head_dim": 64, "v_head_dim": 128, "num_nextn_predict_layers": 1, "torch_dtype": "bfloat16",
		"quantization_config": {"fmt": "e4m3", "quant_method": "fp8", "weight_block_size": [128, 128]}}`,
		61, 70272, "61 layers × (512 kv_lora_rank + 64 qk_rope_head_dim) × 2 bytes (bfloat16) = 70,272 bytes a token"},
	// Every second of 42 layers is full: 2 × 21 × 8 × 256 × 2 = 172,032
	{"Gemma 2 9B", `{"architectures": ["Gemma2ForCausalLM"], "model_type": "gemma2", "hidden_size": 3584, "num_attention_heads": 16, "head_dim": 256,
		"num_hidden_layers": 42, "num_key_value_heads": 8, "sliding_window": 4096, "sliding_window_size": 4096, "torch_dtype": "bfloat16",
		"max_position_embeddings": 8192}`,
		21, 172032, "2 (K and V) × 21 layers × 8 KV heads × 256 head_dim × 2 bytes (bfloat16) = 172,032 bytes a token"},
	// Every sixth of 62 layers is full, 10 in all: 2 × 10 × 16 × 128 × 2 = 81,920
	{"Gemma 3 27B", `{"architectures": ["Gemma3ForConditionalGeneration"], "model_type": "gemma3", "torch_dtype": "bfloat16",
		"text_config": {"head_dim": 128, "hidden_size": 5376, "intermediate_size": 21504, "model_type": "gemma3_text", "num_attention_heads": 32,
		"num_hidden_layers": 62, "num_key_value_heads": 16, "query_pre_attn_scalar": 168, "sliding_window": 1024, "sliding_window_pattern": 6},
		"vision_config": {"hidden_size": 1152, "num_hidden_layers": 27, "num_attention_heads": 16}}`,
		10, 81920, "2 (K and V) × 10 layers × 16 KV heads × 128 head_dim × 2 bytes (bfloat16) = 81,920 bytes a token"},
	// The file has neither heads nor head_dim: 4 and 256. Every sixth of 34: 2 × 5 × 4 × 256 × 2 = 20,480
	{"Gemma 3 4B", `{"architectures": ["Gemma3ForConditionalGeneration"], "model_type": "gemma3", "torch_dtype": "bfloat16",
		"text_config": {"hidden_size": 2560, "intermediate_size": 10240, "model_type": "gemma3_text", "num_hidden_layers": 34, "sliding_window": 1024}}`,
		5, 20480, "2 (K and V) × 5 layers × 4 KV heads × 256 head_dim × 2 bytes (bfloat16) = 20,480 bytes a token"},
	// Layers are listed: 1 of 6. 2 × 1 × 1 × 256 × 4 = 2,048
	{"Gemma 3, newer file", `{"architectures": ["Gemma3ForCausalLM"], "model_type": "gemma3_text", "_sliding_window_pattern": 6, "dtype": "float32",
		"layer_types": ["sliding_attention", "sliding_attention", "sliding_attention", "sliding_attention", "sliding_attention", "full_attention"],
		"num_hidden_layers": 6, "num_key_value_heads": 1, "head_dim": 256, "sliding_window": 512}`,
		1, 2048, "2 (K and V) × 1 layer × 1 KV head × 256 head_dim × 4 bytes (float32) = 2,048 bytes a token"},
	// 2 × 32 × 8 × (4096 / 32) × 2 = 131,072, whatever the experts
	{"Mixtral 8x7B", `{"architectures": ["MixtralForCausalLM"], "model_type": "mixtral", "hidden_size": 4096, "num_attention_heads": 32,
		"num_hidden_layers": 32, "num_key_value_heads": 8, "num_local_experts": 8, "sliding_window": null, "torch_dtype": "bfloat16"}`,
		32, 131072, "2 (K and V) × 32 layers × 8 KV heads × 128 head_dim × 2 bytes (bfloat16) = 131,072 bytes a token"},
	// No window: null. 2 × 32 × 8 × 128 × 2 = 131,072
	{"Mistral 7B v0.3", `{"architectures": ["MistralForCausalLM"], "model_type": "mistral", "hidden_size": 4096, "num_attention_heads": 32,
		"num_hidden_layers": 32, "num_key_value_heads": 8, "sliding_window": null, "torch_dtype": "bfloat16"}`,
		32, 131072, "2 (K and V) × 32 layers × 8 KV heads × 128 head_dim × 2 bytes (bfloat16) = 131,072 bytes a token"},
	// A window longer than any request is none. 2 × 32 × 8 × (3072 / 24 = 128) × 2 = 131,072
	{"Phi 4 mini", `{"architectures": ["Phi3ForCausalLM"], "model_type": "phi3", "hidden_size": 3072, "num_attention_heads": 24,
		"num_hidden_layers": 32, "num_key_value_heads": 8, "sliding_window": 262144, "max_position_embeddings": 131072, "torch_dtype": "bfloat16"}`,
		32, 131072, "2 (K and V) × 32 layers × 8 KV heads × 128 head_dim × 2 bytes (bfloat16) = 131,072 bytes a token"},
	// Layers 4, 12, 20 and 28 of 32: 2 × 4 × 8 × (4096 / 32) × 2 = 16,384
	{"Jamba", `{"architectures": ["JambaForCausalLM"], "model_type": "jamba", "attn_layer_offset": 4, "attn_layer_period": 8, "hidden_size": 4096,
		"num_attention_heads": 32, "num_hidden_layers": 32, "num_key_value_heads": 8, "sliding_window": null, "torch_dtype": "bfloat16"}`,
		4, 16384, "2 (K and V) × 4 layers × 8 KV heads × 128 head_dim × 2 bytes (bfloat16) = 16,384 bytes a token"},
	// 2 × 3 × 8 × (4096 / 32) × 2 = 12,288; Python writes Infinity.
	{"Bamba", `{"architectures": ["BambaForCausalLM"], "model_type": "bamba", "attn_layer_indices": [9, 18, 27], "hidden_size": 4096,
		"num_attention_heads": 32, "num_hidden_layers": 32, "num_key_value_heads": 8, "time_step_limit": [0.0, Infinity], "torch_dtype": "bfloat16"}`,
		3, 12288, "2 (K and V) × 3 layers × 8 KV heads × 128 head_dim × 2 bytes (bfloat16) = 12,288 bytes a token"},
	// 6 stars: 2 × 6 × 2 × 128 × 2 = 6,144
	{"Nemotron-H", `{"architectures": ["NemotronHForCausalLM"], "model_type": "nemotron_h", "head_dim": 128, "hidden_size": 2688,
		"hybrid_override_pattern": "MEMEM*EMEMEM*EMEMEM*EMEMEM*EMEMEM*EMEMEMEM*EMEMEMEME", "num_attention_heads": 32, "num_hidden_layers": 52,
		"num_key_value_heads": 2, "dtype": "bfloat16"}`,
		6, 6144, "2 (K and V) × 6 layers × 2 KV heads × 128 head_dim × 2 bytes (bfloat16) = 6,144 bytes a token"},
	// 2 × 2 × 32 × 160 × 2 = 40,960
	{"Zamba2", `{"architectures": ["Zamba2ForCausalLM"], "model_type": "zamba2", "attention_head_dim": 160, "hidden_size": 2560,
		"layers_block_type": ["mamba", "mamba", "hybrid", "mamba", "mamba", "hybrid", "mamba"], "num_attention_heads": 32,
		"num_hidden_layers": 7, "num_key_value_heads": 32, "torch_dtype": "bfloat16"}`,
		2, 40960, "2 (K and V) × 2 layers × 32 KV heads × 160 head_dim × 2 bytes (bfloat16) = 40,960 bytes a token"},
	// Every fourth of 48: 2 × 12 × 2 × 256 × 2 = 24,576
	{"Qwen3-Next", `{"architectures": ["Qwen3NextForCausalLM"], "model_type": "qwen3_next", "full_attention_interval": 4, "head_dim": 256,
		"hidden_size": 2048, "num_attention_heads": 16, "num_hidden_layers": 48, "num_key_value_heads": 2, "torch_dtype": "bfloat16"}`,
		12, 24576, "2 (K and V) × 12 layers × 2 KV heads × 256 head_dim × 2 bytes (bfloat16) = 24,576 bytes a token"},
	// 1 of 8: 2 × 1 × 8 × 128 × 2 = 4,096
	{"MiniMax", `{"architectures": ["MiniMaxText01ForCausalLM"], "model_type": "minimax_text_01", "attn_type_list": [0, 0, 0, 0, 0, 0, 0, 1],
		"head_dim": 128, "hidden_size": 6144, "num_attention_heads": 64, "num_hidden_layers": 8, "num_key_value_heads": 8, "torch_dtype": "bfloat16"}`,
		1, 4096, "2 (K and V) × 1 layer × 8 KV heads × 128 head_dim × 2 bytes (bfloat16) = 4,096 bytes a token"},
	// Every fourth of 48 has no rotary positions: 2 × 12 × 8 × 128 × 2 = 49,152
	{"Llama 4", `{"architectures": ["Llama4ForConditionalGeneration"], "model_type": "llama4", "torch_dtype": "bfloat16",
		"text_config": {"attention_chunk_size": 8192, "head_dim": 128, "hidden_size": 5120, "model_type": "llama4_text", "no_rope_layers": [],
		"num_attention_heads": 40, "num_hidden_layers": 48, "num_key_value_heads": 8, "torch_dtype": "bfloat16"}}`,
		12, 49152, "2 (K and V) × 12 layers × 8 KV heads × 128 head_dim × 2 bytes (bfloat16) = 49,152 bytes a token"},
	// As listed, of 5 layers the fourth has none, and the entry behind the last layer is not one: 2 × 1 × 8 × 128 × 2 = 4,096
	{"Llama 4 with a list", `{"model_type": "llama4_text", "attention_chunk_size": 8192, "head_dim": 128, "no_rope_layers": [1, 1, 1, 0, 1, 0],
		"num_hidden_layers": 5, "num_key_value_heads": 8, "torch_dtype": "bfloat16"}`,
		1, 4096, "2 (K and V) × 1 layer × 8 KV heads × 128 head_dim × 2 bytes (bfloat16) = 4,096 bytes a token"},
	// No chunks: 2 × 5 × 8 × 128 × 2 = 20,480
	{"Llama 4 without chunks", `{"model_type": "llama4_text", "attention_chunk_size": null, "head_dim": 128, "no_rope_layers": [1, 1, 1, 0, 1],
		"num_hidden_layers": 5, "num_key_value_heads": 8, "torch_dtype": "bfloat16"}`,
		5, 20480, "2 (K and V) × 5 layers × 8 KV heads × 128 head_dim × 2 bytes (bfloat16) = 20,480 bytes a token"},
	// Every second of 24: 2 × 12 × 8 × 64 × 2 = 24,576
	{"gpt-oss 20B", `{"architectures": ["GptOssForCausalLM"], "model_type": "gpt_oss", "head_dim": 64, "hidden_size": 2880, "num_attention_heads": 64,
		"num_hidden_layers": 24, "num_key_value_heads": 8, "sliding_window": 128, "torch_dtype": "bfloat16"}`,
		12, 24576, "2 (K and V) × 12 layers × 8 KV heads × 64 head_dim × 2 bytes (bfloat16) = 24,576 bytes a token"},
	// Every fourth of 32: 2 × 8 × 8 × (4096 / 32 = 128) × 2 = 32,768
	{"Command R7B", `{"architectures": ["Cohere2ForCausalLM"], "model_type": "cohere2", "hidden_size": 4096, "num_attention_heads": 32,
		"num_hidden_layers": 32, "num_key_value_heads": 8, "sliding_window": 4096, "torch_dtype": "bfloat16"}`,
		8, 32768, "2 (K and V) × 8 layers × 8 KV heads × 128 head_dim × 2 bytes (bfloat16) = 32,768 bytes a token"},
	// Every fourth of 32: 2 × 8 × 32 × (4096 / 32 = 128) × 2 = 131,072
	{"Olmo 3 7B", `{"architectures": ["Olmo3ForCausalLM"], "model_type": "olmo3", "hidden_size": 4096, "num_attention_heads": 32,
		"num_hidden_layers": 32, "num_key_value_heads": 32, "sliding_window": 4096, "torch_dtype": "bfloat16"}`,
		8, 131072, "2 (K and V) × 8 layers × 32 KV heads × 128 head_dim × 2 bytes (bfloat16) = 131,072 bytes a token"},
	// A window as long as a request can be is none. 2 × 36 × 8 × 128 × 2 = 147,456
	{"Ministral 8B", `{"architectures": ["MistralForCausalLM"], "model_type": "mistral", "head_dim": 128, "hidden_size": 4096, "num_attention_heads": 32,
		"num_hidden_layers": 36, "num_key_value_heads": 8, "sliding_window": 32768, "max_position_embeddings": 32768, "torch_dtype": "bfloat16"}`,
		36, 147456, "2 (K and V) × 36 layers × 8 KV heads × 128 head_dim × 2 bytes (bfloat16) = 147,456 bytes a token"},
	// Null stands for as many as attention heads. 2 × 2 × 4 × (64 / 4 = 16) × 2 = 512
	{"null KV heads", `{"model_type": "mistral", "hidden_size": 64, "num_attention_heads": 4, "num_hidden_layers": 2, "num_key_value_heads": null,
		"sliding_window": null, "torch_dtype": "float16"}`,
		2, 512, "2 (K and V) × 2 layers × 4 KV heads × 16 head_dim × 2 bytes (float16) = 512 bytes a token"},
	// The newer decoder has a number of KV heads: 2 × 60 × 8 × (8192 / 128 = 64) × 2 = 122,880
	{"Falcon 40B", `{"architectures": ["FalconForCausalLM"], "model_type": "falcon", "hidden_size": 8192, "multi_query": true,
		"new_decoder_architecture": true, "num_attention_heads": 128, "num_hidden_layers": 60, "num_kv_heads": 8, "torch_dtype": "bfloat16"}`,
		60, 122880, "2 (K and V) × 60 layers × 8 KV heads × 64 head_dim × 2 bytes (bfloat16) = 122,880 bytes a token"},
	// 2 × 32 × 1 × (4544 / 71 = 64) × 2 = 8,192
	{"Falcon 7B", `{"architectures": ["FalconForCausalLM"], "model_type": "falcon", "hidden_size": 4544, "multi_query": true,
		"new_decoder_architecture": false, "num_attention_heads": 71, "num_hidden_layers": 32, "num_kv_heads": 71, "torch_dtype": "bfloat16"}`,
		32, 8192, "2 (K and V) × 32 layers × 1 KV head × 64 head_dim × 2 bytes (bfloat16) = 8,192 bytes a token"},
	// 2 × 12 × 12 × (768 / 12 = 64) × 4 = 73,728
	{"GPT-2", `{"architectures": ["GPT2LMHeadModel"], "model_type": "gpt2", "n_ctx": 1024, "n_embd": 768, "n_head": 12, "n_layer": 12,
		"torch_dtype": "float32"}`,
		12, 73728, "2 (K and V) × 12 layers × 12 KV heads × 64 head_dim × 4 bytes (float32) = 73,728 bytes a token"},
	// By model_type alone.
	{"no architectures", `{"model_type": "llama", "hidden_size": 64, "num_attention_heads": 8, "num_hidden_layers": 3, "num_key_value_heads": 4,
		"torch_dtype": "float16"}`,
		3, 384, "2 (K and V) × 3 layers × 4 KV heads × 8 head_dim × 2 bytes (float16) = 384 bytes a token"},
})

func TestPublished(t *testing.T) {
	for _, p := range published {
		t.Run(p.name, func(t *testing.T) {
			g, err := Parse("config.json", []byte(p.config), Options{})
			require.NoError(t, err)
			require.Equal(t, p.layers, g.Layers)
			require.Equal(t, p.bytes, g.BytesPerToken)
			require.Equal(t, p.bytes, g.BytesPerTokenOneRank)
			require.Equal(t, p.formula, g.Formula)
			require.Equal(t, 256*p.bytes, g.ChunkBytes(256))
		})
	}
}

func publishedConfig(t testing.TB, name string) string {
	for _, p := range published {
		if p.name == name {
			return p.config
		}
	}
	t.Fatalf("no config %q", name)
	return ""
}

// TestRanks splits grouped heads, down to one on each rank, and copies a compressed cache to all.
func TestRanks(t *testing.T) {
	for _, test := range []struct {
		name     string
		ranks    int64
		one, all int64
		formula  string
	}{
		// 8 heads on 2 ranks: 4 on each.
		{"Llama 3 8B", 2, 65536, 131072, "2 ranks × 2 (K and V) × 32 layers × 4 KV heads a rank (of 8) × 128 head_dim × 2 bytes (bfloat16) = 131,072 bytes a token"},
		// 8 heads on 3 ranks: ⌈8 / 3⌉ = 3 on each. 2 × 32 × 3 × 128 × 2 = 49,152
		{"Llama 3 8B", 3, 49152, 147456, "3 ranks × 2 (K and V) × 32 layers × 3 KV heads a rank (of 8, rounded up) × 128 head_dim × 2 bytes (bfloat16) = 147,456 bytes a token"},
		{"Llama 3 8B", 8, 16384, 131072, "8 ranks × 2 (K and V) × 32 layers × 1 KV head a rank (of 8) × 128 head_dim × 2 bytes (bfloat16) = 131,072 bytes a token"},
		// More ranks than heads: each head is kept twice.
		{"Llama 3 8B", 16, 16384, 262144, "16 ranks × 2 (K and V) × 32 layers × 1 KV head a rank (of 8, rounded up) × 128 head_dim × 2 bytes (bfloat16) = 262,144 bytes a token"},
		{"DeepSeek V3", 2, 70272, 140544, "2 ranks × 61 layers × (512 kv_lora_rank + 64 qk_rope_head_dim) × 2 bytes (bfloat16) = 140,544 bytes a token"},
		{"DeepSeek V3", 16, 70272, 1124352, "16 ranks × 61 layers × (512 kv_lora_rank + 64 qk_rope_head_dim) × 2 bytes (bfloat16) = 1,124,352 bytes a token"},
	} {
		g, err := Parse("config.json", []byte(publishedConfig(t, test.name)), Options{Ranks: test.ranks})
		require.NoError(t, err)
		require.Equal(t, test.one, g.BytesPerTokenOneRank, "%s on %d", test.name, test.ranks)
		require.Equal(t, test.all, g.BytesPerToken, "%s on %d", test.name, test.ranks)
		require.Equal(t, test.formula, g.Formula)
	}
}

func TestRemarks(t *testing.T) {
	for name, want := range map[string][]string{
		"Llama 3 8B": nil,
		"DeepSeek V3": {
			"Every rank keeps the whole compressed cache."},
		"Gemma 3 27B": {
			"10 of 62 layers keep a KV cache that grows; not counted: 52 whose cache ends at a sliding window of 1,024 tokens."},
		"Gemma 3 4B": {
			"5 of 34 layers keep a KV cache that grows; not counted: 29 whose cache ends at a sliding window of 1,024 tokens.",
			"num_key_value_heads, head_dim and sliding_window_pattern: not in config.json, so taken from the architecture's defaults."},
		"Jamba": {
			"4 of 32 layers keep a KV cache that grows; not counted: 28 with a Mamba state of fixed size."},
		"Nemotron-H": {
			"6 of 52 layers keep a KV cache that grows; not counted: 23 with a Mamba state of fixed size and 23 without attention."},
		"Qwen3-Next": {
			"12 of 48 layers keep a KV cache that grows; not counted: 36 with linear attention, whose state has a fixed size."},
		"Llama 4": {
			"12 of 48 layers keep a KV cache that grows; not counted: 36 whose cache ends at an attention chunk of 8,192 tokens.",
			"no_rope_layer_interval: not in config.json, so taken from the architecture's defaults."},
	} {
		g, err := Parse("config.json", []byte(publishedConfig(t, name)), Options{Ranks: 2})
		require.NoError(t, err)
		require.Equal(t, want, g.Remarks(), name)
	}
}

func TestKVDType(t *testing.T) {
	for given, want := range map[string]int64{"": 131072, "auto": 131072, "float16": 131072, "torch.bfloat16": 131072, "bf16": 131072,
		"float32": 262144, "fp8": 65536, "fp8_e5m2": 65536, "float8_e4m3fn": 65536, "int8": 65536} {
		g, err := Parse("config.json", []byte(publishedConfig(t, "Llama 3 8B")), Options{KVDType: given})
		require.NoError(t, err)
		require.Equal(t, want, g.BytesPerToken, given)
	}
	g, err := Parse("config.json", []byte(publishedConfig(t, "Llama 3 8B")), Options{KVDType: "fp8"})
	require.NoError(t, err)
	require.Contains(t, g.Formula, "× 1 byte (float8_e4m3fn)")
	nested := strings.Replace(publishedConfig(t, "Gemma 3 27B"), `"model_type": "gemma3_text",`, `"model_type": "gemma3_text", "torch_dtype": "float32",`, 1)
	g, err = Parse("config.json", []byte(nested), Options{})
	require.NoError(t, err)
	require.Equal(t, int64(81920), g.BytesPerToken, "the file's dtype comes before its text_config's")
	bare := strings.Replace(publishedConfig(t, "GPT-2"), `"torch_dtype": "float32"`, `"torch_dtype": null`, 1)
	g, err = Parse("config.json", []byte(bare), Options{KVDType: "float16"})
	require.NoError(t, err)
	require.Equal(t, int64(36864), g.BytesPerToken)
}

func TestParseDType(t *testing.T) {
	for _, s := range []string{"auto", "float16", "torch.bfloat16", "fp8"} {
		name, err := ParseDType(s)
		require.NoError(t, err)
		require.Equal(t, s, name)
	}
	_, err := ParseDType("int4")
	require.EqualError(t, err, `dtype "int4": not known; use auto, float16, bfloat16, float32, fp8, int8 or another of these kinds`)
}
