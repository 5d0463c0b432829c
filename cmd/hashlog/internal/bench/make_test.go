package main

import (
	"bytes"
	"context"
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"hashlog/log"
)

// mark puts a log into place that was made by a recipe.
func mark(t *testing.T, l *lab, name, recipe string) {
	dir := filepath.Join(l.dir, name)
	require.NoError(t, os.MkdirAll(dir, 0o777))
	text, err := json.Marshal(made{Recipe: recipe, UniqueChunks: 7})
	require.NoError(t, err)
	require.NoError(t, os.WriteFile(filepath.Join(dir, markerName), text, 0o666))
}

func TestSameRecipeIsKept(t *testing.T) {
	l := newLab(t)
	mark(t, l, "medium", recipeOf("medium").String())
	have, err := l.log(context.Background(), "medium")
	require.NoError(t, err)
	require.EqualValues(t, 7, have.UniqueChunks)
}

// Where the recipe is another one, the log is made anew; where that fails, the old one stays and nothing else does.
func TestOtherRecipeIsMadeAnew(t *testing.T) {
	l := newLab(t)
	mark(t, l, "small", "hashlog generate --requests 3")
	_, err := l.log(context.Background(), "small") // a program that cannot generate
	require.ErrorContains(t, err, "hashlog generate: exit status")
	entries, err := os.ReadDir(l.dir)
	require.NoError(t, err)
	require.Len(t, entries, 1)
	require.FileExists(t, filepath.Join(l.dir, "small", markerName))
}

func TestForeignFolderIsLeftAlone(t *testing.T) {
	l := newLab(t)
	require.NoError(t, os.Mkdir(filepath.Join(l.dir, "medium"), 0o777))
	_, err := l.log(context.Background(), "medium")
	require.ErrorContains(t, err, "was not made here: move it away")
}

func TestRecipesTellTheWholeStory(t *testing.T) {
	require.Equal(t, recipeOf("medium2M").String()+" | shuffled", recipeOf("shuffled").String())
	packed := recipeOf("gz").String()
	if missingTool("gzip") {
		require.Equal(t, recipeOf("medium").String()+" --compress gz", packed)
	} else {
		require.Equal(t, recipeOf("medium").String()+" | gzip -6 -c", packed)
	}
}

// The program's own generator makes a log; what is made from it holds the same requests.
func TestFill(t *testing.T) {
	l := newLab(t)
	l.hashlog = filepath.Join(t.TempDir(), "hashlog.exe")
	text, err := exec.Command("go", "build", "-o", l.hashlog, "hashlog/cmd/hashlog").CombinedOutput()
	require.NoError(t, err, string(text))
	ctx, source := context.Background(), filepath.Join(l.dir, "medium")
	from, err := l.fill(ctx, recipe{flags: "--requests 20 --rotate-size 100kB"}, made{}, source)
	require.NoError(t, err)
	want := requestIDs(t, source)
	require.Len(t, want, 20)
	for _, by := range []string{shuffling, "zstd -3 -c", "gzip -6 -c"} {
		r := recipe{from: "medium", by: by}
		if by != shuffling && missingTool(r.packer()) {
			continue
		}
		dir := filepath.Join(l.dir, "made")
		of, err := l.fill(ctx, r, from, dir)
		require.NoError(t, err, by)
		require.Equal(t, from.UniqueChunks, of.UniqueChunks, by)
		require.Equal(t, want, requestIDs(t, dir), by)
		marked, err := readMarker(dir)
		require.NoError(t, err)
		require.Equal(t, of, marked, by)
	}
}

// requestIDs reads a log as the program does.
func requestIDs(t *testing.T, dir string) (out []string) {
	ctx := context.Background()
	files, err := log.Find(ctx, []string{dir}, nil)
	require.NoError(t, err)
	r, err := files.Open(ctx, log.Options{Strict: true})
	require.NoError(t, err)
	defer r.Close()
	for r.Scan() {
		out = append(out, string(r.Entry().RequestID))
	}
	require.NoError(t, r.Err())
	return out
}

func TestShuffle(t *testing.T) {
	line := `{"timestamp": 1.5, "request_id": "a: b, c", "model_name": "m", "chunk_size": 256, "seq_len": 600, "dtypes": ["torch.uint8"], "shapes": [[3]], "chunk_hashes": ["0x1", "0x2"]}` + "\n"
	var out bytes.Buffer
	require.NoError(t, shuffle(&out, strings.NewReader(strings.Repeat(line, 3))))
	lines := strings.SplitAfter(out.String(), "\n")
	require.Len(t, lines, 4)
	require.NotEqual(t, lines[0], lines[1], "each has an order of its own")
	for _, have := range lines[:3] {
		require.JSONEq(t, line, have)
		require.Contains(t, have, `"chunk_hashes":["0x1","0x2"]`)
		require.Contains(t, have, `"a: b, c"`)
	}
	require.Error(t, shuffle(&out, strings.NewReader("no JSON\n")))
}
