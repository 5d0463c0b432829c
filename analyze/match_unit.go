package analyze

import (
	"errors"
	"fmt"
	"math"
	"strconv"
	"strings"

	"hashlog/analyze/units"
)

// MatchUnit is the unit in which a server takes prefixes from its cache. Models that mix attention with other layers match in blocks of many
// chunks. A hit prefix of k chunks then yields ⌊min(k × chunk_size, seq_len) / unit⌋ × unit tokens; the tokens beyond are missed although they
// are resident (MissTokens.Unaligned). What the cache stores and evicts doesn't depend on the unit. The zero value is none: every chunk
// counts, a partial one at the end of a request too.
type MatchUnit struct {
	N      int64 // above zero
	Tokens bool  // N counts tokens, and not chunks
}

// tokenSuffix is how a unit in tokens ends.
const tokenSuffix = "tokens"

// ParseMatchUnit parses a number of chunks (4, 4chunks) or of tokens (784tokens).
func ParseMatchUnit(s string) (MatchUnit, error) {
	digits, tokens := strings.CutSuffix(s, tokenSuffix)
	if !tokens {
		digits = strings.TrimSuffix(digits, "chunks")
	}
	n, err := strconv.ParseInt(digits, 10, 64)
	switch {
	case err != nil:
		return MatchUnit{}, fmt.Errorf("match unit %q: must be a number of chunks (4) or of tokens (784tokens)", s)
	case n < 1:
		return MatchUnit{}, errMatchUnit(s)
	}
	return MatchUnit{n, tokens}, nil
}

func errMatchUnit(s string) error {
	return fmt.Errorf("match unit %q: must be above zero, since prefixes are counted in multiples of it", s)
}

// check reports a unit out of range.
func (u MatchUnit) check() error {
	switch {
	case u == MatchUnit{}:
		return nil
	case u.N < 1:
		return errMatchUnit(u.String())
	}
	return nil
}

// String returns the unit as ParseMatchUnit reads it, "4chunks" or "784tokens"; "" if it is none.
func (u MatchUnit) String() string {
	switch {
	case u == MatchUnit{}:
		return ""
	case u.Tokens:
		return strconv.FormatInt(u.N, 10) + tokenSuffix
	}
	return strconv.FormatInt(u.N, 10) + "chunks"
}

// words returns the unit as people read it, "4 chunks" or "784 tokens".
func (u MatchUnit) words() string {
	if u.Tokens {
		return units.Count(u.N, "token")
	}
	return units.Count(u.N, "chunk")
}

// setting returns the unit for settings; nil if it is none.
func (u MatchUnit) setting() *string {
	if u == (MatchUnit{}) {
		return nil
	}
	text := u.String()
	return &text
}

// in returns the unit in tokens of a request with chunks of a size; 0 if it is none.
func (u MatchUnit) in(chunkSize int64) int64 {
	if u.Tokens || u.N == 0 {
		return u.N
	}
	if u.N > math.MaxInt64/chunkSize {
		return math.MaxInt64
	}
	return u.N * chunkSize
}

// errMatchUnitNeedsLogs says why summaries and states know no match unit.
var errMatchUnitNeedsLogs = errors.New("summaries and states count hits to the chunk, and know no match unit")

// hit returns the tokens that a hit prefix of k chunks yields: those of its whole units.
func (q *request) hit(k int) int64 { return q.whole(q.tokens.first(k)) }

// whole returns the tokens of the whole units in the first n tokens.
func (q *request) whole(n int64) int64 {
	if q.unit == 0 {
		return n
	}
	return n - n%q.unit
}

// unitChunks returns how many of k leading chunks the whole units of their tokens reach into; all without a match unit.
func (q *request) unitChunks(k int64) int64 {
	if q.unit == 0 {
		return k
	}
	return int64(q.tokens.chunksFor(q.hit(int(k))))
}

// inUnits appends to dst the tokens of whole units by demand, given all tokens by demand in prefix order: a unit hits where the last of its
// tokens does. whole returns how many of so many leading tokens are in whole units.
func inUnits(dst, demand []row, whole func(int64) int64) []row {
	var before, counted int64
	for _, r := range demand {
		first := len(dst)
		for i := range r.n {
			before += r.tokens
			gain := whole(before) - counted
			if gain == 0 {
				continue
			}
			counted += gain
			dst = appendNeed(dst, first, row{need: r.needAt(i), size: r.size, n: 1, tokens: gain})
		}
	}
	return dst
}

// appendNeed appends one need. It lengthens the last row, if that is not before first, where the need goes on with it.
func appendNeed(dst []row, first int, r row) []row {
	if last := len(dst) - 1; last >= first && dst[last].tokens == r.tokens && dst[last].needAt(dst[last].n) == r.need {
		dst[last].n++
		return dst
	}
	return append(dst, r)
}
