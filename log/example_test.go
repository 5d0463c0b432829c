package log_test

import (
	"context"
	"fmt"
	"os"
	"strings"

	"hashlog/log"
	"hashlog/log/internal/line"
)

func ExampleAppendRecord() {
	line, err := line.AppendRecord(nil, &line.Record{
		Timestamp: 1711929600,
		RequestID: "req-1",
		ModelName: "DeepSeek-V3",
		ChunkSize: 256,
		SeqLen:    600,
		DTypes:    []string{"torch.bfloat16"}, Shapes: [][]int64{{61, 256, 576}},
		ChunkHashes: []string{"0x5ca1ab1e", "0xdecade"},
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	os.Stdout.Write(line)
	// Output:
	// {"timestamp": 1711929600.0, "request_id": "req-1", "model_name": "DeepSeek-V3", "chunk_size": 256, "seq_len": 600, "dtypes": ["torch.bfloat16"], "shapes": [[61, 256, 576]], "chunk_hashes": ["0x5ca1ab1e", "0xdecade"]}
}

func ExampleReader() {
	stdin := strings.NewReader(`
{"timestamp": 2, "chunk_size": 256, "seq_len": 700, "chunk_hashes": ["0x1", "0x2"]}
{"timestamp": 1, "chunk_size": 256, "seq_len": 300, "chunk_hashes": ["0x1"]}
{"timestamp": 3, "chunk_size": 256, "seq_len": 3`)
	ctx := context.Background()
	files, err := log.Find(ctx, []string{"-"}, stdin)
	if err != nil {
		fmt.Println(err)
		return
	}
	r, err := files.Open(ctx, log.Options{})
	if err != nil {
		fmt.Println(err)
		return
	}
	defer r.Close()
	var keys []uint64
	for r.Scan() {
		e := r.Entry()
		keys = e.AppendKeys(keys[:0])
		fmt.Println(e.Timestamp, e.SeqLen, len(keys))
	}
	if err := r.Err(); err != nil {
		fmt.Println(err)
	}
	stats := r.Stats()
	fmt.Println(stats.Records, "records,", stats.OutOfOrder, "put in order,", stats.Torn, "torn")
	// Output:
	// 1 300 1
	// 2 700 2
	// 2 records, 1 put in order, 1 torn
}

// A LineDecoder decodes lines from any source, and reuses the memory of the entry.
func ExampleLineDecoder() {
	var decoder log.LineDecoder
	var entry log.Entry
	for _, line := range []string{
		`{"timestamp": 1, "model_name": "m", "chunk_size": 256, "seq_len": 700, "chunk_hashes": ["0x1", "0x2"]}`,
		`{"timestamp": 2, "model_name": "m", "chunk_size": 0, "seq_len": 700, "chunk_hashes": []}`,
		`{"timestamp": 3, "model_na`,
	} {
		if err := decoder.Decode([]byte(line), &entry); err != nil {
			fmt.Println(err, log.IsNotJSON(err))
			continue
		}
		fmt.Println(entry.ModelName, entry.SeqLen, entry.Hashes[0] == log.Fingerprint([]byte("0x1")))
	}
	// Output:
	// m 700 true
	// chunk_size must be > 0, is 0 false
	// not JSON: ends early true
}

// Two models that log the same hashes store different chunks.
func ExampleEntry_AppendKeys() {
	llama := log.Entry{ModelName: "Llama-3.1-70B", Hashes: []uint64{1, 2}}
	qwen := log.Entry{ModelName: "Qwen2.5-7B", Hashes: []uint64{1, 2}}
	a, b := llama.AppendKeys(nil), qwen.AppendKeys(nil)
	fmt.Println(len(a), len(b), a[0] == b[0])
	// Output: 2 2 false
}

func ExampleDecode() {
	r, err := log.Decode([]byte(`{"chunk_hashes": ["0xa"], "timestamp": 1.5, "chunk_size": 256, "seq_len": 300, "dtypes": ["int8"], "shapes": [[2, 256]]}`))
	if err != nil {
		fmt.Println(err)
		return
	}
	bytes, err := r.ChunkBytes()
	fmt.Println(r.Timestamp, r.ChunkHashes, bytes, err)
	// Output: 1.5 [0xa] 512 <nil>
}
