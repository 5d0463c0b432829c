// Package log reads and writes lookup-hash logs, in which a server that caches KV tensors
// records, for every lookup, the hashes of a request's token chunks. It finds logs in files and
// folders, merges their records in order of time, and encodes and decodes single records.
//
// # Reading logs
//
//  1. [Find] finds the logs: files, folders, objects, or "-" for standard input.
//  2. [Files.Open] begins a pass over them. Compressed logs are decompressed and all logs are
//     merged.
//  3. [Reader.Scan] advances to the next record in order of time, until it returns false.
//     [Reader.Err] then returns the error that ended the reading, or nil.
//  4. [Reader.Entry] is the record. [Entry.AppendKeys] returns the cache keys of its chunks, and
//     [Reader.Take] moves the record out of the Reader, which otherwise reuses its memory.
//  5. [Reader.Stats] counts records and everything that was wrong with the logs. A bad line ends
//     the reading only if Options.Strict.
//
// In short, without the handling of errors:
//
//	files, _ := log.Find(ctx, []string{"/var/log/lmcache"}, nil)
//	reader, _ := files.Open(ctx, log.Options{})
//	defer reader.Close()
//	for reader.Scan() {
//		entry := reader.Entry()
//		keys = entry.AppendKeys(keys[:0])
//		…
//	}
//
// [LineDecoder] decodes a line that was read by other means to an [Entry], and [Decode] to a
// [Record]. [AppendRecord] writes a record; [AppendHead] and its companions write one piece by
// piece. [Texts] and [Lines] read logs as text. A [Format] adds other formats of logs.
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
//	timestamp     seconds since the Unix epoch, fractional, ±MaxTimestamp at most
//	request_id    a string, possibly empty; may be missing
//	model_name    a string of MaxModelName bytes at most, possibly empty; may be missing
//	chunk_size    tokens in a full chunk, an integer > 0
//	seq_len       tokens in the request, tail included, an integer ≥ 0
//	dtypes        one entry per tensor that a chunk stores; may be missing
//	shapes        one list of dimensions per tensor, integers > 0; may be missing
//	chunk_hashes  hashes of the complete chunks in prefix order: opaque strings
//
// Four more may follow them:
//
//	session_id     the conversation that the request belongs to, a string
//	cache_salt     a string that is part of the key of each chunk: requests with unlike salts
//	               share no chunk
//	source         the server that answered, a string of MaxModelName bytes at most
//	cached_tokens  the tokens that it found in its cache, an integer from 0 to seq_len
//
// An empty string is as one that is missing, and is not written. Without cached_tokens nothing was
// measured; 0 is a measurement.
//
// A full chunk stores Σ product(shape) × bytes(dtype) bytes. A shape [] is a scalar, one
// element. If dtypes and shapes are both missing or both empty, the size is unknown, which is
// reported as 0. The sizes of dtypes, with or without "torch." in front: float64, int64 and
// uint64 have 8 bytes; float32, int32 and uint32 have 4; float16, bfloat16, int16 and uint16
// have 2; int8, uint8, bool and every name that starts with float8 have 1.
//
// A writer that lost records says so in the next one, in a last field "dropped" with their
// number. Other readers ignore it, as they ignore all unknown fields.
//
// The canonical line is what Python's json.dumps prints for a dictionary of the eight fields in
// this order, then those of the four more that are set, and a newline: ", " and ": " as
// separators, everything but printable ASCII escaped, floats in shortest form. AppendRecord
// writes it, and it is decoded fastest. Any other JSON object is read too: fields in any order,
// any spacing, unknown fields. Names are case-sensitive, the last of duplicate names wins, null
// means missing. The integers above have neither fraction nor exponent and fit into an int64.
//
// Any other line is a bad record. It is skipped, counted and located. A JSON object is a bad
// record, too, if it has invalid UTF-8, a lone surrogate (\ud800), a missing or mistyped field, a
// timestamp beyond ±MaxTimestamp, a model name or source longer than [MaxModelName], an unknown dtype,
// dtypes and shapes of unequal length, or a size beyond an int64, or if the line is longer than
// [MaxLine]. Blank lines are ignored and CRLF is accepted.
//
// # Fingerprints and keys
//
// A replay compares hashes only for equality, so a Reader yields 64-bit fingerprints of their
// text. Among n different hashes two share a fingerprint with probability about n²/2⁶⁵, which is
// 3 % at 10⁹ hashes, and a collision affects only requests that hold either hash.
//
// The fingerprints in Entry.Hashes are not cache keys: the same hash of two models, or with two
// salts, stands for two chunks. AppendKeys returns keys of model, salt and hash.
//
// # Which logs
//
// Find accepts files of any name, folders (their lookup_hashes_*.jsonl, *.jsonl.gz and
// *.jsonl.zst, without subfolders), "-" for standard input, and FIFOs. Compression is recognised
// by its magic bytes. If there are other logs, a folder without logs is only noted
// ([Files.Notes]).
//
// A name that begins with s3:// is that of an object, or else of a folder, in an object store
// (package [hashlog/log/s3]). In its key, *, ? and [ match within a name as in [path.Match], and
// each match counts as an argument of its own.
//
// A log that is read twice silently inflates every hit rate. So a file that is named in two ways
// is read once. If x.jsonl exists beside x.jsonl.zst, a writer died between compressing and
// deleting, and the two are one log. It is read from the compressed copy, except that
//
//   - if the compressed copy is damaged, it is read from the one that yields more bytes;
//   - if the plain copy begins with everything that the compressed one holds, it is read from the
//     plain one.
//
// Options.Formats adds formats. The first line that a format recognises, or that is a record as
// above, decides for the whole log; the lines before it are bad records. Stats.Foreign says what
// was read in other formats. Package foreign has those of published traces.
//
// # In which order
//
// A Reader yields records in order of timestamp. Records with equal timestamps come in the order
// of the arguments of Find, then of file names within a folder (without the suffix of
// compression), then of lines. Within a file, a window of [Window] records puts late ones in
// order. A record that comes later than that is yielded when it is reached, counted as late and
// located. So the order is that of a stable sort of all records unless Stats reports late ones.
//
// Logs are merged, not loaded. A file opens shortly before the merge reaches its first timestamp,
// which a look at its first Window records finds in advance. Several files are decoded ahead of
// the merge at once, within a bounded amount of memory. Any number of files can be merged: beyond
// Options.MaxOpen, or the limit of the process, descriptors are closed and opened again.
//
// Options.Since and Options.Until select a period. Records after it are not read. Records before
// it are read, checked and counted, but not yielded, unless their log ends before the period. Such
// a log is not read, so nothing that is wrong with it is found. It is known to end before the
// period if
//
//   - it has no more records than a window, and all are earlier;
//   - it is a plain file of this package's format, and its last Window records are earlier;
//   - it is one of the logs that package writer has written one after another, in a folder and with
//     numbers that follow each other, and the Window records behind it are earlier. The order of
//     such logs also tells which of them begin after the period. It tells nothing where the first
//     record of a log is before that of the log before, or the last one of a plain log in the
//     period.
//
// This is the period of records that a window puts in order: of later ones than that, one may be
// missed. All other logs that begin before the period are read.
//
// Options.Part divides the logs into such periods, so that passes over each of them count everything
// once.
//
// [Reader.Logs] says how much of each log a pass has read. [Reader.Behind] is what a later pass needs
// to continue where it has ended (Options.Behind), while the logs grow. [Files.Cuts] are times that
// divide logs into periods of about the same size.
//
// # Damage
//
// A last line without a newline is a record if it can be parsed, and a bad record if it is other
// JSON. Otherwise it is torn, as in a log that is being written or after a crash (NUL bytes).
// That is counted, but it is neither a bad record nor fatal.
//
// Members and frames of gzip and zstd may follow each other. Compressed data that ends early or
// is corrupt is damage: the records before it count, and the place is reported. An error of the
// file itself is not damage; it ends the reading.
//
// A log without lines, or with blank ones only, is empty, as a new log is. That is counted apart,
// and is neither bad nor damage. A compressed log of zero bytes, however, ends early.
//
// # Logs that change
//
// Every pass reads a log as far as it went when the first pass came to it. What its writer
// appends later is left out, and a busy writer is not chased. Passes may run at the same time.
// Otherwise a log that changes between Find and the end of a pass is treated like this:
//
//   - If a plain log is compressed, the rest of it is read from the compressed form. That form
//     must be at least as long and begin with the same 512 bytes; it is not compared further.
//   - If a log is deleted for good, or its compressed form differs, that is damage: the records
//     read before count, and the rest is left out. The same holds for a log that is deleted after
//     its folder was listed. If a file that is named does not exist, Find fails.
//   - If a log has become shorter since Find or an earlier pass, or while it is read, that is
//     damage.
//   - If a log is cut short and grows again beyond the place that has been read, it looks whole.
//     But its first 512 bytes differ then, since records begin with their times. They are compared
//     at the end of every pass, and a difference is damage. This is not noticed if the first bytes
//     are the same or nothing had been read before. The bytes in between are not compared.
//   - If another file takes the name of a log, that is an error, which ends the reading.
//   - If an object is removed or replaced, that is damage: the records read before count.
package log
