// Package writer logs lookups from inside a server, to rotating lookup-hash logs. It never
// slows down a lookup: writing happens in the background.
//
// # How to use it
//
//  1. Make one [Writer] when the server starts, with [New]. Only [Options.Dir] is needed.
//     Without it the writer is disabled, and so is a nil *Writer: all methods are valid
//     and do nothing, so a server needs no second code path.
//  2. Call [Writer.Record] for each lookup, from any goroutine. If [Writer.Enabled] is
//     false there is no need to put the [Lookup] together. The caller may reuse all memory
//     of the Lookup as soon as Record returns, and may ignore the error, since losses are
//     counted.
//  3. Close the writer when the server stops, with [Writer.Close] and a context that says
//     how long the last lookups have to reach the disk.
//
// That is all for a server:
//
//	w, err := writer.New(writer.Options{Dir: "/var/log/kv"})
//	…
//	if w.Enabled() {
//		w.Record(writer.Lookup{RequestID: id, ModelName: model, ChunkSize: 256, SeqLen: tokens, Hashes: hashes})
//	}
//	…
//	err = w.Close(ctx)
//
// Programs that would rather wait than lose a record, such as converters, call
// [Writer.RecordWait], or [Writer.WriteLine] for records that are lines already.
// [Writer.Flush] confirms that everything recorded so far has been written.
//
// The options that matter:
//
//   - [Options.MaxBytes] or [Options.MaxFiles] bound the folder. By default it keeps 100
//     segments.
//   - [Options.Compress] compresses finished segments; Zstd is a good choice.
//   - [Options.QueueBytes] bounds memory, and how long the disk may stall before lookups
//     are dropped.
//   - [Options.OnError] is told of faults, for the server's own log.
//
// What to monitor in [Writer.Stats], which subpackage prometheus exports:
//
//   - Dropped rises: the disk is too slow or failing, or lookups are invalid.
//   - Errors rises: something fails, and OnError is told what.
//   - Queued stays high: the queue is about to overflow.
//   - DeletedRecords: what the limits on the folder have cost.
//
// # Guarantees
//
// [Writer.Record] copies the lookup into memory that was allocated before, and returns. It
// formats nothing, allocates nothing, and waits for nothing but the moment in which another
// caller takes its place in the queue. One goroutine formats and writes, another looks
// after the folder. The queue is bounded in bytes and in records. When it is full, new
// lookups are dropped. The package never panics, exits or prints.
//
// The account balances at any moment:
//
//	recorded = written + dropped + queued
//
// Each call of Record, RecordWait or WriteLine on an open writer counts as recorded, except
// a WriteLine that refuses its line. It ends as written, which means given to the operating
// system, or as dropped. Nothing is queued after Close.
//
// # What may be lost, and how it shows
//
//   - A lookup is dropped if the queue is full, or if it is invalid: a timestamp that is
//     not a number, no chunk size, an unknown dtype. The next record that is accepted
//     carries `"dropped": N` as its last field, and `hashlog inspect` adds these up. Losses
//     that no record reports are in Stats and in Close's error, a *[LossError].
//   - What Close cannot write before its context ends is dropped, and is in its error. A
//     write that hangs in the operating system may still succeed after that.
//   - A killed process loses what is queued or not yet flushed: at most the last
//     [Options.FlushInterval], if the disk keeps up. On disk are whole lines, and at most
//     one torn last line.
//   - A crashed machine loses what the operating system had not stored. With
//     [Options.Sync] that affects the last segment only.
//   - If the folder is removed while a segment is written, the contents of that segment are
//     lost, and so is what is written until the writer notices. It checks once every
//     FlushInterval.
//   - If somebody empties the live segment, as logrotate's copytruncate does (which is not
//     needed here), its contents are lost, and writing goes on at its beginning. If
//     somebody cuts it elsewhere or appends to it, writing goes on in a fresh one. Both are
//     reported as faults.
//   - Records that retention deletes have been written, and stay counted as written. Stats
//     also counts the segments that were deleted, their bytes, and the records of this
//     writer in them.
//
// # Files
//
// Segments are called lookup_hashes_YYYYMMDD_HHMMSS_NNNNNN.jsonl, in UTC, and hold
// canonical lines (see package log). Names rise: each lies above all that are in the folder
// when the writer starts and above those that it has used, even if the clock steps back. So
// segments sort in the order in which they were begun, and no name is used twice. A segment
// is created, exclusively, for its first record. It is closed after a time or before a
// size. No record is split over two segments, and no earlier segment is ever appended to.
//
// Several writers may share a folder. Each holds an advisory lock (flock) on its live
// segment and on what it compresses, and leaves those of others alone. Windows has no such
// locks, but keeps open files from being removed. On Solaris, on AIX and on file systems
// without locks, writers need folders of their own.
//
// Retention deletes the oldest segments, compressed or not, until [Options.MaxFiles] and
// [Options.MaxBytes] hold. It touches no file whose name is not of the form above. If only
// MaxBytes is set, there is no limit on the number of files.
//
// A finished segment is compressed into a temporary file (.gz.tmp, .zst.tmp), which is
// stored on disk and renamed before the segment is removed. So a crash leaves at least one
// whole copy, and the next start removes what is incomplete. A segment that cannot be
// compressed, or whose writer is killed, stays as it is.
//
// # Faults
//
// When a write fails (a full disk, an I/O error, a folder that has gone or cannot be
// written), queued lookups stay queued and are tried again at growing intervals. They are
// dropped only when the queue overflows. The half line that a failed write may leave is cut
// off if possible, and writing goes on in a fresh segment with the first line that was not
// completely written: no record is written twice, and no line is glued to half a line. A
// half line that cannot be cut off ends its segment, where readers recognise it as torn.
//
// Each kind of fault, which means the operation and the system's error, is reported to
// [Options.OnError] at most once a minute.
package writer
