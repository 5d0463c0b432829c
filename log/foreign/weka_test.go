package foreign

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"hashlog/log"
)

func wekaLine(requests string) string {
	return `{"id":"c","models":["m"],"block_size":4,"hash_id_scope":"local","tool_tokens":1,"requests":[` + requests + `],"totals":{"subagent_count":0}}`
}

func TestConversation(t *testing.T) {
	want := func(at float64, n string, session string, tokens int64, hashes ...string) log.Record {
		return log.Record{Timestamp: at, RequestID: "c:" + n, ModelName: "m", ChunkSize: 4, SeqLen: tokens, ChunkHashes: hashes, SessionID: session, CacheSalt: "c"}
	}
	const first, agent, last = `{"t":0.5,"type":"n","model":"m","in":9,"out":1,"hash_ids":[1,26]}`, `{"t":10,"type":"subagent","agent_id":"a1","requests":[`,
		`{"t":12,"type":"s","model":"m","in":12,"out":1,"hash_ids":[1,26,18446744073709551615],"api_time":0.5}`
	for _, c := range []struct {
		line string
		want []log.Record
	}{
		{wekaLine(first + "," + last), []log.Record{want(100.5, "0", "c", 9, "0x1", "0x1a"), want(112, "1", "c", 12, "0x1", "0x1a", "0xffffffffffffffff")}},
		{wekaLine(first + "," + agent + `{"t":0,"in":4,"hash_ids":[1],"model":"m"},{"t":11,"in":5,"hash_ids":[1,7],"model":"m"}]},` + last),
			[]log.Record{want(100.5, "0", "c", 9, "0x1", "0x1a"), want(110, "1", "c/a1", 4, "0x1"), want(112, "3", "c", 12, "0x1", "0x1a", "0xffffffffffffffff"), want(121, "2", "c/a1", 5, "0x1")}},
		{wekaLine(agent + `{"t":10,"in":4,"hash_ids":[1],"model":"m"}]}`), []log.Record{want(110, "0", "c/a1", 4, "0x1")}},
		{wekaLine(agent + `]}`), nil},
		{wekaLine(`{"t":0,"in":9,"model":"m","hash_ids":[5]},{"t":0,"in":9,"model":"m"}`), []log.Record{want(100, "0", "c", 9, "0x5"), want(100, "1", "c", 9)}},
		{wekaLine(""), nil},
	} {
		got, err := Conversation([]byte(c.line), 100)
		require.NoError(t, err, c.line)
		require.Equal(t, c.want, got, c.line)
	}
	global, err := Conversation([]byte(strings.Replace(wekaLine(first), "local", "global", 1)), 0)
	require.NoError(t, err)
	require.Empty(t, global[0].CacheSalt, "ids of all conversations")
}

func TestConversationRefuses(t *testing.T) {
	for line, want := range map[string]string{
		`{`:                            `not JSON: ends early: a conversation must be on one line`,
		`[]`:                           `not a JSON object: a conversation must be on one line`,
		`{}`:                           `missing "id"`,
		`{"id":"c"}`:                   `missing "block_size"`,
		`{"id":"c","block_size":0}`:    `block_size must be > 0, is 0`,
		`{"id":"c","block_size":"64"}`: `block_size must be an integer, is a string`,
		strings.Replace(wekaLine(""), "local", "tenant", 1):                                `hash_id_scope "tenant" is unknown: must be local or global`,
		wekaLine(`{"in":4,"hash_ids":[1]}`):                                                `missing "t" in requests.0`,
		wekaLine(`{"t":0,"hash_ids":[1]}`):                                                 `requests.0: missing "in"`,
		wekaLine(`{"t":0,"in":-4}`):                                                        `requests.0: in must be an integer from 0 to 2^63-1, is -4`,
		wekaLine(`{"t":0,"in":4,"hash_ids":[1,2]}`):                                        `requests.0: hash_ids has 2 ids, but in 4 has room for 1 block of 4 tokens`,
		wekaLine(`{"t":0,"in":4,"hash_ids":[-1]}`):                                         `requests.0.hash_ids.0 must be an integer from 0 to 2^64-1, is -1`,
		wekaLine(`{"t":0,"type":"subagent","requests":[{"t":0,"type":"subagent"}]}`):       `requests.0.requests.0 is an agent in another one`,
		wekaLine(`{"t":0,"type":"subagent","requests":[{"t":0,"in":4,"hash_ids":[1,2]}]}`): `requests.0.requests.0: hash_ids has 2 ids, but in 4 has room for 1 block of 4 tokens`,
	} {
		_, err := Conversation([]byte(line), 0)
		require.EqualError(t, err, want, line)
	}
}

// FuzzConversation makes records that can be written of whatever is accepted.
func FuzzConversation(f *testing.F) {
	f.Add([]byte(wekaLine(`{"t":0,"type":"subagent","agent_id":"a","requests":[{"t":0,"in":4,"hash_ids":[1]}]}`)), 0.0)
	f.Add([]byte(wekaLine(`{"t":1e300,"in":4,"hash_ids":[1]}`)), -1e308)
	f.Fuzz(func(t *testing.T, line []byte, begin float64) {
		records, err := Conversation(line, begin)
		if err != nil {
			require.NotEmpty(t, err.Error())
			return
		}
		require.True(t, len(records) == 0 || recognisesWeka(line) || !strings.Contains(string(line), "block_size"))
		for i, r := range records {
			require.True(t, i == 0 || !(r.Timestamp < records[i-1].Timestamp))
			require.LessOrEqual(t, int64(len(r.ChunkHashes)), r.SeqLen/r.ChunkSize)
		}
	})
}
