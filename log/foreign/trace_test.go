package foreign

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"hashlog/log"
)

// mooncakeRow returns a row of three blocks of 512 tokens and 100 tokens.
func mooncakeRow(more string) string {
	return `{"timestamp": 27482, "input_length": 1636, "output_length": 52, "hash_ids": [46, 0, 47, 18446744073709551615]` + more + `}`
}

func TestMooncake(t *testing.T) {
	full := log.Record{Timestamp: 27.482, ChunkSize: 512, SeqLen: 1636, ChunkHashes: []string{"0x2e", "0x0", "0x2f"}}
	with := func(change func(*log.Record)) log.Record {
		r := full
		change(&r)
		return r
	}
	kept := with(func(r *log.Record) { r.ChunkHashes = append(r.ChunkHashes[:3:3], "0xffffffffffffffff") })
	for _, c := range []struct {
		opts Options
		line string
		want log.Record
	}{
		{Options{}, mooncakeRow(""), full},
		{Options{}, mooncakeRow("") + "\r", full},
		{Options{KeepTail: true}, mooncakeRow(""), kept},
		{Options{BlockSize: 409}, mooncakeRow(""), with(func(r *log.Record) { r.ChunkHashes = kept.ChunkHashes; r.ChunkSize = 409 })},
		{Options{}, mooncakeRow(`, "any": {"a": [1]}, "request_id": "r\n1", "model": "m"`), with(func(r *log.Record) { r.RequestID, r.ModelName = "r\n1", "m" })},
		{Options{}, mooncakeRow(`, "request_id": 17, "model_name": "é", "model": "é"`), with(func(r *log.Record) { r.RequestID, r.ModelName = "17", "é" })},
		{Options{}, mooncakeRow(`, "session_id": "s", "delay": 5, "created_time": 27482.0, "input_tokens": 1636`), with(func(r *log.Record) { r.SessionID = "s" })},
		{Options{}, mooncakeRow(`, "session_id": 12, "cache_salt": "not of this format"`), with(func(r *log.Record) { r.SessionID = "12" })},
		{Options{}, `{"session_id":null,"created_time":27482,"input_tokens":1636,"output_tokens":3,"hash_ids":[46,0 , 47 ]}`, full},
		{Options{KeepTail: true}, `{"timestamp": 27482, "input_length": 1636, "hash_ids": [46, 0, 47]}`, full},
		{Options{}, mooncakeRow(`, "timestamp": -0.5, "input_length": 0, "hash_ids": []`), log.Record{Timestamp: -0.0005, ChunkSize: 512}},
		{Options{}, mooncakeRow(`, "input_length": 5, "hash_ids": [ 9 ]`), log.Record{Timestamp: 27.482, ChunkSize: 512, SeqLen: 5}},
		{Options{KeepTail: true}, mooncakeRow(`, "input_length": 512, "hash_ids": [9]`), log.Record{Timestamp: 27.482, ChunkSize: 512, SeqLen: 512, ChunkHashes: []string{"0x9"}}},
	} {
		got, err := decode(t, decoderOf(t, c.opts, "x", c.line), c.line)
		require.NoError(t, err, c.line)
		require.Equal(t, c.want, got, c.line)
		at, ok := decoderOf(t, c.opts, "x", c.line).Timestamp([]byte(c.line))
		require.True(t, ok)
		require.Equal(t, c.want.Timestamp, at)
	}
}

