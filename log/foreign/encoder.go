package foreign

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"

	"hashlog/log"
)

// Encoder turns records, in order of time, into rows of a Mooncake trace. Its zero value is
// ready to use.
//
// A row has a timestamp in whole milliseconds since the first record, never earlier than
// that of the row before it; input_length (the record's seq_len); output_length 1, since
// lookups don't record it; and hash_ids, which number the chunks (model, salt and hash) from 0
// in the order they first appear. Load generators want an id for each block that begins
// in the prompt, so a partial tail without a hash gets an id that never occurs again, which a
// reader drops. But where records have hashes for their partial tails, which a reader has
// to keep, tails without a hash get no id. Sessions are left out: load generators put the turns of
// a session one after another into each prompt, but these rows stand for whole prompts.
type Encoder struct {
	Survey
	// IgnoreModel makes ids stand for salt and hash alone.
	IgnoreModel bool

	ids   map[chunk]int64
	next  int64 // the id of the next chunk
	rows  int64
	first float64 // timestamp of the first row
	last  int64   // milliseconds from there to the last one
	fresh int64   // rows with an id for a tail without a hash
}

// chunk is what an id stands for.
type chunk struct {
	model string
	salt  uint64 // fingerprint, 0 without a salt
	hash  uint64
}

// Survey collects what an [Encoder] has to know about all records before the first row.
type Survey struct {
	tails  bool // there is a partial tail with a hash
	models []ModelSize
}

// ModelSize is the number of tokens in a model's chunks.
type ModelSize struct {
	Model     string
	ChunkSize int64
}

// Add takes a record into account.
func (s *Survey) Add(e *log.Entry) {
	if n := len(s.models); n == 0 || s.models[n-1] != (ModelSize{e.ModelName, e.ChunkSize}) {
		if m := (ModelSize{e.ModelName, e.ChunkSize}); !slices.Contains(s.models, m) {
			s.models = append(s.models, m)
		}
	}
	if full, blocks := blocksOf(e); full < blocks && int64(len(e.Hashes)) == blocks {
		s.tails = true
	}
}

// blocksOf returns how many chunks a record's tokens fill, and how many they begin.
func blocksOf(e *log.Entry) (full, begun int64) {
	full = e.SeqLen / e.ChunkSize
	begun = full
	if e.SeqLen%e.ChunkSize > 0 {
		begun++
	}
	return full, begun
}

// ChunkSize returns the tokens of a chunk, 0 if there is no record yet.
func (s *Survey) ChunkSize() int64 {
	if len(s.models) == 0 {
		return 0
	}
	return s.models[0].ChunkSize
}

// Tails reports whether partial tails have hashes. Then the trace has to be read with
// [Options].KeepTail.
func (s *Survey) Tails() bool { return s.tails }

// Err returns a *[MixedSizesError] if chunks differ in their number of tokens.
func (s *Survey) Err() error {
	bySize := slices.Clone(s.models)
	slices.SortStableFunc(bySize, func(a, b ModelSize) int { return cmp.Compare(a.ChunkSize, b.ChunkSize) })
	if len(bySize) == 0 || bySize[0].ChunkSize == bySize[len(bySize)-1].ChunkSize {
		return nil
	}
	return &MixedSizesError{bySize}
}

// MixedSizesError reports records whose chunks differ in their number of tokens: a Mooncake trace has one block size.
type MixedSizesError struct {
	Sizes []ModelSize // of rising size
}

func (e *MixedSizesError) Error() string {
	const most = 6
	var sizes []string
	for i, m := range e.Sizes {
		if i == most {
			sizes = append(sizes, "…")
			break
		}
		sizes = append(sizes, fmt.Sprintf("%d tokens (model %q)", m.ChunkSize, m.Model))
	}
	return "a Mooncake trace has one block size, but there are chunks of " + strings.Join(sizes, ", ")
}

// Append appends the row of a record, newline included. A record that is earlier than the
// one before gets that one's time. Append refuses a record that has more or fewer hashes
// than chunks, and every record once Err fails.
func (c *Encoder) Append(dst []byte, e *log.Entry) ([]byte, error) {
	c.Add(e)
	if err := c.Err(); err != nil {
		return dst, err
	}
	full, begun := blocksOf(e)
	const want = "%d chunk_hashes, but seq_len %d has %s of %d tokens: a Mooncake trace has an id for each"
	switch n := int64(len(e.Hashes)); {
	case n < full:
		return dst, fmt.Errorf(want, n, e.SeqLen, count(full, "complete chunk"), e.ChunkSize)
	case n > begun:
		return dst, fmt.Errorf(want, n, e.SeqLen, "room for "+count(begun, "chunk"), e.ChunkSize)
	}
	if c.rows == 0 {
		c.first = e.Timestamp
	}
	c.rows++
	c.last = max(c.last, milliseconds(e.Timestamp-c.first))
	dst = fmt.Appendf(dst, `{"timestamp": %d, "input_length": %d, "output_length": 1, "hash_ids": [`, c.last, e.SeqLen)
	start := len(dst)
	of := chunk{model: e.ModelName, salt: log.FingerprintSalt(e.CacheSalt)}
	if c.IgnoreModel {
		of.model = ""
	}
	for _, of.hash = range e.Hashes {
		dst = append(strconv.AppendInt(dst, c.id(of), 10), ", "...)
	}
	if int64(len(e.Hashes)) < begun && !c.tails {
		dst = append(strconv.AppendInt(dst, c.next, 10), ", "...)
		c.next++
		c.fresh++
	}
	if len(dst) > start {
		dst = dst[:len(dst)-len(", ")]
	}
	return append(dst, "]}\n"...), nil
}

// milliseconds rounds a time since the first record, 0 for one before it.
func milliseconds(seconds float64) int64 {
	return int64(min(max(math.Round(seconds*1000), 0), math.MaxInt64/2))
}

// id returns the id of a chunk, the next one at its first sight.
func (c *Encoder) id(key chunk) int64 {
	id, ok := c.ids[key]
	if !ok {
		if c.ids == nil {
			c.ids = make(map[chunk]int64)
		}
		id = c.next
		c.ids[key] = id
		c.next++
	}
	return id
}

// Rows returns how many rows there are.
func (c *Encoder) Rows() int64 { return c.rows }

// Chunks returns how many different chunks there are.
func (c *Encoder) Chunks() int64 { return int64(len(c.ids)) }

// Stray returns how many rows got an id for a tail without a hash before the first tail
// with a hash appeared: read with [Options].KeepTail, each of these ids is a chunk too many.
func (c *Encoder) Stray() int64 {
	if !c.tails {
		return 0
	}
	return c.fresh
}
