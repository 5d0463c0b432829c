// Package geometry reads from a model's config.json, in the form that Hugging Face publishes, how many bytes of KV cache
// a token takes.
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
// DeepSeek V3.2 attends to some tokens alone, which each layer chooses by an index with a key of its own for every token.
// Servers (vLLM, SGLang, TensorRT-LLM) keep it in 8-bit floats, with a 32-bit scale for each 128 of them, whatever the
// dtype of the cache is:
//
//	layers × (index_head_dim + 4 × index_head_dim / 128) bytes more
//
// # Layers
//
// Only layers whose cache grows with every token count. A layer with a sliding window, with attention in chunks, with
// linear attention or with a state-space model (Mamba) keeps a bounded amount however long the request is, and a layer
// that uses another one's cache keeps nothing of its own.
//
// # Ranks
//
// With N tensor-parallel ranks, KV heads are split: each rank keeps max(1, ⌈heads / N⌉) of them, so that with more ranks
// than heads some are kept more than once. A compressed cache cannot be split: every rank keeps all of it. All ranks
// together keep N times what one does.
//
// # Architectures
//
// Which fields mean what differs between architectures, and some leave out of the file what the code knows. So only those
// of one table are read; any other is refused by name, since a plausible figure that is wrong is worse than none.
package geometry
