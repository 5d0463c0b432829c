package foreign

import (
	"bytes"
	"fmt"
	"strconv"

	"hashlog/log"
)

// DynamoTrace is how the String of a decoder of Dynamo's request traces begins.
const DynamoTrace = "a Dynamo request trace"

// dynamoSchema is the one schema of request traces that is known.
const dynamoSchema = "dynamo.request.trace.v1"

// dynamo decodes request traces of NVIDIA Dynamo, whose rows nest objects.
type dynamo struct {
	keepTail  bool
	tail      string
	blockSize int64 // that every row must have; 0: any

	outer   row // the line, or what it wraps
	context row // agent_context
	request row
	worker  row
	replay  row
	ids     []uint64
	source  []byte
	render  renderer
}

// The fields of a row.
const (
	dynamoSchemaName = iota
	dynamoEvent      // what a wrapped line holds
	dynamoEventType
	dynamoRequest
	dynamoContext
)

// The fields of request.
const (
	requestDynamoID = iota
	requestModel
	requestReceived // in milliseconds
	requestCached
	requestWorker
	requestReplay
)

// The fields of request.worker.
const (
	prefillWorker = iota
	prefillRank
	decodeWorker
	decodeRank
)

// The fields of request.replay.
const (
	replayBlock = iota
	replayLength
	replayHashes
)

func newDynamo(o Options, _ string) log.Decoder {
	return &dynamo{keepTail: o.KeepTail, tail: o.tail(), blockSize: o.BlockSize, render: renderer{lines: o.Lines},
		outer:   newRow([]string{"schema", "event", "event_type", "request", "agent_context"}),
		context: newRowIn("agent_context", "session_id"),
		request: newRowIn("request", "request_id", "model", "request_received_ms", "cached_tokens", "worker", "replay"),
		worker:  newRowIn("request.worker", "prefill_worker_id", "prefill_dp_rank", "decode_worker_id", "decode_dp_rank"),
		replay:  newRowIn("request.replay", "trace_block_size", "input_length", "input_sequence_hashes")}
}

// isDynamo reports whether the JSON of a schema is one of Dynamo's.
func isDynamo(schema []byte) bool { return bytes.HasPrefix(schema, []byte(`"dynamo.`)) }

// recognisesDynamo reports whether a line, or what it wraps, has a schema of Dynamo.
func recognisesDynamo(line []byte) bool {
	o := log.NewObject("schema", "event")
	if o.Parse(line) != nil {
		return false
	}
	if event := o.Value(1); o.Value(0) == nil && isObject(event) {
		return o.Parse(event) == nil && isDynamo(o.Value(0))
	}
	return isDynamo(o.Value(0))
}

// String implements log.Decoder.
func (d *dynamo) String() string { return DynamoTrace + ": blocks are as its rows say, " + d.tail }

// Timestamp implements log.Decoder.
func (d *dynamo) Timestamp(line []byte) (seconds float64, ok bool) {
	if d.parse(line) != nil {
		return 0, false
	}
	seconds, err := d.time()
	return seconds, err == nil
}

// parse finds the fields of a row that holds a lookup.
func (d *dynamo) parse(line []byte) error {
	if err := d.outer.object.Parse(line); err != nil {
		return err
	}
	if !d.outer.has(dynamoSchemaName) && d.outer.has(dynamoEvent) {
		if err := d.outer.nested(dynamoEvent, &d.outer); err != nil {
			return err
		}
	}
	schema, err := d.outer.required(dynamoSchemaName)
	switch {
	case err != nil:
		return err
	case schema != dynamoSchema:
		return &log.RefusedError{Why: fmt.Sprintf("schema %q is unknown: of Dynamo's traces only %s can be read", schema, dynamoSchema)}
	}
	switch event, err := d.outer.required(dynamoEventType); {
	case err != nil:
		return err
	case event == "tool_start", event == "tool_end", event == "tool_error", event == "request_payload":
		return log.ErrNoLookup
	case event != "request_end":
		return fmt.Errorf("event_type %q is unknown", event)
	}
	return d.outer.nested(dynamoRequest, &d.request)
}

// time returns the time of a request in seconds.
func (d *dynamo) time() (float64, error) {
	at, err := d.request.number(requestReceived)
	if err != nil {
		return 0, err
	}
	return at / 1000, log.CheckTimestamp(d.request.nameOf(requestReceived), at/1000)
}

