package foreign

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"hashlog/log"
)

// TestRefused refuses logs of KV events and conversations at their first line, and says why.
func TestRefused(t *testing.T) {
	const events, weka = "KV events tell which blocks a cache stores and evicts", "a line of a Weka trace holds a whole conversation"
	for text, want := range map[string]string{
		"\x92\xcb\x41\xd9\x82\x0a\x40\x00\x00\x00\x91\x97\xabBlockStored\x91\x01":                                                        events, // a batch, in which a byte is a newline
		"\x93\xcb\x41\xd9\x82\x0b\x40\x00\x00\x00\x91\x92\xacBlockRemoved\x91\x01":                                                       events,
		"\x82\xa2ts\x01\xa6events\x91\x91\xb0AllBlocksCleared":                                                                           events,
		`[1711929600.5, [["BlockStored", [1, 2], null, [5, 6], 16]], 0]`:                                                                 events,
		`{"ts": 1711929600.5, "events": [{"type": "BlockStored", "block_hashes": [1], "token_ids": [5]}]}`:                               events,
		`{"type": "BlockRemoved", "block_hashes": [1]}`:                                                                                  events,
		`{"timestamp": 5, "event": {"worker_id": 1, "event": {"event_id": 0, "data": {"stored": {"parent_hash": null, "blocks": []}}}}}`: events,
		`{"event_id": 0, "data": {"removed": {"block_hashes": [1]}}}`:                                                                    events,
		wekaLine(""): weka,
	} {
		path := filepath.Join(t.TempDir(), "log")
		require.NoError(t, os.WriteFile(path, []byte(text+"\n"), 0o644))
		files, err := log.Find(t.Context(), []string{path}, nil)
		require.NoError(t, err)
		for i, o := range []Options{{}, {Format: Mooncake}, {Format: Tokens}} {
			if i > 0 && strings.Contains(text, "\n") {
				continue // the first line is taken for that format
			}
			r, err := files.Open(t.Context(), log.Options{Formats: o.Formats()})
			require.NoError(t, err)
			require.False(t, r.Scan())
			refused := (*log.RefusedError)(nil)
			require.ErrorAs(t, r.Err(), &refused, "%q", text)
			require.ErrorContains(t, r.Err(), want)
			require.ErrorContains(t, r.Err(), path+":")
			r.Close()
		}
	}
	for _, line := range []string{mooncakeRow(`, "type": "text"`), dynamoRow(""), `{"request_id": "BlockStored", "events": [], "chunk_hashes": []}`,
		`{"timestamp": 1, "chunk_size": 1, "seq_len": 1, "chunk_hashes": ["BlockStored"], "event_id": 1, "data": 2}`, `{"event": {}}`} {
		require.False(t, recognisesEvents([]byte(line)), line)
		require.False(t, recognisesWeka([]byte(line)), line)
	}
}

// TestNoLookups passes over rows without a lookup, which are neither requests nor bad.
func TestNoLookups(t *testing.T) {
	const tool = `{"event":{"schema":"dynamo.request.trace.v1","event_type":"tool_end","event_time_unix_ms":1}}` + "\n"
	for text, want := range map[string]int64{tool + dynamoRow("") + "\n" + tool + tool: 1, tool: 0} {
		path := filepath.Join(t.TempDir(), "log")
		require.NoError(t, os.WriteFile(path, []byte(text), 0o644))
		files, err := log.Find(t.Context(), []string{path}, nil)
		require.NoError(t, err)
		r, err := files.Open(t.Context(), log.Options{Formats: Options{}.Formats(), Strict: true})
		require.NoError(t, err)
		n := int64(0)
		for r.Scan() {
			n++
		}
		require.NoError(t, r.Err())
		stats := r.Stats()
		require.Equal(t, want, n)
		require.Zero(t, stats.Skipped+stats.Torn+stats.EmptyFiles)
		r.Close()
	}
}
