package foreign

import (
	"errors"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"hashlog/log"
)

// dynamoRow returns a row of a request trace; more is put into its request.
func dynamoRow(more string) string {
	return `{"schema":"dynamo.request.trace.v1","event_type":"request_end","event_time_unix_ms":1711929601900,"event_source":"dynamo",` +
		`"agent_context":{"session_id":"chat-1","parent_session_id":"p"},"request":{"request_id":"r","x_request_id":"x","model":"m","input_tokens":40,"output_tokens":5,` +
		`"cached_tokens":32,"request_received_ms":1711929600125,"prefill_time_ms":80.5,"ttft_ms":90.0,` +
		`"worker":{"prefill_worker_id":7,"prefill_dp_rank":1,"decode_worker_id":8,"decode_dp_rank":0},` +
		`"replay":{"trace_block_size":16,"input_length":40,"input_sequence_hashes":[18446744073709551615,2,3]}` + more + `}}`
}

func TestDynamo(t *testing.T) {
	cached := int64(32)
	want := log.Record{Timestamp: 1711929600.125, RequestID: "r", ModelName: "m", ChunkSize: 16, SeqLen: 40,
		ChunkHashes: []string{"0xffffffffffffffff", "0x2"}, SessionID: "chat-1", Source: "worker-7-dp1", CachedTokens: &cached}
	with := func(change func(*log.Record)) log.Record {
		r := want
		change(&r)
		return r
	}
	for _, c := range []struct {
		opts Options
		line string
		want log.Record
	}{
		{Options{}, dynamoRow(""), want},
		{Options{}, `{"timestamp":1900,"event":` + dynamoRow("") + `}`, want},
		{Options{BlockSize: 16}, dynamoRow(""), want},
		{Options{KeepTail: true}, dynamoRow(""), with(func(r *log.Record) { r.ChunkHashes = append(r.ChunkHashes, "0x3") })},
		{Options{}, dynamoRow(`,"cached_tokens":null,"worker":null,"model":null`), with(func(r *log.Record) { r.CachedTokens, r.Source, r.ModelName = nil, "", "" })},
		{Options{}, dynamoRow(`,"cached_tokens":0,"worker":{}`), with(func(r *log.Record) { r.CachedTokens, r.Source = new(int64), "" })},
		{Options{}, dynamoRow(`,"worker":{"decode_worker_id":18446744073709551615}`), with(func(r *log.Record) { r.Source = "worker-18446744073709551615" })},
		{Options{}, strings.Replace(dynamoRow(""), `"agent_context"`, `"x"`, 1), with(func(r *log.Record) { r.SessionID = "" })},
		{Options{}, dynamoRow(`,"replay":{"trace_block_size":16,"input_length":32,"input_sequence_hashes":[1,2]}`), with(func(r *log.Record) {
			r.SeqLen, r.ChunkHashes = 32, []string{"0x1", "0x2"}
		})},
	} {
		d := decoderOf(t, c.opts, "x", c.line)
		got, err := decode(t, d, c.line)
		require.NoError(t, err, c.line)
		require.Equal(t, c.want, got, c.line)
		at, ok := d.Timestamp([]byte(c.line))
		require.True(t, ok)
		require.Equal(t, got.Timestamp, at)
	}
	require.Equal(t, "a Dynamo request trace: blocks are as its rows say, partial tail blocks are dropped", decoderOf(t, Options{}, "x", dynamoRow("")).String())
}

