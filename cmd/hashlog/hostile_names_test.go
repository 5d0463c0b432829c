package main

import (
	"bytes"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"github.com/stretchr/testify/require"
)

// FuzzNames gives hostile names to everything that has one: logs, good, bad, torn, damaged and absent, twins, folders,
// outputs, models. Whatever a terminal gets to see is text, a line where one is meant.
func FuzzNames(f *testing.F) {
	names := []string{"a\nfake: 0 skipped", "\xff\xfe", "\x1b[2J\x1b[31mred", "plain", "a\rb", "left\u202eright", "zero\u200bwidth", "\u0085", " ", "%s%n", "-", "--help", "*"}
	if raceDetector {
		names = names[:2] // each runs the same commands
	}
	for _, name := range names {
		f.Add(name)
	}
	f.Fuzz(func(t *testing.T, name string) {
		if name == "" || len(name) > 100 || strings.ContainsAny(name, "/\x00") || runtime.GOOS != "linux" && !utf8.ValidString(name) {
			t.Skip("no name of a file")
		}
		for _, args := range hostileCommands(t, name) {
			var stdout, stderr bytes.Buffer
			run(args, strings.NewReader("junk\n"), &stdout, &stderr)
			requirePlain(t, args, "stdout", stdout.String())
			requirePlain(t, args, "stderr", stderr.String())
		}
	})
}

// hostileCommands returns command lines in which everything has the name.
func hostileCommands(t *testing.T, name string) [][]string {
	dir := t.TempDir()
	write := func(text string, path ...string) string {
		file := filepath.Join(append([]string{dir}, path...)...)
		require.NoError(t, os.MkdirAll(filepath.Dir(file), 0o777))
		require.NoError(t, os.WriteFile(file, []byte(text), 0o666))
		return file
	}
	const good = `{"timestamp": 1, "request_id": "r", "model_name": "m", "chunk_size": 1, "seq_len": 2, "chunk_hashes": ["0x1", "0x2"]}` + "\n"
	log := write(good+"junk\n"+good+`{"timest`, "logs", name+".jsonl")
	damaged := write("\x1f\x8b\x08", "damaged", name+".jsonl.gz")
	twin := write(good, "twins", name+".jsonl")
	packed := write("\x28\xb5\x2f\xfd\x00", "twins", name+".jsonl.zst")
	empty := write("", "empty", name+".jsonl")
	trace := write(`{"timestamp": 1, "input_length": 600, "hash_ids": [1, 2]}`+"\n", "traces", name+".jsonl")
	folder := filepath.Dir(write(good, "holes", name, "lookup_hashes_20240101_000000_000000.jsonl"))
	write(good, "holes", name, "lookup_hashes_20240101_000000_000005.jsonl")
	bare := filepath.Dir(write(good, "bare", name, name+".jsonl"))
	config := write(`{"architectures": ["Nope"]}`, "config", name+".json")
	absent := filepath.Join(dir, "absent", name)
	out := filepath.Join(dir, "out", name)
	return [][]string{
		{"inspect", log, log}, {"inspect", damaged, log}, {"inspect", twin, packed}, {"inspect", trace}, {"inspect", folder},
		{"inspect", bare}, {"inspect", absent}, {"inspect", empty}, {"inspect", log, empty}, {"inspect", log, "--strict"},
		{"inspect", filepath.Dir(bare)}, {"inspect", filepath.Dir(folder)},
		{"inspect", log, "--model", name}, {"simulate", log, "--capacity", "1GiB"}, {"simulate", log, "--capacity", name},
		{"simulate", log, "--capacity", "1GiB", "--model-config", config}, {"simulate", log, "--capacity", "1GiB", "--model-config", absent},
		{"simulate", log, "--tiers", name + "=5chunks", "--capacity", "5chunks"}, {"plot", log, "-o", out},
		{"simulate", log, "--by", "source,model", "--capacity", "5chunks"}, {"simulate", log, "--by", name, "--capacity", "1chunks"},
		{"simulate", log, "--by", "hour", "--timezone", name, "--capacity", "1chunks"},
		{"compare", log, "--capacity", "5chunks", "-o", out + "7"}, {"compare", log, "--capacity", "5chunks", "--cache", name},
		{"compare", log, "--capacity", "5chunks", "--cache", "s3fifo:" + name + "=" + name}, {"export", log, "-o", out + ".csv"},
		{"fleet", log, empty, "--nodes", "sources", "--capacity", "5chunks", "-o", out + "9"}, {"fleet", log, "--nodes", "2", "--routing", name, "--capacity", "5chunks"},
		{"fleet", log, "--nodes", name, "--routing", "sglang:" + name + "=" + name, "--capacity", "5chunks"},
		{"export", log, "-o", out}, {"export", log, "-o", log}, {"export", log, "-o", filepath.Join(log, name+".csv")},
		{"report", log, "-o", out + ".html", "--title", name}, {"report", log, "-o", log}, {"report", log, "-o", out + "8", "--compare", name}, {"report", log, "-o", filepath.Join(log, name)},
		{"plot", log, "-o", log}, {"plot", log, "-o", filepath.Join(log, name)},
		{"convert", "--to", "mooncake", log, "-o", out + ".jsonl"}, {"convert", "--to", "mooncake", log, "-o", log}, {"convert", "--to", "mooncake", log, "-o", folder},
		{"convert", "--to", "mooncake", log, "-o", filepath.Join(log, name)},
		{"convert", "--from", "mooncake", trace, "-o", out + "2"}, {"convert", "--from", "mooncake", log, "-o", out + "3"}, {"convert", "--from", "csv", log, "-o", out + "4"},
		{"convert", "--from", "mooncake", trace, "-o", folder}, {"convert", "--from", "mooncake", trace, "-o", log},
		{"generate", "--requests", "2", "-o", out + "5", "--model", name}, {"generate", "--requests", "2", "-o", log}, {"generate", "--requests", "2", "-o", folder},
		{"record", "-o", out + "6"}, {"record", "-o", log}, {name}, {"help", name}, {"inspect", "--" + name}, {"record", name},
	}
}

// requirePlain demands text of whole lines that holds nothing a terminal takes for an order.
func requirePlain(t *testing.T, args []string, stream, text string) {
	require.True(t, utf8.ValidString(text), "%q: %s is no UTF-8: %q", args, stream, text)
	at := strings.IndexFunc(text, func(r rune) bool { return r != '\n' && !unicode.IsPrint(r) })
	require.Negative(t, at, "%q: %s holds %q", args, stream, text[max(0, at):min(len(text), max(0, at)+60)])
	require.NotRegexp(t, `(?m)^fake:`, text)
}
