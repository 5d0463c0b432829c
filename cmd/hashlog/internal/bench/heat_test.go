package main

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// TestMain makes the test's own binary a program to be measured, which runs no test whatever its arguments.
func TestMain(m *testing.M) {
	if len(os.Args) > 1 && !strings.HasPrefix(os.Args[1], "-test.") {
		os.Exit(program(os.Args[1:]))
	}
	os.Exit(m.Run())
}

// program adds the second argument to a file if the first is note, else it complains.
func program(args []string) int {
	if args[0] != "note" {
		fmt.Fprintf(os.Stderr, "cannot %s\n", args[0])
		return 1
	}
	f, err := os.OpenFile("notes", os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o666)
	if err != nil {
		return 1
	}
	defer f.Close()
	if _, err := f.WriteString(args[1]); err != nil {
		return 1
	}
	return 0
}

func newLab(t *testing.T) *lab {
	return &lab{dir: t.TempDir(), hashlog: os.Args[0], runs: 3, progress: &bytes.Buffer{}}
}

func testHeat() heat {
	return heat{name: "test",
		commands: []command{hashlog("a", "note", "A"), hashlog("b", "note", "B"), hashlog("c", "note", "C"), tool("no-such-tool")},
		rows: []row{
			{"a/b", "a against b", ratio("a", "b"), times, limit{}},
			{"c", "c", seconds("c"), "s", limit{}},
			{"a/tool", "a against a tool", ratio("a", "no-such-tool"), times, limit{}},
		}}
}

// Commands of the rows that are wanted run in turn, one round more than counts; a missing tool costs its own row alone.
func TestMeasure(t *testing.T) {
	l := newLab(t)
	have, err := l.measure(context.Background(), testHeat(), regexp.MustCompile("^a"))
	require.NoError(t, err)
	require.Len(t, have, 2)
	require.Equal(t, unasked, have[0].verdict)
	require.Positive(t, have[0].figure.value)
	require.Len(t, have[0].samples["a"], 3)
	require.Equal(t, skipped, have[1].verdict)
	require.Equal(t, "needs no-such-tool", have[1].note)
	notes, err := os.ReadFile(filepath.Join(l.dir, "notes"))
	require.NoError(t, err)
	require.Equal(t, "ABABABAB", string(notes))
}

func TestMeasureSkipsWhatCannotBe(t *testing.T) {
	h := testHeat()
	h.skip = "not today"
	have, err := newLab(t).measure(context.Background(), h, regexp.MustCompile("^c"))
	require.NoError(t, err)
	require.Len(t, have, 1)
	require.Equal(t, "not today", have[0].note)
}

func TestFailingCommandEndsIt(t *testing.T) {
	h := heat{commands: []command{hashlog("a", "plot")}, rows: []row{{"a", "a", seconds("a"), "s", limit{}}}}
	_, err := newLab(t).measure(context.Background(), h, regexp.MustCompile(""))
	require.ErrorContains(t, err, "hashlog plot: exit status 1")
	require.ErrorContains(t, err, "cannot plot")
}

func TestExpand(t *testing.T) {
	l := newLab(t)
	require.NoError(t, os.Mkdir(filepath.Join(l.dir, "gz"), 0o777))
	for _, name := range []string{"2.gz", "1.gz", "made.json"} {
		require.NoError(t, os.WriteFile(filepath.Join(l.dir, "gz", name), nil, 0o666))
	}
	have, err := l.expand([]string{"hashlog", "plot", "gz", "gz/*.gz"})
	require.NoError(t, err)
	require.Equal(t, []string{l.hashlog, "plot", "gz", filepath.Join("gz", "1.gz"), filepath.Join("gz", "2.gz")}, have)
	_, err = l.expand([]string{"wc", "zst/*.zst"})
	require.ErrorContains(t, err, "no file matches zst/*.zst")
}

// Every row is made from commands of its heat, every command serves a row, and no two rows share a key.
func TestHeatsHangTogether(t *testing.T) {
	keys := make(map[string]bool)
	for _, h := range heats(&options{large: true, reference: "."}) {
		served, names := make(map[string]bool), make(map[string]bool)
		for _, c := range h.commands {
			require.False(t, names[c.name], "%s: two commands %s", h.name, c.name)
			names[c.name] = true
		}
		for _, r := range h.rows {
			require.False(t, keys[r.key], r.key)
			keys[r.key] = true
			for _, name := range r.metric.commands {
				served[name] = true
			}
		}
		require.Equal(t, names, served, h.name)
		for _, log := range h.logs {
			require.NotEmpty(t, recipeOf(log).String())
		}
	}
}
