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
	"hashlog/log"
	"hashlog/log/foreign"
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
	r := &analyze.Report{Notes: []string{"before", read.String(), "after"}, Log: log.Stats{Foreign: []log.Foreign{read}}}
	explainNotes(r)
	require.Equal(t, []string{"before", "t.jsonl is read as a Bailian trace: … (change with --block-size and --keep-tail)", "after"}, r.Notes)
}

// TestLibrariesNameNoFlags reads the texts of packages that others may import.
func TestLibrariesNameNoFlags(t *testing.T) {
	flag := regexp.MustCompile(`--[a-z]|hashlog [a-z]+ `)
	for _, dir := range []string{"../../log", "../../sim", "../../writer", "../../analyze/geometry", "../../analyze/units"} {
		require.NoError(t, filepath.WalkDir(dir, func(path string, _ fs.DirEntry, err error) error {
			if err != nil || filepath.Ext(path) != ".go" || strings.HasSuffix(path, "_test.go") {
				return err
			}
			file, err := parser.ParseFile(token.NewFileSet(), path, nil, 0)
			require.NoError(t, err)
			ast.Inspect(file, func(n ast.Node) bool {
				if text, ok := n.(*ast.BasicLit); ok && text.Kind == token.STRING {
					require.NotRegexp(t, flag, text.Value, path)
				}
				return true
			})
			return nil
		}))
	}
}
