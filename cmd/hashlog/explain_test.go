package main

import (
	"errors"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"hashlog/analyze"
	"hashlog/analyze/geometry"
	"hashlog/analyze/units"
	"hashlog/log"
	"hashlog/log/foreign"
	"hashlog/sim"
)

func TestExplain(t *testing.T) {
	read := log.Foreign{As: "a Mooncake trace: …", First: "t.jsonl", Files: 1}
	for want, err := range map[string]error{
		`architecture "Nope" is not known, and head_dim is missing: give --bytes-per-chunk instead`: &geometry.UnknownError{Architecture: "Nope", Missing: []string{"head_dim"}},
		"per_layer_config is not supported: give --bytes-per-chunk instead":                         &geometry.UnsupportedError{Reason: "per_layer_config is not supported"},
		`architecture "A": head_dim is missing`:                                                     &geometry.MissingError{Architecture: "A", Missing: []string{"head_dim"}},
		`architecture "A": head_dim and torch_dtype are missing; --kv-dtype can give the dtype`:     &geometry.MissingError{Architecture: "A", Missing: []string{"head_dim", "torch_dtype"}},
		`torch_dtype "int3" is not known: give --kv-dtype`:                                          &geometry.DTypeError{DType: "int3"},
		"a Mooncake trace has one block size, but there are chunks of 256 tokens (model \"a\"), 512 tokens (model \"b\"): choose with --model, --since and --until"://
		&foreign.MixedSizesError{Sizes: []foreign.ModelSize{{Model: "a", ChunkSize: 256}, {Model: "b", ChunkSize: 512}}},
		"no usable record: t.jsonl is read as a Mooncake trace: … (change with --block-size and --keep-tail)"://
		&analyze.NothingError{Why: fmt.Errorf("no usable record: %s", read), Log: log.Stats{Foreign: []log.Foreign{read}}},
		"capacity 5 B is in bytes, but why: give --model-config (a model's config.json) or --bytes-per-chunk, or the capacity in chunks"://
		&analyze.UnknownSizeError{Capacity: units.InBytes(5), Why: "why"},
		"nothing lies between the capacities 5 B and 4 B: --from must be below --to":                         &analyze.RangeError{From: units.InBytes(5), To: units.InBytes(4)},
		"--to 4 B: chunk sizes are unknown: give --model-config or --bytes-per-chunk, or the size in chunks": &analyze.RangeError{To: units.InBytes(4), End: "to", Why: analyze.ErrSizesUnknown},
		"--from 5 B: bad": &analyze.RangeError{From: units.InBytes(5), End: "from", Why: errors.New("bad")},
		`cache "x": must be lru or y; --cache help describes them`: &analyze.UnknownPresetError{Name: "x", Known: []string{"lru", "y"}},
		"no usable record: looked for JSON lines with timestamp, chunk_size, seq_len and chunk_hashes in a (hashlog convert reads token ids and CSV)"://
		&analyze.NothingError{Why: &analyze.NotLogsError{Paths: []string{"a"}}},
		analyze.ErrTiersNeedLRU.Error() + ": leave out --cache":                                                                        analyze.ErrTiersNeedLRU,
		analyze.ErrTargetNeedsCurve.Error() + ": leave out --cache, or let hashlog plot --target find the smallest capacity of a grid": analyze.ErrTargetNeedsCurve,
		"a:1: too many unique chunks: replay less of the logs (--since, --until, --max-requests)":                                      fmt.Errorf("a:1: %w", sim.ErrTooManyChunks),
		"anything else": errors.New("anything else"),
	} {
		wrapped := usageError{fmt.Errorf("file: %w", err)}
		got := explain(wrapped)
		require.EqualError(t, got, "file: "+want)
		require.ErrorIs(t, got, err)
		require.ErrorAs(t, got, &usageError{})
	}
}

func TestExplainNotes(t *testing.T) {
	read := log.Foreign{As: "a Bailian trace: …", First: "t.jsonl", Files: 1}
	r := &analyze.Report{Notes: []analyze.Note{{Text: "before"}, {Text: read.String()}, {Kind: analyze.SizesUnknown, Text: "Sizes are unknown."}, {Kind: analyze.ManyModels, Text: "Two models."}}, Log: log.Stats{Foreign: []log.Foreign{read}}}
	explainNotes(r)
	var texts []string
	for _, n := range r.Notes {
		texts = append(texts, n.Text)
	}
	require.Equal(t, []string{"before", "t.jsonl is read as a Bailian trace: … (change with --block-size and --keep-tail)",
		"Sizes are unknown; --model-config or --bytes-per-chunk gives bytes.", "Two models: --model NAME replays one."}, texts)
}

// TestLibrariesNameNoFlags reads the texts of packages that others may import.
func TestLibrariesNameNoFlags(t *testing.T) {
	flag := regexp.MustCompile(`--[a-z]|hashlog [a-z]+ `)
	const others = "LMCache's documentation" // names flags of another program
	for _, dir := range []string{"../../log", "../../sim", "../../writer", "../../analyze"} {
		require.NoError(t, filepath.WalkDir(dir, func(path string, _ fs.DirEntry, err error) error {
			if err != nil || filepath.Ext(path) != ".go" || strings.HasSuffix(path, "_test.go") {
				return err
			}
			file, err := parser.ParseFile(token.NewFileSet(), path, nil, 0)
			require.NoError(t, err)
			ast.Inspect(file, func(n ast.Node) bool {
				if text, ok := n.(*ast.BasicLit); ok && text.Kind == token.STRING && !strings.Contains(text.Value, others) {
					require.NotRegexp(t, flag, text.Value, path)
				}
				return true
			})
			return nil
		}))
	}
}
