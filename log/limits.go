package log

import (
	"hashlog/log/internal/line"
	"hashlog/log/internal/source"
)

const (
	// MaxLine, 256 MiB, is the length of the longest line that is read, newline excluded. A
	// longer one is a bad record.
	MaxLine = source.MaxLine

	// MaxTimestamp, 10¹² seconds (some 31,700 years), is how far before or after the Unix epoch
	// the timestamp of a record may lie. One beyond it comes from a broken clock or is in
	// another unit.
	MaxTimestamp = line.MaxTimestamp

	// MaxModelName, 64 KiB, is the length in bytes of the longest model name and of the longest
	// source, in UTF-8 and without escapes.
	MaxModelName = line.MaxModelName
)

// CheckTimestamp returns an error unless seconds, since the Unix epoch, is finite and within
// [MaxTimestamp]. field names the value in the error.
func CheckTimestamp(field string, seconds float64) error { return line.CheckTimestamp(field, seconds) }

// CheckModelName returns an error if name is longer than [MaxModelName]. Each byte of invalid
// UTF-8 counts as the three bytes of U+FFFD, which is written for it.
func CheckModelName[S string | []byte](name S) error { return line.CheckModelName(name) }

// CheckSource is CheckModelName for a source.
func CheckSource[S string | []byte](source S) error { return line.CheckSource(source) }

// DTypeBytes returns the bytes of one element of a dtype, with or without the prefix "torch.",
// or 0 if the dtype is unknown.
func DTypeBytes(dtype string) int64 { return line.DTypeBytes(dtype) }

// Fingerprint returns the 64 bits that stand for the text of a chunk hash in Entry.Hashes.
func Fingerprint(hash []byte) uint64 { return line.Fingerprint(hash) }

// FingerprintSalt returns the 64 bits that stand for a cache salt, 0 for none.
func FingerprintSalt(salt []byte) uint64 { return line.FingerprintSalt(salt) }

// FreeDescriptors returns how many more files this process may open (ulimit -n), at most most.
// Where the system sets no limit, that is most.
func FreeDescriptors(most int) int { return source.FreeDescriptors(most) }
