// Package line converts between one line of a log and one record. It does no I/O and knows
// nothing of files; package log documents the format.
//
// A [Decoder] tries three ways, the fastest first, and each accepts only lines for which it
// returns what the last one would:
//
//	canonical.go  the canonical line, byte for byte; stride.go hashes its chunk hashes in bulk
//	simple.go     JSON in any spelling, as long as strings and lists hold nothing unusual
//	general.go    any JSON object, through a JSON decoder; it also words all errors
//
// All three fill [Fields], which check validates. append.go writes canonical lines.
package line
