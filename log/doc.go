// Package log is a lookup on disk: the format of lookup-hash logs, encoding and
// decoding one record, finding the logs that a person means, and reading them
// all in order of time.
//
// # The record
//
// A log holds one JSON object a line, in UTF-8:
//
//	{"timestamp": 1711929600.123, "request_id": "req-abc", "model_name": "DeepSeek-V3", "chunk_size": 256,
//	 "seq_len": 1024, "dtypes": ["torch.bfloat16"], "shapes": [[32, 256, 128]], "chunk_hashes": ["0xab…", "0x12…"]}
//
// (on one line). Its fields are
//
//	timestamp     seconds since the Unix epoch, fractional, ±[MaxTimestamp] at most
//	request_id    a string, possibly empty; may be missing
//	model_name    a string of [MaxModelName] bytes at most, possibly empty; may be missing
//	chunk_size    tokens in a full chunk, an integer > 0
//	seq_len       tokens in the request, tail included, an integer ≥ 0
//	dtypes        one entry per tensor that a chunk stores; may be missing
//	shapes        one list of dimensions per tensor, integers > 0; may be missing
//	chunk_hashes  hashes of the complete chunks in prefix order: opaque strings
//
// A full chunk stores Σ product(shape) × bytes(dtype) bytes. A shape [] is a
// scalar, one element. With dtypes and shapes both missing or both empty the
// size is unknown, which a size of 0 stands for. The sizes of dtypes, with or
// without "torch." in front: float64, int64, uint64 are 8 bytes; float32,
// int32, uint32 are 4; float16, bfloat16, int16, uint16 are 2; int8, uint8,
// bool and every name that starts with float8 are 1.
//
// A writer that lost records says so in the next one: "dropped", a count, behind
// the eight fields. Other readers ignore it, as they do all unknown fields.
//
// The canonical line is what Python's json.dumps prints for a dictionary of
// these eight fields in this order, and a newline: ", " and ": " between, all
// but printable ASCII escaped, floats in shortest form. [AppendRecord] writes
// it, and the fast decoder is made for it. Any other JSON object is read too:
// fields in any order, any spacing, unknown fields. One that holds nothing
// unusual takes little longer; the general decoder takes the rest.
// Names are case-sensitive, the last of duplicate names wins, null means
// missing. Numbers called integers above have neither fraction nor exponent and
// fit into an int64. Whatever a faster decoder accepts, the general one accepts
// with the same result.
//
// A line that is no such object is a bad record: it is skipped, counted and
// located. So is invalid UTF-8, a lone surrogate (\ud800), a missing or mistyped field, a timestamp
// beyond ±[MaxTimestamp], a model name longer than [MaxModelName], an unknown dtype,
// dtypes and shapes of unequal length, a size beyond an int64, and a line
// longer than [MaxLine]. Empty lines are ignored and CRLF is accepted.
//
// # Damage
//
// A last line without a newline is a record if it can be parsed, and a bad one if
// it is JSON all the same. Else it is torn, which a live log may be at any time, as may one after a crash (NUL
// bytes): it is counted, but it is neither a bad record nor fatal.
//
// Compression, gzip or zstd, is found by its magic bytes; members and frames
// may follow each other. Data that ends early or is corrupt is damage: what was
// decoded before it counts, and the place is reported. An error of the file
// itself is not damage; it ends the reading.
//
// A log without a line, or of blank ones only, is empty, as a new one is. That is counted apart, and
// neither bad nor damaged; but of compressed data, no byte at all is too few.
//
// # Logs that change
//
// A log is read as far as it went when the first pass came to it, in every pass, so what
// its writer appends meanwhile is left out and a busy writer is not chased. What else becomes
// of a log between being found and being read to its end is met like this:
//
//   - A plain log that is compressed is read compressed. If that happens in the middle of
//     it, and its descriptor has been closed, what has been read is skipped. What is
//     compared is the length and the first 512 bytes.
//   - A log that has gone for good, or whose compressed form is not what it was, is damage:
//     what was read counts, and the rest is left out. So is one that goes from a folder
//     between this being listed and its logs being opened. A file that is named, and not
//     there to be found, is an error.
//   - A log that is shorter than when it was found, or than in an earlier pass, or that ends
//     early while it is read, is damage.
//   - A log that is cut short and has grown again beyond the place that was being read looks
//     whole. But its first 512 bytes are others then, as records begin with their times; they
//     are compared at the end of every pass, and that is damage. It is not noticed if the
//     first bytes are the same, nor if it happened before anything was read: then the log
//     is what it has become. What stands in between is not compared with what it was.
//   - That another file has taken the name of a log is an error, which ends the reading.
//
// # Which logs
//
// [Find] takes files of any name, folders (their lookup_hashes_*.jsonl, with
// .gz or .zst behind or not; not their subfolders), - for standard input, and
// FIFOs. A folder without logs is noted if there are others. One log read twice silently inflates every hit rate, so the same file
// by two ways is read once. And x.jsonl beside x.jsonl.zst, left by a writer
// that died between compressing and deleting, is one segment, read from
// whichever is whole: if the compressed one is damaged, from the one that
// yields more bytes; if the plain one equals or extends it, from the plain one;
// else from the compressed one.
//
// Options.Formats adds other formats of logs. The first line that one of them knows, or
// that is a record as above, says for good what a log is; lines before it are bad
// records. What a log was taken for stands in Stats.Foreign. Package log/foreign has the
// formats of published traces.
//
// # In which order
//
// A [Reader] yields records in order of timestamp; equal timestamps in order of
// arguments, then of names within a folder (without the compression suffix),
// then of lines. Logs are merged, not loaded: a file's earliest timestamp is
// peeked from its first [Window] records, and it opens when the merge has reached
// that, or will soon. Within a file a window of as many records puts late ones right. A record
// that comes later than this is yielded where it arrives, counted as late and
// located. So the order equals a stable sort of everything unless a record is
// reported late.
//
// Options.Until ends the reading where the merge has come to that time: what lies behind is
// not read, and what is wrong with it not found.
//
// Any number of files can be merged: beyond Options.MaxOpen, or what the process may have,
// descriptors are closed and opened again. Files are decoded ahead of the merge, several at once, as
// far as a bounded amount of memory allows. Beside that, memory follows the windows of
// the files whose times overlap.
//
// # Fingerprints
//
// A replay compares hashes only for equality, so a [Reader] yields 64-bit
// fingerprints of their text. Among n different hashes two share a fingerprint
// with a chance of about n²/2⁶⁵: 3 % at 10⁹, and then only requests that hold
// either of the two are touched by it.
package log
