// Package foreign reads other people's traces as lookups: request traces with block
// hashes that were published for load generators, token ids, and general cache traces.
//
// [Options.Formats] gives the formats of which a file holds a record a line, for
// log.Options; [CSV] puts rows together to records; [Encoder] writes the first of
// these formats.
//
// # What they have in common
//
// A line is a JSON object, by the rules of package log: unknown fields are ignored,
// names are case-sensitive, the last of duplicate names wins, null means missing. A
// record gets a model name if the line has a "model" or "model_name", a string. No
// trace says what a chunk stores, so sizes in bytes are unknown: capacities are in
// chunks, or --model-config or --bytes-per-chunk gives the bytes.
//
// A line that lacks a field it needs, or whose fields contradict each other, is a bad
// record. So is one whose time, in seconds, lies beyond ±log.MaxTimestamp, or whose model
// name is longer than log.MaxModelName.
//
// # Mooncake
//
// The traces published with Mooncake (https://github.com/kvcache-ai/Mooncake, FAST '25),
// which load generators (AIPerf, Dynamo, SGLang) replay:
//
//	{"timestamp": 27482, "input_length": 6955, "output_length": 52, "hash_ids": [46, 47, …, 2353, 2354]}
//
//	timestamp     milliseconds, mostly since the first request; may have a fraction
//	input_length  tokens in the prompt, an integer ≥ 0
//	hash_ids      integers from 0 to 2⁶⁴−1, one for each block of the prompt in
//	              prefix order; equal ids stand for equal prefixes
//	request_id    a string or a number; may be missing
//
// output_length and everything else is ignored. Rows of NVIDIA Dynamo
// (https://docs.rs/dynamo-data-gen, struct MooncakeRow) are the same, where input_tokens
// may stand for input_length and created_time for timestamp, also in milliseconds; with
// both names in a row, both must say the same. A row of a session that has a "delay"
// after the turn before it in place of a time is a bad record: when that turn ends is
// not known.
//
// A block has 512 tokens unless --block-size says otherwise. A row has as many ids as
// blocks begin in input_length, or one less: none for the partial tail. The id of a partial tail is
// dropped, since servers reuse complete blocks; with --keep-tail it is kept as a chunk,
// the last, of which tokens beyond input_length don't count. More ids than blocks, and
// fewer than complete blocks, contradict the length: mostly the block size is wrong.
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
// The same, but for timestamp, which is in seconds, for chat_id, a string or a number,
// which becomes the request_id, and for a block of 16 tokens, or N if the file's name
// has blksz_N, unless --block-size says otherwise.
//
// # Which is which
//
// A log is one of these two if the first line that is any record is a JSON object without chunk_hashes that
// has hash_ids, input_length or input_tokens: Bailian with a chat_id, else Mooncake. The
// formats below are never guessed.
//
// # Tokens
//
// What a server or a tokenizer was given:
//
//	{"timestamp": 1711929600.25, "request_id": "req-abc", "token_ids": [128000, 882, 271, …]}
//
//	timestamp   seconds; may be missing
//	request_id  a string or a number; may be missing
//	token_ids   integers from 0 to 2⁶⁴−1
//
// Chunks of --chunk-size tokens, 256 by default, are hashed with SHA-256, chained: hash i
// is SHA-256(hash i−1 ‖ the chunk's ids as 8 bytes each, little-endian), all 32 bytes of
// hash i−1, nothing for the first. The chunk hash is "0x" and the first 16 bytes in
// lower-case hexadecimal. A partial tail has no hash.
//
// Where no row has a timestamp, rows follow each other a second apart, from 0 on, if the
// file is the only one. Rows with and without one in a file don't mix: those unlike the
// first are bad records.
//
// # CSV
//
// General cache traces: comma-separated values (RFC 4180, but a field does not go on in
// the next line), with the names of columns, in any case, in the first row:
//
//	time,key,size,request
//	1711929600.25,/img/a.png,4096,r1
//
//	time, or timestamp        seconds
//	key                       what is looked up: any text, becomes the chunk hash
//	size                      bytes, an integer > 0; may be missing, or empty where unknown
//	request, or request_id    rows that follow each other with the same text are one
//	                          request, in their order and at the time of the first
//
// Other columns are ignored. Without a request column, or with an empty cell in it, a row is a request. A key is a
// chunk of one token, so token hit rate is the share of keys that hit as prefixes, and
// chunk hit rate is what general cache simulators report. A size becomes dtype "uint8" and
// shape [size]. All chunks of a record have one size, so unlike sizes inside a request are
// a bad record, located at the first row that differs; so is a request of more than
// [MaxKeys] keys or [MaxKeyBytes].
package foreign