func TestMooncakeRefuses(t *testing.T) {
	d := decoderOf(t, Options{}, "x", mooncakeRow(""))
	for line, want := range map[string]string{
		``:                                 `not JSON: ends early`,
		mooncakeRow("")[:50]:               `not JSON: ends early`,
		`[]`:                               `not a JSON object`,
		mooncakeRow("") + `{}`:             `not JSON: something follows the object`,
		mooncakeRow(`, "timestamp": null`): `missing "timestamp"`,
		mooncakeRow(`, "timestamp": null, "delay": 5`):                  `missing "timestamp": a delay counts from the turn before, and the row has no "session_id"`,
		mooncakeRow(`, "timestamp": null, "delay_ms": 5`):               `missing "timestamp": a delay counts from the turn before, and the row has no "session_id"`,
		mooncakeRow(`, "timestamp": null, "delay": 5, "session_id": 1`): `missing "timestamp": a delay counts from the turn before, and no row above has a time and this "session_id"`,
		mooncakeRow(`, "timestamp": null, "session_id": {}`):            `session_id must be a string or a number, is {}`,
		mooncakeRow(`, "timestamp": "1"`):                               `timestamp must be a number, is "1"`,
		mooncakeRow(`, "timestamp": 1e999`):                             `timestamp must be finite, is 1e999`,
		mooncakeRow(`, "created_time": 27483`):                          `timestamp is 27482, but created_time is 27483`,
		mooncakeRow(`, "created_time": []`):                             `created_time must be a number, is []`,
		mooncakeRow(`, "input_length": null`):                           `missing "input_length"`,
		mooncakeRow(`, "input_length": -1`):                             `input_length must be an integer from 0 to 2^63-1, is -1`,
		mooncakeRow(`, "input_length": 1636.0`):                         `input_length must be an integer from 0 to 2^63-1, is 1636.0`,
		mooncakeRow(`, "input_length": 9223372036854775808`):            `input_length must be an integer from 0 to 2^63-1, is 9223372036854775808`,
		mooncakeRow(`, "input_tokens": 1637`):                           `input_length is 1636, but input_tokens is 1637`,
		mooncakeRow(`, "hash_ids": null`):                               `missing "hash_ids"`,
		mooncakeRow(`, "hash_ids": {}`):                                 `hash_ids must be a list of integers from 0 to 2^64-1, is {}`,
		mooncakeRow(`, "hash_ids": [1, -1]`):                            `hash_ids must be a list of integers from 0 to 2^64-1, is -1`,
		mooncakeRow(`, "hash_ids": [1.0]`):                              `hash_ids must be a list of integers from 0 to 2^64-1, is 1.0`,
		mooncakeRow(`, "hash_ids": [1e3]`):                              `hash_ids must be a list of integers from 0 to 2^64-1, is 1e3`,
		mooncakeRow(`, "hash_ids": ["7"]`):                              `hash_ids must be a list of integers from 0 to 2^64-1, is "7"`,
		mooncakeRow(`, "hash_ids": [[7]]`):                              `hash_ids must be a list of integers from 0 to 2^64-1, is [7`,
		mooncakeRow(`, "hash_ids": [18446744073709551616]`):             `hash_ids must be a list of integers from 0 to 2^64-1, is 18446744073709551616`,
		mooncakeRow(`, "hash_ids": [1, 2, 3, 4, 5]`):                    `hash_ids has 5 ids, but input_length 1636 has room for 4 blocks of 512 tokens: is the block size right?`,
		mooncakeRow(`, "hash_ids": [1, 2]`):                             `hash_ids has 2 ids, but input_length 1636 has 3 complete blocks of 512 tokens: is the block size right?`,
		`{"timestamp": 1, "input_tokens": 512, "hash_ids": []}`:         `hash_ids has 0 ids, but input_tokens 512 has 1 complete block of 512 tokens: is the block size right?`,
		mooncakeRow(`, "input_length": 9223372036854775807`):            `hash_ids has 4 ids, but input_length 9223372036854775807 has 18014398509481983 complete blocks of 512 tokens: is the block size right?`,
		mooncakeRow(`, "request_id": ["x"]`):                            `request_id must be a string or a number, is ["x"]`,
		mooncakeRow(`, "session_id": {}`):                               `session_id must be a string or a number, is {}`,
		mooncakeRow(`, "model": 5`):                                     `model must be a string, is 5`,
		mooncakeRow(`, "model": "a", "model_name": "b"`):                `model_name is b, but model is a`,
		mooncakeRow(`, "request_id": "` + "\xff" + `"`):                 `not JSON: invalid UTF-8 at byte 127`,
		mooncakeRow(`, "timestamp": "` + strings.Repeat("x", 99) + `"`): `timestamp must be a number, is "\"` + strings.Repeat("x", 59) + `"…`,
	} {
		_, err := decode(t, d, line)
		require.EqualError(t, err, want, line)
		require.Equal(t, strings.HasPrefix(want, "not JSON"), log.IsNotJSON(err), line)
	}
	_, ok := d.Timestamp([]byte(`{`))
	require.False(t, ok)
}

