// Package foreign reads traces in other formats as lookups: request traces with block
// hashes published for load generators, token ids, and general cache traces.
//
// To read traces in a format with one record per line, pass [Options.Formats] to a
// [log.Reader]:
//
//	files, err := log.Find(ctx, []string{"trace.jsonl"}, nil)
//	reader, err := files.Open(ctx, log.Options{Formats: foreign.Options{}.Formats()})
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
// milliseconds. Where a row has both names, both values must agree. A row that has a
// "delay" since the turn before instead of a time is a bad record: the trace doesn't
// record when that turn ended.
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
// # Recognition
//
// The first record of a log decides. It is a trace if it is a JSON object that has
// hash_ids, input_length or input_tokens, and no chunk_hashes: Bailian with a chat_id,
// else Mooncake. The formats below are never guessed.
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
