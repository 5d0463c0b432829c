// Package foreign reads traces in other formats as lookups: request traces with block
// hashes published for load generators, token ids, and general cache traces.
//
// To read traces in a format with one record per line, pass [Options.Formats] to a
// [log.Reader]:
//
//	files, err := log.Find(ctx, []string{"trace.jsonl"}, nil)
//	reader, err := files.Open(ctx, log.Options{Formats: foreign.Options{}.Formats()})
//
// To read conversations of a Weka trace, pass each line to [Conversation].
//
// To read comma-separated values, feed the lines of each file to a [CSV], which joins rows
// into records. To write a Mooncake trace takes two passes over the records: add each one to
// the [Survey] of an [Encoder], then append each one to the trace with the Encoder.
//
// # What the formats have in common
//
// A line is a JSON object, by the rules of package log: unknown fields are ignored,
// names are case-sensitive, the last of duplicate names wins, null means missing. The
// model name is the string "model" or "model_name" of the line, and empty without either.
// Traces don't record what a chunk stores, so its size in bytes is unknown.
//
// A line that lacks a required field, or whose fields contradict each other, is a bad
// record. So is one whose time, in seconds, lies beyond ±log.MaxTimestamp, or whose model
// name is longer than log.MaxModelName.
//
// # Mooncake
//
// The format of the traces published with Mooncake
// (https://github.com/kvcache-ai/Mooncake, FAST '25). Load generators replay it (AIPerf,
// Dynamo, SGLang):
//
//	{"timestamp": 27482, "input_length": 6955, "output_length": 52, "hash_ids": [46, 47, …, 2353, 2354]}
//
//	timestamp     milliseconds, mostly since the first request; may have a fraction
//	input_length  tokens in the prompt, an integer ≥ 0
//	hash_ids      integers from 0 to 2⁶⁴−1, one for each block of the prompt in
//	              prefix order; equal ids stand for equal prefixes
//	request_id    a string or a number; may be missing
//	session_id    likewise
//
// output_length and everything else is ignored. Rows of NVIDIA Dynamo
// (https://docs.rs/dynamo-data-gen, struct MooncakeRow) are the same, except that
// input_length may be called input_tokens, and timestamp created_time, also in
// milliseconds. Where a row has both names, both values must agree.
//
// A row without a time is a turn that begins a "delay" or "delay_ms", in milliseconds, after the
// turn before: the last row above with the same session_id. Without a delay it begins at once. A
// load generator counts the delay from the end of that turn. The trace does not have that end, so
// here it counts from the beginning. Memory follows the number of sessions. The first turn of a
// session needs a time.
//
// Dynamo's mooncake-delta has rows of the same shape, but a later turn has only what it adds to the
// prompt. The two cannot be told apart; such a trace is read as if its prompts were that short.
//
// A block has 512 tokens unless Options.BlockSize is set. A row has an id for each block
// that begins within input_length; the one for a partial tail may be missing. The id of a
// partial tail is dropped, since servers reuse complete blocks. With Options.KeepTail it
// becomes the last chunk, whose tokens beyond input_length don't count. More ids than
// blocks, or fewer than complete blocks, contradict the length: usually the block size
// is wrong.
//
// Id 46 is chunk hash "0x2e": lower-case hexadecimal without leading zeros.
//
// # Bailian
//
// The traces of Qwen models on Alibaba's Bailian
// (https://github.com/alibaba-edu/qwen-bailian-usagetraces-anon, ATC '25):
//
//	{"chat_id": 159, "parent_chat_id": 55, "timestamp": 61.114, "input_length": 521, "output_length": 132,
//	 "type": "text", "turn": 2, "hash_ids": [1089, 1090, …, 13148]}
//
// This format differs from Mooncake's in four ways: timestamp is in seconds; chat_id, a
// string or a number, becomes the request_id; parent_chat_id, the chat_id of the turn before, gives
// the session; and a block has 16 tokens, or N if the file's name has blksz_N, unless
// Options.BlockSize is set.
//
// The session_id is the chat_id at the root of the conversation, a row whose parent_chat_id is -1
// or missing. If a file begins in the middle of a conversation, its root there is the oldest turn
// that a row names. Memory follows the number of rows that have a parent.
//
// # Dynamo
//
// The request trace of NVIDIA Dynamo (ai-dynamo/dynamo, lib/llm/src/request_trace/types.rs at
// 0366e63, read on 2026-11-28), a row for each event, mostly wrapped by the file that it is written to:
//
//	{"timestamp": 900, "event":
//	 {"schema": "dynamo.request.trace.v1", "event_type": "request_end", "event_time_unix_ms": 1711929600900,
//	  "agent_context": {"session_id": "chat-1"},
//	  "request": {"request_id": "b8e1-1", "model": "Qwen/Qwen3-8B", "cached_tokens": 64, "request_received_ms": 1711929600000,
//	    "worker": {"prefill_worker_id": 7587, "prefill_dp_rank": 0, "decode_worker_id": 7590, "decode_dp_rank": 0},
//	    "replay": {"trace_block_size": 64, "input_length": 150, "input_sequence_hashes": [10321, 22, 33]}}}}
//
// A lookup is a request_end:
//
//	request_received_ms       the time of the lookup, in milliseconds
//	trace_block_size          tokens in a block, > 0
//	input_length              tokens in the prompt, an integer ≥ 0
//	input_sequence_hashes     integers from 0 to 2⁶⁴−1, one for each block; that of a partial tail
//	                          may be missing, and is dropped as in Mooncake
//	cached_tokens             becomes Entry.CachedTokens; may be missing
//	worker                    becomes Entry.Source; may be missing
//	request_id, session_id    strings or numbers; may be missing
//
// The source is worker-ID, or worker-ID-dpRANK if there is a rank, of the worker that prefilled the
// request or, where none is named, of the one that decoded it. Ranks have caches of their own. Behind
// Dynamo's KV router cached_tokens may be what its index expected at the choice of the worker instead
// of what the worker found.
//
// Rows are written when requests end, so they are out of order by the time that these take.
// The events tool_start, tool_end, tool_error and request_payload hold no lookup. Other events are bad
// records, and so are rows that were recorded without "replay". Options.BlockSize must be that of the
// rows.
//
// Every other schema that begins with "dynamo." is refused by name ([log.RefusedError]): another
// version may mean something else by the same fields.
//
// # Weka
//
// The agentic conversations that Weka's kv-cache-tester replays and AgentX publishes
// (https://github.com/callanjfox/kv-cache-tester, docs/trace_replay_tester.md at 94f6046; also
// ai-dynamo/dynamo, lib/data-gen/src/weka.rs at 2fa50e0; read on 2026-11-28). A line is a whole
// conversation:
//
//	{"id": "trace_0001", "models": ["claude-opus-4-5"], "block_size": 64, "hash_id_scope": "local",
//	 "requests": [{"t": 0.0, "type": "n", "model": "claude-opus-4-5", "in": 200, "out": 169, "hash_ids": [1, 2, 3]},
//	   {"t": 5.0, "type": "subagent", "agent_id": "agent_001", "requests": [{"t": 0.0, "type": "n", …}]},
//	   {"t": 12.0, "type": "s", …}]}
//
//	t         seconds since the beginning of the conversation
//	in        tokens in the prompt, an integer ≥ 0
//	hash_ids  integers from 0 to 2⁶⁴−1, one for each complete block; there may be fewer, and the
//	          rest of the prompt has no hash then, or one more, which is dropped
//
// Ids live within a conversation, so its id becomes the cache_salt of its requests, unless
// hash_id_scope is "global". It is their session_id, too. A subagent shares the ids, but has a session of
// its own, ID/AGENT. Its requests count their times from its own beginning if the first is earlier than
// that, else from that of the conversation. The request_id is ID:N, N counting requests from 0 in the
// order of the line.
//
// # KV events
//
// The events that vLLM, SGLang and Dynamo publish when blocks are stored and removed are refused
// ([log.RefusedError]), as JSON and as msgpack. A request that hits all its blocks leaves no event, so
// the events of a perfect cache look like those of no traffic.
//
// # Recognition
//
// The first record of a log decides. It is a trace if it is a JSON object that has
// hash_ids, input_length or input_tokens, and no chunk_hashes: Bailian with a chat_id,
// else Mooncake; or Dynamo with a schema of its own. The formats below are never guessed.
//
// # Tokens
//
// The input of a server or the output of a tokenizer:
//
//	{"timestamp": 1711929600.25, "request_id": "req-abc", "token_ids": [128000, 882, 271, …]}
//
//	timestamp   seconds; may be missing
//	request_id  a string or a number; may be missing
//	session_id  likewise
//	cache_salt  likewise
//	token_ids   integers from 0 to 2⁶⁴−1
//
// Chunks of Options.ChunkSize tokens, 256 by default, are hashed with SHA-256, chained:
// hash i is SHA-256(hash i−1 ‖ the chunk's ids as 8 bytes each, little-endian), with all
// 32 bytes of hash i−1, and nothing before the first. The chunk hash is "0x" and the first
// 16 bytes in lower-case hexadecimal. A partial tail has no hash.
//
// If no row of the only file has a timestamp, rows follow each other a second apart, from
// 0 on. A file must not mix rows with and without timestamps: those unlike the first are
// bad records.
//
// # CSV
//
// General cache traces: comma-separated values (RFC 4180, but a field can't continue on
// the next line). The first row has the names of the columns, in any case:
//
//	time,key,size,request
//	1711929600.25,/img/a.png,4096,r1
//
//	time, or timestamp        seconds
//	key                       the object looked up: any text; becomes the chunk hash
//	size                      bytes, an integer > 0; may be missing, or empty where unknown
//	request, or request_id    consecutive rows with the same text form one request, in
//	                          their order and at the time of the first
//
// Other columns are ignored. Without a request column, or with an empty cell in it, each
// row is a request of its own. A key is a chunk of one token, so the token hit rate is the
// share of keys that hit as prefixes, and the chunk hit rate is what general cache
// simulators report. A size becomes dtype "uint8" and shape [size]. All chunks of a record
// have one size, so a request with different sizes is a bad record, located at the first
// row that differs. So is a request with more than [MaxKeys] keys or [MaxKeyBytes].
package foreign
