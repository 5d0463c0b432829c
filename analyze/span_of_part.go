package analyze

import (
	"cmp"
	"encoding/binary"
	"encoding/hex"
	"math"
	"slices"

	"github.com/zeebo/xxh3"
)

// newSpan returns the span of a summary that has just replayed its logs.
func (s *Summary) newSpan() Span {
	in := &s.replay.sums.input.sum
	span := Span{Since: s.opts.Since, Until: s.opts.Until, Requests: in.Requests, First: in.FirstTimestamp, Last: in.LastTimestamp}
	if s.opts.Since != nil && !span.Empty() {
		span.First = max(span.First, *s.opts.Since) // a late record may be before
	}
	for _, l := range s.read.behind.Logs {
		if l.Read {
			span.Logs = append(span.Logs, LogSpan{l.Name, l.GoesOn, l.Before, l.At, l.Earlier})
		}
	}
	slices.SortFunc(span.Logs, func(a, b LogSpan) int { return cmp.Compare(a.Name, b.Name) })
	if !span.Empty() {
		span.Parts = []string{s.fingerprint()}
	}
	return span
}

// fingerprintKeys is how many keys of chunks a fingerprint is made of, at most.
const fingerprintKeys = 1 << 10

// fingerprint returns a text that is another one for any other part of a log, but for a chance of 1 to 2^64: a hash of its times, its counts
// and its first chunks.
func (s *Summary) fingerprint() string {
	in := &s.replay.sums.input.sum
	h := xxh3.New()
	add := func(n uint64) {
		var b [8]byte
		binary.LittleEndian.PutUint64(b[:], n)
		h.Write(b[:])
	}
	add(math.Float64bits(in.FirstTimestamp))
	add(math.Float64bits(in.LastTimestamp))
	for _, n := range []int64{in.Requests, in.TotalTokens, in.CacheableTokens, in.ChunkLookups, int64(s.replay.index.Len())} {
		add(uint64(n))
	}
	for id := range min(fingerprintKeys, s.replay.index.Len()) {
		add(s.replay.index.Key(uint32(id)))
	}
	var sum [8]byte
	binary.BigEndian.PutUint64(sum[:], h.Sum64())
	return hex.EncodeToString(sum[:])
}
