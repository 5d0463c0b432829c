// Package rows writes the rows of a replay, one for each request, as CSV or Parquet.
//
// [New] makes a [Writer] for a [Format]. Its Add is the OnRow of [analyze.Options]. Its Write encodes the rows in a goroutine
// of its own, beside the replay, and in memory that does not grow with their number.
//
// # Columns
//
//	timestamp             seconds since the Unix epoch
//	request_id            text
//	model_name            text
//	source                the argument of log.Find that led to the record
//	seq_len               tokens in the request
//	chunks                hashes in the request
//	turn                  how far into a conversation, from 0
//	tail_tokens           tokens that no hash covers
//	cold_tokens           tokens of chunks that were never stored before the request, unless they were not admitted
//	hit_tokens@CAPACITY   hit tokens at a listed capacity, for each of them
//	demand                hit tokens at every capacity, as steps
//	node                  the node of a fleet that the request was dealt to, if [Columns] has it; cold tokens, hit tokens and demand
//	                      are those on that node
//
// # Demand
//
// A step has a capacity c, tokens t and a number n. With n = 1 it means: from capacity c on, the request hits t tokens. Steps
// rise in capacity and in tokens. Below the first, and where there is none, the request hits nothing.
//
// A step with n > 1 stands for n steps, the first of which is at c and has t tokens. Each is one chunk deeper than the one
// before, and adds one whole chunk of tokens. The last chunk of a request may be covered in part only; it is then a step of
// its own. Let t′ and n′ be those of the step before, or 0 and 1 if there is none. Its own n′ steps end with t′ + (n′ − 1) × e
// tokens, where e are the tokens of a chunk, and t is e more than that. So e = (t − t′) / n′, and the hit tokens at a capacity
// C are those of the last step with c ≤ C:
//
//	t + min(n − 1, ⌊(C − c) / size of a chunk⌋) × (t − t′) / n′
//
// In chunks, the size of a chunk is 1.
//
// In Parquet, demand is a list of structures with c in chunks (capacity_chunks) and in bytes (capacity_bytes; null once the
// size of a chunk is unknown), t (hit_tokens) and n (stairs). Where n > 1, all chunks up to that request have one size, which
// is capacity_bytes / capacity_chunks. Where chunks differ in size, n is always 1.
//
// In CSV, demand is a cell of steps c:t or c:t*n, separated by spaces. All c of a file have one unit, which [Summary] names:
// chunks, or bytes if chunks differ in size. In bytes, all steps are single ones, c:t. Until sizes begin to differ, rows are
// written in chunks. Then what has been written is written anew, once ([Output]). If a size turns out to be unknown after
// that, neither unit describes all rows, and Add fails with an [*UnitError].
//
// # Text in CSV
//
// Cells are quoted as in RFC 4180. A spreadsheet would run a cell as a formula that begins with one of = + - @, a tab or a
// carriage return; a lone - is none. Such a cell of text gets a ' in front, and so does one that begins with ' itself. To get a
// text back, take away one ' from its beginning. Parquet holds all text as it is.
package rows