func TestBailian(t *testing.T) {
	line := `{"chat_id": 159, "parent_chat_id": 55, "timestamp": 61.114, "input_length": 40, "output_length": 132, "type": "text", "turn": 2, "hash_ids": [1089, 1090, 6326]}`
	want := log.Record{Timestamp: 61.114, RequestID: "159", SessionID: "55", ChunkSize: 16, SeqLen: 40, ChunkHashes: []string{"0x441", "0x442"}}
	for name, o := range map[string]Options{"x": {}, "qwen_traceA_blksz_16.jsonl.gz": {}, "blksz_20": {BlockSize: 16}, "blksz_0": {}, "blksz_": {},
		"blksz_1234567890": {}, "a_blksz_8": {BlockSize: 16}, "blksz_20/x": {}, "blksz_20/a_blksz_16.jsonl": {}} {
		got, err := decode(t, decoderOf(t, o, name, line), line)
		require.NoError(t, err)
		require.Equal(t, want, got, name)
	}
	got, err := decode(t, decoderOf(t, Options{}, "a_blksz_20.jsonl", line), strings.Replace(line, ", 6326", "", 1))
	require.NoError(t, err)
	require.EqualValues(t, 20, got.ChunkSize)
	d := decoderOf(t, Options{KeepTail: true}, "x", line)
	got, err = decode(t, d, strings.Replace(line, "159", `"c-159"`, 1))
	require.NoError(t, err)
	want.RequestID, want.ChunkHashes = "c-159", []string{"0x441", "0x442", "0x18b6"}
	require.Equal(t, want, got)
	_, err = decode(t, d, `{"chat_id": 1, "created_time": 5, "input_tokens": 3, "hash_ids": []}`)
	require.EqualError(t, err, `missing "timestamp"`)
	_, err = decode(t, d, `{"chat_id": 1, "timestamp": 5, "input_tokens": 3, "hash_ids": []}`)
	require.EqualError(t, err, `missing "input_length"`)
	_, err = decode(t, d, `{"chat_id": false, "timestamp": 5, "input_length": 3, "hash_ids": []}`)
	require.EqualError(t, err, `chat_id must be a string or a number, is false`)
	_, err = decode(t, d, `{"chat_id": 1, "parent_chat_id": [], "timestamp": 5, "input_length": 3, "hash_ids": []}`)
	require.EqualError(t, err, `parent_chat_id must be a string or a number, is []`)
}

// The session of a Bailian request is the root of its conversation, as far back as the file goes.
func TestBailianSession(t *testing.T) {
	d := decoderOf(t, Options{Format: Bailian}, "x", "")
	for _, row := range [][2]string{ // the ids of a row, and its session
		{`"chat_id": 1, "parent_chat_id": -1`, "1"},
		{`"chat_id": 2, "parent_chat_id": 1`, "1"},
		{`"chat_id": "3", "parent_chat_id": "2"`, "1"},
		{`"chat_id": 4, "parent_chat_id": 3`, "1"},
		{`"chat_id": 5, "parent_chat_id": 1`, "1"},    // a branch
		{`"chat_id": 7, "parent_chat_id": 6`, "6"},    // 6 is in an earlier file
		{`"chat_id": 8, "parent_chat_id": 7`, "6"},    //
		{`"chat_id": 9`, "9"},                         // no parent is given
		{`"chat_id": 10, "parent_chat_id": 10`, "10"}, // its own parent
		{`"chat_id": 6, "parent_chat_id": 8`, "6"},    // a circle
		{`"parent_chat_id": 3`, ""},                   // no request to speak of
		{`"chat_id": 11, "parent_chat_id": null`, "11"},
		{`"chat_id": 12, "parent_chat_id": "-1"`, "12"},
	} {
		r, err := decode(t, d, `{`+row[0]+`, "timestamp": 5, "input_length": 3, "hash_ids": []}`)
		require.NoError(t, err)
		require.Equal(t, row[1], r.SessionID, row[0])
	}
}

