package writer_test

import (
	"context"
	"expvar"
	"fmt"
	"os"
	"strings"
	"time"

	"hashlog/writer"
)

// server is a KV-cache server. Its log may be nil.
type server struct {
	log   *writer.Writer
	cache map[string]bool // by chunk hash
}

// lookup returns how many tokens of a request are cached.
func (s *server) lookup(requestID string, tokens int64, hashes [][]byte) int64 {
	const chunk = 256
	if s.log.Enabled() { // else there is no need to put the lookup together
		s.log.Record(writer.Lookup{
			Timestamp: 1711929600.5, // left out, it is the time of the call
			RequestID: requestID,
			ModelName: "DeepSeek-V3",
			ChunkSize: chunk,
			SeqLen:    tokens,
			DTypes:    []string{"torch.bfloat16"},
			Shapes:    [][]int64{{32, chunk, 128}},
			Hashes:    hashes,
		}) // an error says that it was dropped, which is counted anyway
	}
	hit := 0
	for hit < len(hashes) && s.cache[string(hashes[hit])] {
		hit++
	}
	return int64(hit) * chunk
}

func Example() {
	dir, err := os.MkdirTemp("", "lookups") // "" in Options.Dir disables the log
	if err != nil {
		panic(err)
	}
	defer os.RemoveAll(dir)
	log, err := writer.New(writer.Options{
		Dir:      dir,
		MaxFiles: 50,
		Compress: writer.Zstd,
		OnError:  func(err error) { fmt.Println("lookup log:", err) },
	})
	if err != nil {
		panic(err)
	}
	expvar.Publish("lookup_log", expvar.Func(func() any { return log.Stats() }))

	s := &server{log: log, cache: map[string]bool{"\xab\x01": true}}
	fmt.Println("cached:", s.lookup("req-1", 600, [][]byte{{0xab, 0x01}, {0xab, 0x02}}))

	// When the server ends, its last lookups get five seconds.
	ctx, cancel := context.WithTimeout(context.Background(), 5*time.Second)
	defer cancel()
	if err := log.Close(ctx); err != nil {
		fmt.Println("lookup log:", err)
	}
	files, _ := os.ReadDir(dir)
	fmt.Println("a segment:", strings.HasPrefix(files[0].Name(), "lookup_hashes_"), strings.HasSuffix(files[0].Name(), ".jsonl.zst"))
	fmt.Println(expvar.Get("lookup_log"))
	// Output:
	// cached: 256
	// a segment: true true
	// {"recorded":1,"written":1,"dropped":0,"queued":0,"bytes":211,"segments":1,"errors":0,"deleted_files":0,"deleted_bytes":0,"deleted_records":0}
}
