package foreign

import (
	"errors"
	"fmt"

	"hashlog/log"
)

// kind is what distinguishes Mooncake and Bailian.
type kind struct {
	what    string   // for people
	block   int64    // tokens
	named   bool     // the file's name may give the block size
	seconds bool     // rather than milliseconds
	members []string // of a row, in the order of the constants below
	times   []int    // names of the time
	lengths []int    // names of the length of the prompt
}

// The fields of a row. Where a field has two names, their values must agree.
const (
	inputLength = iota
	hashIDs
	modelName
	model
	requestID
	timestamp
	sessionID   // in Bailian the request before
	inputTokens // from here on only in Mooncake
	createdTime
	delay
	delayMs
)

var (
	mooncake = kind{what: "a Mooncake trace", block: mooncakeBlock,
		members: []string{"input_length", "hash_ids", "model_name", "model", "request_id", "timestamp", "session_id", "input_tokens", "created_time", "delay", "delay_ms"},
		times:   []int{timestamp, createdTime}, lengths: []int{inputLength, inputTokens}}
	bailian = kind{what: "a Bailian trace", block: bailianBlock, named: true, seconds: true,
		members: []string{"input_length", "hash_ids", "model_name", "model", "chat_id", "timestamp", "parent_chat_id"},
		times:   []int{timestamp}, lengths: []int{inputLength}}
)

// recognises reports whether a line is of this kind.
func (k *kind) recognises(line []byte) bool {
	o := log.NewObject("chunk_hashes", "chat_id", "hash_ids", "input_length", "input_tokens", "schema")
	if o.Parse(line) != nil || o.Value(0) != nil || isDynamo(o.Value(5)) {
		return false
	}
	return (o.Value(1) != nil) == (k == &bailian) && (o.Value(2) != nil || o.Value(3) != nil || o.Value(4) != nil)
}

// trace decodes rows with an id for each block.
type trace struct {
	row
	kind     *kind
	block    int64
	why      string // the block has that size
	keepTail bool
	tail     string
	ids      []uint64
	memory   []byte
	roots    roots   // in Bailian
	turns    turns   // not in Bailian
	at       float64 // time of the row at hand, as the trace has it
	render   renderer
}

func newTrace(o Options, k *kind, name string) *trace {
	t := &trace{row: newRow(k.members), kind: k, keepTail: o.KeepTail, tail: o.tail(), render: renderer{lines: o.Lines}}
	t.block, t.why = o.block(k, name)
	return t
}

// String implements log.Decoder.
func (t *trace) String() string {
	return fmt.Sprintf("%s: a block is %d tokens %s, %s", t.kind.what, t.block, t.why, t.tail)
}

// Timestamp implements log.Decoder.
func (t *trace) Timestamp(line []byte) (seconds float64, ok bool) {
	if t.object.Parse(line) != nil {
		return 0, false
	}
	seconds, err := t.time()
	if err != nil {
		return 0, false
	}
	if t.kind != &bailian {
		if t.memory, err = t.text(sessionID, t.memory[:0]); err == nil {
			t.turns.end(t.memory, t.at)
		}
	}
	return seconds, true
}

// Decode implements log.Decoder.
func (t *trace) Decode(line []byte, e *log.Entry) (err error) {
	if err := t.object.Parse(line); err != nil {
		return err
	}
	if e.Timestamp, err = t.time(); err != nil {
		return err
	}
	if e.SeqLen, err = oneOf(&t.row, t.tokens, t.kind.lengths...); err != nil {
		return err
	}
	if t.ids, err = t.integers(hashIDs, reuse(t.ids)); err != nil {
		return err
	}
	if err := t.fit(e.SeqLen); err != nil {
		return err
	}
	if e.RequestID, err = t.text(requestID, e.RequestID[:0]); err != nil {
		return err
	}
	if e.ModelName, err = t.name(modelName, model); err != nil {
		return err
	}
	if err := t.session(e); err != nil {
		return err
	}
	e.ChunkSize, e.ChunkBytes, e.Dropped, e.CacheSalt = t.block, 0, 0, e.CacheSalt[:0]
	unmeasured(e)
	t.render.ids(t.ids, e)
	return nil
}

// session sets the session of a request whose id is set.
func (t *trace) session(e *log.Entry) (err error) {
	if e.SessionID, err = t.text(sessionID, e.SessionID[:0]); err != nil {
		return err
	}
	if t.kind != &bailian {
		t.turns.end(e.SessionID, t.at)
		return nil
	}
	const none = "-1" // is the parent of a root
	parent := string(e.SessionID)
	if parent == none || len(e.RequestID) == 0 {
		parent = ""
	}
	e.SessionID = append(e.SessionID[:0], t.roots.find(string(e.RequestID), parent)...)
	return nil
}

// time returns the time of the request in seconds.
func (t *trace) time() (at float64, err error) {
	field := t.firstOf(t.kind.times)
	if field == "" && t.kind != &bailian {
		t.at, err = t.turn()
		field = "the time of the turn before and the delay"
	} else {
		t.at, err = oneOf(&t.row, t.number, t.kind.times...)
	}
	if err != nil {
		return 0, err
	}
	at = t.at
	if !t.kind.seconds {
		at /= 1000
	}
	return at, log.CheckTimestamp(field, at)
}

// turn returns the time in milliseconds of a row without one, which is that of the turn before and the delay.
func (t *trace) turn() (at float64, err error) {
	if t.memory, err = t.text(sessionID, t.memory[:0]); err != nil {
		return 0, err
	}
	before := t.turns[string(t.memory)]
	if before == nil {
		return 0, t.untimed()
	}
	wait := 0.0
	if t.has(delay) || t.has(delayMs) {
		if wait, err = oneOf(&t.row, t.number, delay, delayMs); err != nil {
			return 0, err
		}
	}
	if wait < 0 {
		return 0, fmt.Errorf("%s must not be negative, is %v", t.firstOf([]int{delay, delayMs}), wait)
	}
	return *before + wait, nil
}

// untimed returns why a row has no time.
func (t *trace) untimed() error {
	switch {
	case !t.has(delay) && !t.has(delayMs):
		return t.missing(timestamp)
	case !t.has(sessionID):
		return errors.New(`missing "timestamp": a delay counts from the turn before, and the row has no "session_id"`)
	}
	return errors.New(`missing "timestamp": a delay counts from the turn before, and no row above has a time and this "session_id"`)
}

// fit checks that the number of ids fits the length of the prompt, and drops the id of a
// partial tail.
func (t *trace) fit(length int64) error {
	b := blocks{length, t.block}
	if err := b.fit(int64(len(t.ids)), "hash_ids", "id", t.lengthName(), ": is the block size right?"); err != nil {
		return err
	}
	if !t.keepTail {
		t.ids = t.ids[:b.full()]
	}
	return nil
}

// lengthName returns the name of the length in the row.
func (t *trace) lengthName() string { return t.firstOf(t.kind.lengths) }

// firstOf returns the name of the first of the fields that the row has.
func (t *trace) firstOf(members []int) string {
	for _, i := range members {
		if t.has(i) {
			return t.kind.members[i]
		}
	}
	return ""
}