// Roots are those that a walk from parent to parent finds.
func TestRoots(t *testing.T) {
	rng := rand.New(rand.NewPCG(5, 6))
	var r roots
	parents := map[string]string{}
	for i := range 5000 {
		id, parent := fmt.Sprint(i), ""
		if i > 0 && rng.IntN(4) > 0 {
			parent = fmt.Sprint(rng.IntN(i))
		}
		parents[id] = parent
		root := id
		for parents[root] != "" {
			root = parents[root]
		}
		require.Equal(t, root, r.find(id, parent))
	}
}

func TestRecognised(t *testing.T) {
	for line, want := range map[string]string{
		mooncakeRow(""):                       "a Mooncake trace: a block is 512 tokens by default, partial tail blocks are dropped",
		`{"hash_ids": []}`:                    "a Mooncake trace: a block is 512 tokens by default, partial tail blocks are dropped",
		`{"input_tokens": 5}`:                 "a Mooncake trace: a block is 512 tokens by default, partial tail blocks are dropped",
		`{"chat_id": 1, "input_length": "x"}`: "a Bailian trace: a block is 16 tokens by default, partial tail blocks are dropped",
		`{"chat_id": 1}`:                      "", `{}`: "", `{`: "", `x`: "", `[1]`: "", ``: "", `{"hash_ids": null}`: "",
		`{"timestamp": 1, "chunk_size": 1, "seq_len": 1, "chunk_hashes": ["0x1"], "hash_ids": [1], "input_length": 1}`: "",
	} {
		got := ""
		for _, f := range (Options{}).Formats() {
			if d := f.Decoder("x", []byte(line)); d != nil {
				require.Empty(t, got)
				got = d.String()
			}
		}
		require.Equal(t, want, got, line)
	}
}

func TestForced(t *testing.T) {
	require.Contains(t, decoderOf(t, Options{}, "blksz_16", mooncakeRow("")).String(), "a block is 512 tokens by default", "the name says it of Bailian alone")
	require.Empty(t, Options{Format: Hashlog}.Formats())
	d := decoderOf(t, Options{Format: Mooncake, BlockSize: 64, KeepTail: true}, "blksz_16", "anything")
	require.Equal(t, "a Mooncake trace: a block is 64 tokens as given, partial tail blocks are kept as chunks", d.String())
	d = decoderOf(t, Options{Format: Bailian}, "blksz_32", "anything")
	require.Equal(t, "a Bailian trace: a block is 32 tokens as its name says, partial tail blocks are dropped", d.String())
	_, err := decode(t, d, `{"timestamp": 1.0, "request_id": "", "model_name": "", "chunk_size": 1, "seq_len": 1, "chunk_hashes": []}`)
	require.EqualError(t, err, `missing "input_length"`)
}

func TestParseNames(t *testing.T) {
	for _, s := range []string{"auto", "hashlog", "mooncake", "bailian", "dynamo"} {
		n, err := ParseLogFormat(s)
		require.NoError(t, err)
		require.EqualValues(t, s, n)
	}
	_, err := ParseLogFormat("csv")
	require.EqualError(t, err, `format "csv": must be auto, hashlog, mooncake, bailian or dynamo`)
	for _, s := range []string{"mooncake", "bailian", "dynamo", "weka", "tokens", "csv"} {
		n, err := ParseTraceFormat(s)
		require.NoError(t, err)
		require.EqualValues(t, s, n)
	}
	_, err = ParseTraceFormat("auto")
	require.EqualError(t, err, `format "auto": must be mooncake, bailian, dynamo, weka, tokens or csv`)
}

