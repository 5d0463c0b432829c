// Package writer logs lookups from inside a server: rotating lookup-hash logs,
// written behind the server's back, without slowing or blocking a lookup.
//
//	w, err := writer.New(writer.Options{Dir: "/var/log/kv"})
//	…
//	if w.Enabled() {
//		w.Record(writer.Lookup{…})
//	}
//	…
//	err = w.Close(ctx)
//
// # What it promises
//
// A nil *Writer, and one without a folder, is valid and does nothing.
//
// [Writer.Record] copies the lookup into memory that was set aside before and
// returns. It formats nothing, allocates nothing, and waits for nothing but the
// short moment in which another caller takes its place in the queue. One goroutine
// formats and writes, another looks after the folder. The queue is bounded in bytes
// and in records; when it is full, the newest lookup is dropped.
//
// # What may be lost, when, and how one sees it
//
// The account balances at any moment:
//
//	recorded = written + dropped + queued
//
// Each call of Record, RecordWait or WriteLine on an open writer is recorded, but for
// a WriteLine that refuses its line, and ends as written, which means given to the
// operating system, or as dropped. Nothing is queued after Close.
//
//   - A lookup is dropped when the queue is full, or if it is not fit to be logged
//     (a timestamp that is no number, no chunk size, an unknown dtype). The next
//     record accepted after a loss carries `"dropped": N` as its last field, and
//     `hashlog inspect` adds these up. Losses that no record tells of stand in
//     Stats and in Close's error, a *[LossError].
//   - What Close cannot write before its context ends is dropped and stands in its
//     error. A write that hangs in the operating system may yet succeed after that.
//   - A killed process loses what is queued or not yet flushed, a
//     [Options.FlushInterval] at most if the disk keeps up. On disk are whole lines and at most
//     one torn last line.
//   - A crashed machine loses what the operating system had not stored; with
//     [Options.Sync] that concerns the last segment alone.
//   - If the folder is removed while a segment is being written, what that segment
//     holds is gone with it, and so is what is written before the writer notices: it
//     looks once in a FlushInterval.
//   - If somebody empties the live segment (as logrotate's copytruncate does, which
//     nobody needs here), what it held is gone, and writing goes on at its beginning.
//     If it is cut elsewhere, or appended to, writing goes on in a fresh one. Either is
//     a fault that is told of.
//   - What retention deletes has been written, and counts as written. Stats say beside
//     that how many segments went, and how many records of this writer with them:
//     deleted_files, deleted_bytes, deleted_records.
//
// # Files
//
// Segments are called lookup_hashes_YYYYMMDD_HHMMSS_NNNNNN.jsonl, in UTC, and
// hold canonical lines (see package log). Names rise within a writer and lie above
// all that are in the folder when it begins, even if the clock steps back, and no
// name is used twice; so they sort in the order in which they were begun. A
// segment is opened with its first record, exclusively, and closed after a time or
// before a size; no record is split over two. Nothing is ever appended to an
// earlier one.
//
// Several writers may share a folder. Each holds an advisory lock on its live
// segment and on what it compresses, and leaves those of others alone. Retention
// removes the oldest segments, and only files whose names match the pattern, alone
// or with .gz or .zst; it keeps [Options.MaxFiles] and [Options.MaxBytes], and of the
// two the one that is given lifts the default of the other. The locks are those of flock. Windows has none, but keeps open
// files from being removed; on Solaris, AIX and file systems without locks, writers
// need folders of their own.
//
// A finished segment is compressed into a temporary file (.gz.tmp, .zst.tmp), which
// is stored on disk and renamed before the segment is removed. So a crash leaves at
// least one whole copy, and the next start removes what lies half done. A segment
// that cannot be compressed, or whose writer is killed, stays as it is.
//
// # Faults
//
// When a write fails (a full disk, an I/O error, a folder that has gone or can't
// be written), what is queued stays queued, is tried again at growing intervals,
// and is dropped only as the queue overflows. The half line that a failed write may
// leave is cut off where that is possible, and writing goes on in a fresh segment
// with the first line that was not wholly written: no record twice, and no half
// line with another glued to it. A half line that cannot be cut off ends its segment,
// where readers know it as torn. Each kind of fault, which is what was being done and
// the system's reason, is reported to [Options.OnError] once a minute. The package
// never panics, exits or prints.
package writer
