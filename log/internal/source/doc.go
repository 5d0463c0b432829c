// Package source turns the logs that package log has found into lines. It knows nothing of
// records.
//
//	log.go         Log: a log as it was found
//	input.go       Opener and Input: an open log, bytes in and lines out
//	raw.go         the bytes of a log, and the errors of the file itself
//	decompress.go  gzip and zstd, by their magic bytes
//	lines.go       splitting into lines
//	file.go        regular files, which may grow, be compressed or disappear meanwhile:
//	               extent.go (the part that all passes read), successor.go (the compressed form
//	               that replaces a file), lost.go (the errors), pool.go (few descriptors)
//	backwards.go   plain files, from the last line back
//	object.go      objects in a store
//	stream.go      standard input and FIFOs, which may block
package source
