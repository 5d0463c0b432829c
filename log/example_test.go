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
	for r.Scan() {
		e := r.Entry()
		fmt.Println(e.Timestamp, e.SeqLen, len(e.Hashes))
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
