// Package geometry computes how many bytes of KV cache a token takes, from a model's config.json as Hugging Face publishes it.
//
//	data, err := os.ReadFile("config.json")
//	g, err := geometry.Parse("config.json", data, geometry.Options{Ranks: 8, KVDType: "fp8"})
//	fmt.Println(g.Formula)         // 8 ranks × 2 (K and V) × 32 layers × … = 65,536 bytes a token
//	fmt.Println(g.ChunkBytes(256)) // bytes of a chunk of 256 tokens, on all ranks together
//
// Parse fails if the file does not determine the figure: [*UnknownError], [*UnsupportedError], [*MissingError] or [*DTypeError].
// [Geometry.Remarks] says in sentences which layers are not counted and which defaults are used.
//
// # Formulas
//
// A layer with grouped-query attention (arXiv:2305.13245; multi-head and multi-query attention are its ends) stores a key
// and a value for each KV head:
//
//	2 × layers × KV heads × head_dim × bytes of an element
//
// A layer with multi-head latent attention (MLA, arXiv:2405.04434, section 2.1) stores one compressed vector for keys and
// values together, and one key with the position in it, for all heads:
//
//	layers × (kv_lora_rank + qk_rope_head_dim) × bytes of an element
//
// DeepSeek V3.2 attends to selected tokens only. Each layer selects them by an index, which has a key of its own for every
// token. Servers (vLLM, SGLang, TensorRT-LLM) store that key in 8-bit floats, with a 32-bit scale for each 128 of them,
// whatever the dtype of the cache:
//
//	layers × (index_head_dim + 4 × index_head_dim / 128) bytes more
//
// # Layers
//
// Only layers whose cache grows with every token count. A layer with a sliding window, chunked attention, linear attention
// or a state-space model (Mamba) stores a bounded amount however long the request is, and a layer that reuses the cache of
// another one stores nothing of its own.
//
// # Ranks
//
// N tensor-parallel ranks split the KV heads: each rank keeps max(1, ⌈heads / N⌉) of them, so with more ranks than heads
// some heads are kept more than once. A compressed cache cannot be split: every rank keeps all of it. All ranks together
// keep N times as much as one.
//
// # Architectures
//
// The meaning of fields differs between architectures, and some files leave out what the model's code knows. So only
// architectures in one table are read. Any other is refused by name, since a plausible but wrong figure is worse than none.
package geometry
