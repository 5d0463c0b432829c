package geometry

import (
	"slices"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestErrors(t *testing.T) {
	const llama = `"architectures": ["LlamaForCausalLM"], `
	for config, want := range map[string]string{
		`{"architectures": ["FooForCausalLM"], "num_hidden_layers": 3, "hidden_size": 64, "torch_dtype": "float16"}`://
		`c.json: architecture "FooForCausalLM" is not known, and num_attention_heads and num_key_value_heads are missing`,
		`{"architectures": ["FooForCausalLM"], "num_hidden_layers": 3, "hidden_size": 64, "torch_dtype": "float16", "num_attention_heads": 8, "num_key_value_heads": 8}`://
		`c.json: architecture "FooForCausalLM" is not known: all the usual fields are there, but they don't tell which layers keep a KV cache that grows, and of what`,
		`{"model_type": "mamba", "num_hidden_layers": 3, "hidden_size": 64, "num_attention_heads": 8, "head_dim": 8, "num_key_value_heads": 8}`://
		`c.json: architecture "mamba" is not known, and torch_dtype is missing`,
		`{"architectures": ["FooForConditionalGeneration"], "dtype": "float16", "text_config": {"num_hidden_layers": 3, "hidden_size": 64, "num_attention_heads": 8}}`://
		`c.json: architecture "FooForConditionalGeneration" is not known, and num_key_value_heads is missing`,
		`{"architectures": ["LlavaForConditionalGeneration"], "dtype": "float16", "text_config": {"model_type": "foo", "num_hidden_layers": 3, "hidden_size": 64, "num_attention_heads": 8, "num_key_value_heads": 8}}`://
		`c.json: architecture "foo" is not known: all the usual fields are there, but they don't tell which layers keep a KV cache that grows, and of what`,
		`{` + llama + `"hidden_size": 64}`://
		`c.json: architecture "LlamaForCausalLM": torch_dtype, num_attention_heads and num_hidden_layers are missing: Options.KVDType can give the dtype`,
		`{` + llama + `"hidden_size": 64, "num_attention_heads": 8, "num_hidden_layers": null, "dtype": "float16"}`://
		`c.json: architecture "LlamaForCausalLM": num_hidden_layers is missing`,
		`{` + llama + `"hidden_size": 64, "num_attention_heads": 7, "num_hidden_layers": 3, "dtype": "float16"}`://
		`c.json: head_dim is missing, and hidden_size 64 is not a multiple of num_attention_heads 7`,
		`{` + llama + `"hidden_size": 64, "num_attention_heads": 0, "num_hidden_layers": 3, "dtype": "float16"}`://
		`c.json: num_attention_heads is 0, but should be a whole number above zero`,
		`{` + llama + `"hidden_size": 64.5, "num_attention_heads": 8, "num_hidden_layers": 3, "dtype": "float16"}`://
		`c.json: hidden_size is 64.5, but should be a whole number above zero`,
		`{` + llama + `"hidden_size": 64, "num_attention_heads": 8, "num_hidden_layers": "3", "dtype": "float16"}`://
		`c.json: num_hidden_layers is "3", but should be a whole number above zero`,
		`{` + llama + `"hidden_size": 64, "num_attention_heads": 8, "num_hidden_layers": 1000000, "dtype": "float16"}`://
		`c.json: num_hidden_layers is 1000000: no model has more than 10000`,
		`{` + llama + `"hidden_size": 64, "num_attention_heads": 8, "num_hidden_layers": 3, "dtype": "int3"}`://
		`c.json: torch_dtype "int3" is not known: set Options.KVDType`,
		`{` + llama + `"hidden_size": 64, "num_attention_heads": 8, "num_hidden_layers": 3, "dtype": "float8\u001b[2J"}`://
		`c.json: torch_dtype "float8\x1b[2J" is not known: set Options.KVDType`,
		`{` + llama + `"hidden_size": "` + "\u202e" + `46", "num_attention_heads": 8, "num_hidden_layers": 3, "dtype": "float16"}`://
		`c.json: hidden_size is "\"\u202e46\"", but should be a whole number above zero`,
		`{` + llama + `"head_dim": 4611686018427387904, "num_key_value_heads": 8, "num_hidden_layers": 3, "dtype": "float16"}`://
		`c.json: a token takes more than 2^63 bytes: the figures can't be right`,
		`{"architectures": ["DeepseekV3ForCausalLM"], "kv_lora_rank": 9223372036854775807, "qk_rope_head_dim": 64, "num_hidden_layers": 3, "dtype": "float16"}`://
		`c.json: a token takes more than 2^63 bytes: the figures can't be right`,
		`{"architectures": ["DeepseekV3ForCausalLM"], "num_hidden_layers": 61, "num_key_value_heads": 128, "dtype": "float16"}`://
		`c.json: architecture "DeepseekV3ForCausalLM": kv_lora_rank and qk_rope_head_dim are missing`,
		`{"architectures": ["MistralForCausalLM"], "head_dim": 128, "num_hidden_layers": 32, "num_key_value_heads": 8, "sliding_window": 4096, "max_position_embeddings": 32768, "torch_dtype": "bfloat16"}`://
		`c.json: architecture "MistralForCausalLM": no layer keeps a KV cache that grows: 32 whose cache ends at a sliding window of 4,096 tokens`,
		`{"architectures": ["MistralForCausalLM"], "head_dim": 128, "num_hidden_layers": 32, "num_key_value_heads": 8, "torch_dtype": "bfloat16"}`://
		`c.json: architecture "MistralForCausalLM": sliding_window (null for none) is missing`,
		`{"architectures": ["GraniteMoeHybridForCausalLM"], "head_dim": 128, "num_hidden_layers": 40, "num_key_value_heads": 8, "torch_dtype": "bfloat16"}`://
		`c.json: architecture "GraniteMoeHybridForCausalLM": layer_types is missing`,
		`{"architectures": ["GraniteMoeHybridForCausalLM"], "head_dim": 128, "num_hidden_layers": 3, "layer_types": ["mamba", "attention"], "num_key_value_heads": 8, "torch_dtype": "bfloat16"}`://
		`c.json: layer_types has 2 layers, but num_hidden_layers is 3`,
		`{"architectures": ["GraniteMoeHybridForCausalLM"], "head_dim": 128, "num_hidden_layers": 2, "layer_types": ["mamba", "retention"], "num_key_value_heads": 8, "torch_dtype": "bfloat16"}`://
		`c.json: layer_types has a layer of an unknown kind, "retention"`,
		`{"architectures": ["Zamba2ForCausalLM"], "attention_head_dim": 160, "num_hidden_layers": 7, "num_key_value_heads": 32, "torch_dtype": "bfloat16"}`://
		`c.json: architecture "Zamba2ForCausalLM": layers_block_type is missing`,
		`{"architectures": ["NemotronHForCausalLM"], "head_dim": 128, "hybrid_override_pattern": "M*X", "num_key_value_heads": 8, "torch_dtype": "bfloat16"}`://
		`c.json: hybrid_override_pattern has a layer of an unknown kind, "X"`,
		`{"architectures": ["Llama4ForCausalLM"], "head_dim": 128, "num_hidden_layers": 3, "no_rope_layers": [1, 0], "num_key_value_heads": 8, "torch_dtype": "bfloat16"}`://
		`c.json: no_rope_layers has 2 layers, but num_hidden_layers is 3`,
		`{}`://
		`c.json: has neither architectures nor model_type, so it names no architecture: is it a model's config.json?`,
		`{"architectures": "LlamaForCausalLM"}`://
		`c.json: architectures is "LlamaForCausalLM", but should be a list of texts`,
		`[1]`://
		`c.json: is not a config.json: it holds no JSON object`,
		`null`://
		`c.json: is not a config.json: it holds no JSON object`,
		``://
		`c.json: is not a config.json: unexpected end of JSON input`,
	} {
		_, err := Parse("c.json", []byte(config), Options{})
		require.EqualError(t, err, want, config)
	}
}

func TestErrorTypes(t *testing.T) {
	_, err := Parse("c.json", []byte(`{"architectures": ["FooForCausalLM"], "num_hidden_layers": 3}`), Options{})
	var unknown *UnknownError
	require.ErrorAs(t, err, &unknown)
	require.Equal(t, "FooForCausalLM", unknown.Architecture)
	require.Equal(t, []string{"num_attention_heads", "num_key_value_heads", "head_dim", "torch_dtype"}, unknown.Missing)
	_, err = Parse("c.json", []byte(`{"model_type": "qwen3", "dtype": "float16", "num_hidden_layers": 3}`), Options{})
	var missing *MissingError
	require.ErrorAs(t, err, &missing)
	require.Equal(t, &MissingError{"qwen3", []string{"num_key_value_heads", "head_dim"}}, missing)
}

func TestUnsupported(t *testing.T) {
	_, err := Parse("c.json", []byte(`{"model_type": "gemma4_text", "per_layer_config": {}, "num_hidden_layers": 6, "dtype": "bfloat16"}`), Options{})
	var unsupported *UnsupportedError
	require.ErrorAs(t, err, &unsupported)
	require.Equal(t, "per_layer_config is not supported", unsupported.Reason)
}

func TestDTypeError(t *testing.T) {
	const config = `{"model_type": "llama", "hidden_size": 64, "num_attention_heads": 8, "num_hidden_layers": 3, "dtype": "int3"}`
	for given, want := range map[string]DTypeError{"": {"int3", false}, "auto": {"int3", false}, "int4": {"int4", true}} {
		_, err := Parse("c.json", []byte(config), Options{KVDType: given})
		var dtype *DTypeError
		require.ErrorAs(t, err, &dtype)
		require.Equal(t, want, *dtype)
		require.Equal(t, given == "int4", err.Error() == `c.json: Options.KVDType "int4" is not known`)
	}
}

// TestNamesStandOnce keeps the table of architectures free of contradictions.
func TestNamesStandOnce(t *testing.T) {
	seen := map[string]bool{}
	for _, f := range families {
		require.NotEmpty(t, f.names)
		for _, name := range slices.Concat(f.names, f.wrappers) {
			require.False(t, seen[name], name)
			seen[name] = true
		}
	}
}

// TestRanksOverflow has a token that fits, and ranks that do not.
func TestRanksOverflow(t *testing.T) {
	config := []byte(publishedConfig(t, "DeepSeek V3"))
	g, err := Parse("c.json", config, Options{Ranks: 1 << 46})
	require.NoError(t, err)
	require.Equal(t, int64(70272)<<46, g.BytesPerToken)
	require.Zero(t, g.ChunkBytes(2))
	_, err = Parse("c.json", config, Options{Ranks: 1 << 47})
	require.ErrorIs(t, err, errTooLarge)
}

// FuzzParse wants figures above zero, or an error.
func FuzzParse(f *testing.F) {
	for _, p := range published {
		f.Add([]byte(p.config), int64(1), "")
		f.Add([]byte(p.config), int64(8), "fp8")
	}
	f.Fuzz(func(t *testing.T, data []byte, ranks int64, dtype string) {
		g, err := Parse("c.json", data, Options{Ranks: ranks, KVDType: dtype})
		if err != nil {
			require.Nil(t, g)
			return
		}
		require.Positive(t, g.BytesPerTokenOneRank)
		require.Positive(t, g.Layers)
		require.LessOrEqual(t, g.Layers, g.ModelLayers)
		left := g.Layers
		for _, l := range g.LeftOut {
			left += l.Layers
		}
		require.Equal(t, g.ModelLayers, left)
		require.Equal(t, g.BytesPerToken, g.BytesPerTokenOneRank*max(ranks, 1))
		require.GreaterOrEqual(t, g.BytesPerToken, g.BytesPerTokenOneRank)
		require.NotEmpty(t, g.Formula)
	})
}
