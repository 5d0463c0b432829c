package foreign

import (
	"cmp"
	"errors"
	"fmt"
	"math"
	"reflect"
	"slices"
	"strconv"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"hashlog/log"
)

// conversation is a line of a Weka trace.
type conversation struct {
	ID        *string       `json:"id"`
	BlockSize *int64        `json:"block_size"`
	Scope     string        `json:"hash_id_scope"`
	Requests  []wekaRequest `json:"requests"`
}

// wekaRequest is a request, or an agent with requests of its own.
type wekaRequest struct {
	Time   *float64 `json:"t"`
	Type   string   `json:"type"`
	Model  string   `json:"model"`
	Tokens *int64   `json:"in"`
	IDs    []uint64 `json:"hash_ids"`

	Agent    string        `json:"agent_id"`
	Requests []wekaRequest `json:"requests"`
}

// subagent is the type of an entry that holds the requests of an agent.
const subagent = "subagent"

// recognisesWeka reports whether a line is a conversation.
func recognisesWeka(line []byte) bool {
	o := log.NewObject("requests", "block_size", "chunk_hashes")
	return o.Parse(line) == nil && o.Value(0) != nil && o.Value(0)[0] == '[' && o.Value(1) != nil && o.Value(2) == nil
}

// Conversation returns the requests of a line of a Weka trace in order of time. The conversation begins at a time, in seconds.
func Conversation(line []byte, begin float64) ([]log.Record, error) {
	if err := log.NewObject().Parse(line); err != nil {
		return nil, fmt.Errorf("%w: a conversation must be on one line", err)
	}
	var c conversation
	if err := json.Unmarshal(line, &c, jsontext.AllowDuplicateNames(true)); err != nil {
		return nil, wekaError(err)
	}
	if err := c.check(); err != nil {
		return nil, err
	}
	w := wekaRecords{of: &c}
	if err := w.add(c.Requests, *c.ID, "requests", begin); err != nil {
		return nil, err
	}
	slices.SortStableFunc(w.records, func(a, b log.Record) int { return cmp.Compare(a.Timestamp, b.Timestamp) })
	return w.records, nil
}

// wekaError words an error of the JSON decoder.
func wekaError(err error) error {
	if mistyped := (*json.SemanticError)(nil); errors.As(err, &mistyped) {
		return fmt.Errorf("%s must be %s, is %s", wekaPath(mistyped.JSONPointer), wekaWants(mistyped.GoType), wekaFound(mistyped))
	}
	return err
}

// wekaWants words what is read into a Go type.
func wekaWants(t reflect.Type) string {
	switch t.Kind() {
	case reflect.Uint64:
		return "an integer from 0 to 2^64-1"
	case reflect.Int64:
		return "an integer"
	case reflect.Float64:
		return "a number"
	case reflect.String:
		return "a string"
	case reflect.Slice:
		return "a list"
	}
	return "an object"
}

// wekaFound words what was found instead.
func wekaFound(err *json.SemanticError) string {
	if len(err.JSONValue) > 0 {
		return log.Excerpt(err.JSONValue)
	}
	return map[jsontext.Kind]string{'"': "a string", '0': "a number", '{': "an object", '[': "a list", 'n': "null", 't': "true", 'f': "false"}[err.JSONKind]
}

// wekaPath words the place of a value.
func wekaPath(p jsontext.Pointer) string {
	var path string
	for token := range p.Tokens() {
		path += "." + token
	}
	if path == "" {
		return "a conversation"
	}
	return path[1:]
}

func (c *conversation) check() error {
	switch {
	case c.ID == nil:
		return errors.New(`missing "id"`)
	case c.BlockSize == nil:
		return errors.New(`missing "block_size"`)
	case *c.BlockSize <= 0:
		return fmt.Errorf("block_size must be > 0, is %d", *c.BlockSize)
	case c.Scope != "" && c.Scope != "local" && c.Scope != "global":
		return fmt.Errorf("hash_id_scope %q is unknown: must be local or global", c.Scope)
	}
	return nil
}

// salt returns what ids of other conversations do not have.
func (c *conversation) salt() string {
	if c.Scope == "global" {
		return ""
	}
	return *c.ID
}

// wekaRecords makes records of a conversation.
type wekaRecords struct {
	of      *conversation
	records []log.Record
}

// add adds requests, whose times count from begin. where is their place, for messages.
func (w *wekaRecords) add(list []wekaRequest, session, where string, begin float64) error {
	for i := range list {
		q := &list[i]
		at := fmt.Sprintf("%s.%d", where, i)
		if q.Time == nil {
			return fmt.Errorf("missing %q in %s", "t", at)
		}
		if q.Type == subagent {
			if err := w.addAgent(q, session, at, begin); err != nil {
				return err
			}
			continue
		}
		r, err := w.record(q, begin)
		if err != nil {
			return fmt.Errorf("%s: %w", at, err)
		}
		r.SessionID = session
		w.records = append(w.records, r)
	}
	return nil
}

// addAgent adds the requests of an agent. Their times count from the beginning of the conversation or, in other traces, from that of the
// agent; if the first is before the agent's, from that.
func (w *wekaRecords) addAgent(agent *wekaRequest, session, where string, begin float64) error {
	if session != *w.of.ID {
		return fmt.Errorf("%s is an agent in another one", where)
	}
	const epsilon = 1e-6 // seconds
	if first := agent.Requests; len(first) > 0 && first[0].Time != nil && *first[0].Time < *agent.Time-epsilon {
		begin += *agent.Time
	}
	return w.add(agent.Requests, session+"/"+agent.Agent, where+".requests", begin)
}

// record returns a request.
func (w *wekaRecords) record(q *wekaRequest, begin float64) (log.Record, error) {
	switch {
	case q.Tokens == nil:
		return log.Record{}, errors.New(`missing "in"`)
	case *q.Tokens < 0:
		return log.Record{}, fmt.Errorf("in must be an integer from 0 to 2^63-1, is %d", *q.Tokens)
	}
	r := log.Record{Timestamp: begin + *q.Time, RequestID: *w.of.ID + ":" + strconv.Itoa(len(w.records)), ModelName: q.Model,
		ChunkSize: *w.of.BlockSize, SeqLen: *q.Tokens, CacheSalt: w.of.salt()}
	b := blocks{r.SeqLen, r.ChunkSize}
	if ids := int64(len(q.IDs)); ids > b.begun() {
		return log.Record{}, b.fit(ids, "hash_ids", "id", "in", "")
	}
	for _, id := range q.IDs[:min(int64(len(q.IDs)), b.full())] {
		r.ChunkHashes = append(r.ChunkHashes, "0x"+strconv.FormatUint(id, 16))
	}
	if math.IsInf(r.Timestamp, 0) {
		return log.Record{}, log.CheckTimestamp("t", r.Timestamp)
	}
	return r, nil
}
