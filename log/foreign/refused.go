package foreign

import (
	"bytes"
	"slices"

	"hashlog/log"
)

// refusals are the formats of logs that cannot be read as lookups, with the reason.
var refusals = []log.Format{
	refusal{recognisesEvents, "KV events tell which blocks a cache stores and evicts, not what was looked up: a request whose blocks are all cached leaves no event, " +
		"so no hit rate can be told from them; log lookups instead, as LMCache and Dynamo's request trace do"},
	refusal{recognisesWeka, "a line of a Weka trace holds a whole conversation, so it is not read directly: convert it to logs first"},
}

// refusal recognises logs that are not read.
type refusal struct {
	recognises func(line []byte) bool
	why        string
}

// Decoder implements log.Format.
func (r refusal) Decoder(_ string, line []byte) log.Decoder {
	if !r.recognises(line) {
		return nil
	}
	return refusing{&log.RefusedError{Why: r.why}}
}

// refusing refuses every line.
type refusing struct{ err error }

// Decode implements log.Decoder.
func (r refusing) Decode([]byte, *log.Entry) error { return r.err }

// Timestamp implements log.Decoder.
func (r refusing) Timestamp([]byte) (float64, bool) { return 0, false }

// String implements log.Decoder.
func (r refusing) String() string { return "" }

// events are the names of the KV events of vLLM and SGLang.
var events = []string{"BlockStored", "BlockRemoved", "AllBlocksCleared"}

// recognisesEvents reports whether a line holds KV events: batches or single ones of vLLM and SGLang, as msgpack or as JSON, or what
// Dynamo makes of them.
func recognisesEvents(line []byte) bool {
	switch {
	case packedEvents(line):
		return true
	case bytes.HasPrefix(bytes.TrimLeft(line, " \t"), []byte("[")):
		return namesEvent(line)
	}
	o := log.NewObject("event", "chunk_hashes", "events", "type", "event_id", "data")
	for range 3 { // Dynamo's recorder wraps them twice
		if o.Parse(line) != nil || o.Value(1) != nil {
			return false
		}
		if line = o.Value(0); !isObject(line) {
			break
		}
	}
	return namesEvent(o.Value(2)) || namesEvent(o.Value(3)) || o.Value(4) != nil && o.Value(5) != nil
}

// packedEvents reports whether a text has the name of an event as a msgpack string of less than 32 bytes: one byte with its length and
// the bytes.
func packedEvents(text []byte) bool {
	const short = 0xa0
	return slices.ContainsFunc(events, func(name string) bool {
		return bytes.Contains(text, append([]byte{short | byte(len(name))}, name...))
	})
}

// namesEvent reports whether JSON has the name of an event as a string.
func namesEvent(text []byte) bool {
	return slices.ContainsFunc(events, func(name string) bool { return bytes.Contains(text, []byte(`"`+name+`"`)) })
}