func TestDynamoRefuses(t *testing.T) {
	d := decoderOf(t, Options{Format: Dynamo, BlockSize: 16}, "x", "anything")
	for line, want := range map[string]string{
		`{`:                                    `not JSON: ends early`,
		`{}`:                                   `missing "schema"`,
		`{"schema":5}`:                         `schema must be a string, is 5`,
		`{"event":5}`:                          `event must be an object, is 5`,
		`{"schema":"dynamo.request.trace.v1"}`: `missing "event_type"`,
		`{"schema":"dynamo.request.trace.v1","event_type":"new"}`:                                          `event_type "new" is unknown`,
		`{"schema":"dynamo.request.trace.v1","event_type":"request_end"}`:                                  `missing "request"`,
		dynamoRow(`,"replay":null`):                                                                        `missing "request.replay": the trace was recorded without the hashes of prompts`,
		dynamoRow(`,"replay":[]`):                                                                          `request.replay must be an object, is []`,
		dynamoRow(`,"request_received_ms":null`):                                                           `missing "request.request_received_ms"`,
		dynamoRow(`,"request_received_ms":1e300`):                                                          `request.request_received_ms must lie within 1e+12 seconds of 1970, is 1e+297: another unit?`,
		dynamoRow(`,"cached_tokens":41`):                                                                   `request.cached_tokens is 41, but request.replay.input_length is 40`,
		dynamoRow(`,"cached_tokens":-1`):                                                                   `request.cached_tokens must be an integer from 0 to 2^63-1, is -1`,
		dynamoRow(`,"worker":7`):                                                                           `request.worker must be an object, is 7`,
		dynamoRow(`,"worker":{"prefill_worker_id":"a"}`):                                                   `request.worker.prefill_worker_id must be an integer from 0 to 2^64-1, is "a"`,
		dynamoRow(`,"worker":{"prefill_worker_id":1,"prefill_dp_rank":-1}`):                                `request.worker.prefill_dp_rank must be an integer from 0 to 2^64-1, is -1`,
		dynamoRow(`,"replay":{"trace_block_size":0,"input_length":1,"input_sequence_hashes":[]}`):          `request.replay.trace_block_size must be > 0, is 0`,
		dynamoRow(`,"replay":{"trace_block_size":32,"input_length":1,"input_sequence_hashes":[]}`):         `request.replay.trace_block_size is 32, not 16 as given`,
		dynamoRow(`,"replay":{"trace_block_size":16,"input_length":33,"input_sequence_hashes":[1]}`):       `request.replay.input_sequence_hashes has 1 hash, but request.replay.input_length 33 has 2 complete blocks of 16 tokens`,
		dynamoRow(`,"replay":{"trace_block_size":16,"input_length":33,"input_sequence_hashes":[1,2,3,4]}`): `request.replay.input_sequence_hashes has 4 hashes, but request.replay.input_length 33 has room for 3 blocks of 16 tokens`,
		strings.Replace(dynamoRow(""), `{"session_id":"chat-1"`, `{"session_id":[]`, 1):                    `agent_context.session_id must be a string or a number, is []`,
	} {
		_, err := decode(t, d, line)
		require.EqualError(t, err, want, line)
		require.Equal(t, strings.HasPrefix(want, "not JSON"), log.IsNotJSON(err), line)
	}
	for _, event := range []string{"tool_start", "tool_end", "tool_error", "request_payload"} {
		_, err := decode(t, d, `{"event":{"schema":"dynamo.request.trace.v1","event_type":"`+event+`"}}`)
		require.ErrorIs(t, err, log.ErrNoLookup)
	}
}

// TestUnknownSchemas refuses schemas of Dynamo that came later, by name.
func TestUnknownSchemas(t *testing.T) {
	for _, schema := range []string{"dynamo.request.trace.v2", "dynamo.agentic_mooncake"} {
		for _, line := range []string{`{"schema":"` + schema + `","version":2}`, `{"timestamp":1,"event":{"schema":"` + schema + `"}}`, `{"schema":"` + schema + `","hash_ids":[],"input_length":0,"timestamp":0}`} {
			_, err := decode(t, decoderOf(t, Options{}, "x", line), line)
			refused := (*log.RefusedError)(nil)
			require.True(t, errors.As(err, &refused), line)
			require.EqualError(t, err, `schema "`+schema+`" is unknown: of Dynamo's traces only dynamo.request.trace.v1 can be read`)
		}
	}
}