// TestReads reads files of all kinds together, in order of time.
func TestReads(t *testing.T) {
	dir := t.TempDir()
	own := `{"timestamp": 2.5, "request_id": "own", "model_name": "m", "chunk_size": 256, "seq_len": 256, "dtypes": [], "shapes": [], "chunk_hashes": ["0x1"]}` + "\n"
	paths := []string{
		write(t, dir, "m.jsonl.gz", gzipped("\n"+`{"timestamp": 1000, "input_length": 512, "hash_ids": [1], "request_id": "m1"}`+"\n"+
			`{"timestamp": 3000, "input_length": 512, "hash_ids": [1, 2, 3]}`+"\n"+`{"timestamp": 3000, "input_length": 513, "hash_ids": [1, 2], "request_id": "m2"}`+"\n"+`{"timest`)),
		write(t, dir, "q_blksz_8.jsonl", `{"chat_id": "q1", "timestamp": 2, "input_length": 8, "hash_ids": [1]}`+"\n"+`{"chat_id": "q2", "timestamp": 0.5, "input_length": 8, "hash_ids": [1]}`+"\n"),
		write(t, dir, "own.jsonl", own),
	}
	for range 2 {
		files, err := log.Find(t.Context(), paths, nil)
		require.NoError(t, err)
		reader, err := files.Open(t.Context(), log.Options{Formats: Options{}.Formats()})
		require.NoError(t, err)
		var ids []string
		for reader.Scan() {
			ids = append(ids, fmt.Sprintf("%v %s %d", reader.Entry().Timestamp, reader.Entry().RequestID, reader.Entry().ChunkSize))
		}
		require.Equal(t, []string{"0.5 q2 8", "1 m1 512", "2 q1 8", "2.5 own 256", "3 m2 512"}, ids)
		stats := reader.Stats()
		require.Equal(t, []string{dir + "/m.jsonl.gz:3: hash_ids has 3 ids, but input_length 512 has room for 1 block of 512 tokens: is the block size right?"},
			[]string{stats.Problems[0].String()})
		require.EqualValues(t, 1, stats.Torn)
		require.Len(t, stats.Foreign, 2)
		require.NoError(t, reader.Close())
	}
}

func TestReadsStdin(t *testing.T) {
	for _, text := range []string{mooncakeRow("") + "\n", gzipped(mooncakeRow(""))} {
		lines, stats := readAll(t, Options{Lines: true}, text, "-")
		require.Equal(t, []string{`{"timestamp": 27.482, "request_id": "", "model_name": "", "chunk_size": 512, "seq_len": 1636, "dtypes": [], "shapes": [], "chunk_hashes": ["0x2e", "0x0", "0x2f"]}` + "\n"}, lines)
		require.Equal(t, log.StdinName, stats.Foreign[0].First)
	}
}

// TestNoAllocations keeps decoding free of garbage.
func TestNoAllocations(t *testing.T) {
	line := []byte(mooncakeRow(`, "request_id": "r", "model": "m"`))
	d := newTrace(Options{Lines: true}, &mooncake, "")
	var e log.Entry
	require.NoError(t, d.Decode(line, &e))
	require.LessOrEqual(t, testing.AllocsPerRun(100, func() { _ = d.Decode(line, &e) }), 3.0)
}

// TestLongList takes memory for as many ids as there are.
func TestLongList(t *testing.T) {
	const n = 200_001
	d := newTrace(Options{BlockSize: 1}, &mooncake, "")
	var e log.Entry
	require.NoError(t, d.Decode(fmt.Appendf(nil, `{"timestamp": 1, "input_length": %d, "hash_ids": [%s1]}`, n, strings.Repeat("1,", n-1)), &e))
	require.Len(t, d.ids, n)
	require.Less(t, cap(d.ids), n+2048)
}

// FuzzTrace decodes lines as both kinds of traces: what is accepted is a record.
func FuzzTrace(f *testing.F) {
	f.Add([]byte(mooncakeRow("")), int64(512), true)
	f.Add([]byte(`{"chat_id": 1, "timestamp": 6.5, "input_length": 20, "hash_ids": [1 , 2]}`), int64(16), false)
	f.Add([]byte(`{"timestamp":1,"created_time":1.0,"input_tokens":7,"model":"\ud83d\ude00","request_id":-1e5,"hash_ids":[3]}`), int64(3), false)
	f.Fuzz(func(t *testing.T, line []byte, block int64, keepTail bool) {
		for _, o := range []Options{{Format: Mooncake}, {Format: Bailian}} {
			o.BlockSize, o.KeepTail = block, keepTail
			d := decoderOf(t, o, "fuzz", "")
			at, ok := d.Timestamp(line)
			r, err := decode(t, d, string(line))
			if err != nil {
				require.Less(t, len(err.Error()), 500)
				continue
			}
			require.True(t, ok)
			require.Equal(t, r.Timestamp, at)
			require.LessOrEqual(t, int64(len(r.ChunkHashes)), r.SeqLen/r.ChunkSize+1)
		}
	})
}
