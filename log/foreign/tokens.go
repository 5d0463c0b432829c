package foreign

import (
	"crypto/sha256"
	"encoding/binary"
	"errors"
	"fmt"

	"hashlog/log"
)

// tokens decodes rows with token ids and hashes them in chunks.
type tokens struct {
	row
	chunk  int64
	alone  bool
	rows   int64 // read before
	known  bool  // whether timed is set
	timed  bool  // the first one has a timestamp
	ids    []uint64
	bytes  []byte // the hash before a chunk and its ids
	render renderer
}

// The fields of a row.
const (
	tokenIDs = iota
	tokensTime
	tokensID
	tokensModelName
	tokensModel
	tokensSession
	tokensSalt
)

func newTokens(o Options) *tokens {
	chunk := o.ChunkSize
	if chunk == 0 {
		chunk = tokensChunk
	}
	return &tokens{row: newRow([]string{"token_ids", "timestamp", "request_id", "model_name", "model", "session_id", "cache_salt"}), chunk: chunk, alone: o.Alone,
		render: renderer{lines: o.Lines}}
}

// String implements log.Decoder.
func (t *tokens) String() string {
	return fmt.Sprintf("token ids: a chunk is %d tokens, hashed with SHA-256", t.chunk)
}

// Timestamp implements log.Decoder.
func (t *tokens) Timestamp(line []byte) (seconds float64, ok bool) {
	if t.object.Parse(line) != nil || !t.has(tokensTime) {
		return 0, false
	}
	seconds, err := t.seconds(tokensTime)
	return seconds, err == nil
}

// Decode implements log.Decoder.
func (t *tokens) Decode(line []byte, e *log.Entry) (err error) {
	place := t.rows
	t.rows++
	if err := t.object.Parse(line); err != nil {
		return err
	}
	if !t.known {
		t.timed, t.known = t.has(tokensTime), true
	}
	if e.Timestamp, err = t.time(place); err != nil {
		return err
	}
	if t.ids, err = t.integers(tokenIDs, reuse(t.ids)); err != nil {
		return err
	}
	if e.RequestID, err = t.text(tokensID, e.RequestID[:0]); err != nil {
		return err
	}
	if e.ModelName, err = t.name(tokensModelName, tokensModel); err != nil {
		return err
	}
	if e.SessionID, err = t.text(tokensSession, e.SessionID[:0]); err != nil {
		return err
	}
	if e.CacheSalt, err = t.text(tokensSalt, e.CacheSalt[:0]); err != nil {
		return err
	}
	e.ChunkSize, e.SeqLen, e.ChunkBytes, e.Dropped = t.chunk, int64(len(t.ids)), 0, 0
	unmeasured(e)
	t.hash(e)
	return nil
}

// time returns the row's time in seconds.
func (t *tokens) time(place int64) (float64, error) {
	switch timed := t.has(tokensTime); {
	case !timed && !t.alone:
		return 0, errors.New(`missing "timestamp": rows of several files have no order without one; join the files into one`)
	case timed && !t.timed:
		return 0, errors.New(`has a "timestamp", which the first row lacks`)
	case !timed && t.timed:
		return 0, errors.New(`missing "timestamp", which the first row has`)
	case !timed:
		return float64(place), nil
	}
	return t.seconds(tokensTime)
}

// hash chunks the token ids and hashes each chunk with the hash before it.
func (t *tokens) hash(e *log.Entry) {
	const shown = 16 // bytes
	t.render.begin(e)
	t.bytes = t.bytes[:0]
	for rest := t.ids; int64(len(rest)) >= t.chunk; rest = rest[t.chunk:] {
		for _, id := range rest[:t.chunk] {
			t.bytes = binary.LittleEndian.AppendUint64(t.bytes, id)
		}
		sum := sha256.Sum256(t.bytes)
		t.render.sum(sum[:shown], e)
		t.bytes = append(t.bytes[:0], sum[:]...)
	}
	t.render.end(e)
}