// Decode implements log.Decoder.
func (d *dynamo) Decode(line []byte, e *log.Entry) (err error) {
	if err := d.parse(line); err != nil {
		return err
	}
	if !d.request.has(requestReplay) {
		return fmt.Errorf("missing %q: the trace was recorded without the hashes of prompts", d.request.nameOf(requestReplay))
	}
	if err := d.request.nested(requestReplay, &d.replay); err != nil {
		return err
	}
	if e.Timestamp, err = d.time(); err != nil {
		return err
	}
	if err := d.prompt(e); err != nil {
		return err
	}
	if err := d.cached(e); err != nil {
		return err
	}
	if err := d.names(e); err != nil {
		return err
	}
	e.ChunkBytes, e.Dropped, e.CacheSalt = 0, 0, e.CacheSalt[:0]
	d.render.ids(d.ids, e)
	return nil
}

// prompt sets the tokens of a request, and reads its hashes.
func (d *dynamo) prompt(e *log.Entry) (err error) {
	r := &d.replay
	if e.ChunkSize, err = r.tokens(replayBlock); err != nil {
		return err
	}
	switch {
	case e.ChunkSize == 0:
		return fmt.Errorf("%s must be > 0, is 0", r.nameOf(replayBlock))
	case d.blockSize > 0 && e.ChunkSize != d.blockSize:
		return fmt.Errorf("%s is %d, not %d as given", r.nameOf(replayBlock), e.ChunkSize, d.blockSize)
	}
	if e.SeqLen, err = r.tokens(replayLength); err != nil {
		return err
	}
	if d.ids, err = r.integers(replayHashes, reuse(d.ids)); err != nil {
		return err
	}
	b := blocks{e.SeqLen, e.ChunkSize}
	if err := b.fit(int64(len(d.ids)), r.nameOf(replayHashes), "hash", r.nameOf(replayLength), ""); err != nil {
		return err
	}
	if !d.keepTail {
		d.ids = d.ids[:b.full()]
	}
	return nil
}

// cached sets what the server found cached, if the row says it.
func (d *dynamo) cached(e *log.Entry) (err error) {
	e.CachedTokens = 0
	if e.HasCachedTokens = d.request.has(requestCached); !e.HasCachedTokens {
		return nil
	}
	e.CachedTokens, err = d.request.tokens(requestCached)
	if err == nil && e.CachedTokens > e.SeqLen {
		err = fmt.Errorf("%s is %d, but %s is %d", d.request.nameOf(requestCached), e.CachedTokens, d.replay.nameOf(replayLength), e.SeqLen)
	}
	return err
}

// names sets who asked, for which model, and who answered.
func (d *dynamo) names(e *log.Entry) (err error) {
	if e.RequestID, err = d.request.text(requestDynamoID, e.RequestID[:0]); err != nil {
		return err
	}
	if e.ModelName, err = d.request.name(requestModel); err != nil {
		return err
	}
	e.SessionID = e.SessionID[:0]
	if d.outer.has(dynamoContext) {
		if err := d.outer.nested(dynamoContext, &d.context); err != nil {
			return err
		}
		if e.SessionID, err = d.context.text(0, e.SessionID); err != nil {
			return err
		}
	}
	e.Source, err = d.answered()
	return err
}

// answered names the worker whose cache a request asked: the one that prefilled it or, where none is named, the one that decoded
// it. The ranks of data parallelism have caches of their own.
func (d *dynamo) answered() (string, error) {
	if !d.request.has(requestWorker) {
		return "", nil
	}
	w := &d.worker
	if err := d.request.nested(requestWorker, w); err != nil {
		return "", err
	}
	id, rank := prefillWorker, prefillRank
	if !w.has(id) {
		id, rank = decodeWorker, decodeRank
	}
	if !w.has(id) {
		return "", nil
	}
	n, err := w.integer(id)
	if err != nil {
		return "", err
	}
	d.source = strconv.AppendUint(append(d.source[:0], "worker-"...), n, 10)
	if w.has(rank) {
		if n, err = w.integer(rank); err != nil {
			return "", err
		}
		d.source = strconv.AppendUint(append(d.source, "-dp"...), n, 10)
	}
	return w.intern(d.source), nil
}
