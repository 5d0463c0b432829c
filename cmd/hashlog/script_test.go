package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"
	"github.com/stretchr/testify/require"

	"hashlog/analyze"
	"hashlog/analyze/units"
)

func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){"hashlog": main, "hashlog-watched": watched, "hashlog-peak": peak})
}

// TestScripts runs the transcripts. Beside the usual commands they have
//
//	status N COMMAND ARG…  run a command that must exit with status N
//	bigline N FILE         append a canonical line of at least N MiB to a file
//	holeline N FILE        append a line of N MiB of NUL to a file
func TestScripts(t *testing.T) {
	logs, err := filepath.Abs(testdata)
	if err != nil {
		t.Fatal(err)
	}
	testscript.Run(t, testscript.Params{
		Dir:                 filepath.Join(testdata, "script"),
		RequireExplicitExec: true,
		UpdateScripts:       *update,
		Setup: func(e *testscript.Env) error {
			e.Setenv("LOGS", logs)
			e.Setenv("TZ", "America/New_York") // nothing may depend on it
			return nil
		},
		Cmds: map[string]func(*testscript.TestScript, bool, []string){"status": cmdStatus, "bigline": cmdBigLine, "holeline": cmdHoleLine},
	})
}

func cmdStatus(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 2 {
		ts.Fatalf("usage: status N COMMAND ARG…")
	}
	got := 0
	if err := ts.Exec(args[1], args[2:]...); err != nil {
		var exit *exec.ExitError
		if !errors.As(err, &exit) {
			ts.Fatalf("running %s: %v", args[1], err)
		}
		got = exit.ExitCode()
	}
	if strconv.Itoa(got) != args[0] {
		ts.Fatalf("exit status %d, want %s\nstdout:\n%s\nstderr:\n%s", got, args[0], ts.ReadFile("stdout"), ts.ReadFile("stderr"))
	}
}

func cmdBigLine(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 2 {
		ts.Fatalf("usage: bigline N FILE")
	}
	mib, err := strconv.Atoi(args[0])
	ts.Check(err)
	hash := []byte(`"0x0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"`)
	n := mib<<20/(len(hash)+2) + 1
	line := []byte(`{"timestamp": 1711843200.0, "request_id": "big", "model_name": "m", "chunk_size": 1, "seq_len": ` + strconv.Itoa(n) +
		`, "dtypes": ["int8"], "shapes": [[1]], "chunk_hashes": [`)
	line = append(line, bytes.Repeat(append(hash, ", "...), n-1)...)
	line = append(line, hash...)
	line = append(line, "]}\n"...)
	f, err := os.OpenFile(ts.MkAbs(args[1]), os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o644)
	ts.Check(err)
	_, err = f.Write(line)
	ts.Check(errors.Join(err, f.Close()))
}

func cmdHoleLine(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 2 {
		ts.Fatalf("usage: holeline N FILE")
	}
	mib, err := strconv.ParseInt(args[0], 10, 64)
	ts.Check(err)
	path := ts.MkAbs(args[1])
	info, err := os.Stat(path)
	ts.Check(err)
	ts.Check(os.Truncate(path, info.Size()+mib<<20))
	f, err := os.OpenFile(path, os.O_APPEND|os.O_WRONLY, 0)
	ts.Check(err)
	_, err = f.WriteString("\n")
	ts.Check(errors.Join(err, f.Close()))
}

// TestReadme runs the transcript that README.md shows: its examples are the fenced blocks that begin with "$ ".
func TestReadme(t *testing.T) {
	text, err := os.ReadFile("../../README.md")
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	_, missing := os.Stat(referenceTrace)
	script := readmeScript(string(text), func(command string) bool { return missing != nil && strings.Contains(command, readmeTrace) })
	if err := os.WriteFile(filepath.Join(dir, "readme.txtar"), []byte(script), 0o644); err != nil {
		t.Fatal(err)
	}
	logs, err := filepath.Abs(testdata)
	if err != nil {
		t.Fatal(err)
	}
	testscript.Run(t, testscript.Params{Dir: dir, RequireExplicitExec: true,
		Setup: func(e *testscript.Env) error {
			trace, err := filepath.Abs(referenceTrace)
			if err == nil {
				err = os.Symlink(trace, filepath.Join(e.WorkDir, readmeTrace))
			}
			return errors.Join(err, os.Symlink(logs, filepath.Join(e.WorkDir, "testdata")))
		}})
}

// readmeTrace is a published trace that the README has figures of. It is not part of the project: they are checked where it is.
const readmeTrace = "conversation_trace.jsonl"

// TestReadmeStoreDelay compares the README's table of delays.
func TestReadmeStoreDelay(t *testing.T) {
	if _, err := os.Stat(referenceTrace); err != nil {
		t.Skip("the reference trace is not here")
	}
	text, err := os.ReadFile("../../README.md")
	require.NoError(t, err)
	rows := regexp.MustCompile(`(?m)^\| (\d+[sm]) \| (.*) \|$`).FindAllStringSubmatch(string(text), -1)
	require.Len(t, rows, 6)
	for _, row := range rows {
		var out strings.Builder
		require.Zero(t, run([]string{"simulate", referenceTrace, "--model-config", testdata + "/model-config/llama-70b.json",
			"--capacity", "1.25TiB,5TiB,inf", "--store-delay", row[1], "--json"}, nil, &out, io.Discard))
		var report analyze.Report
		require.NoError(t, json.Unmarshal([]byte(out.String()), &report))
		var rates []string
		for _, r := range report.Results {
			rates = append(rates, units.FormatPercent(r.TokenHitRate))
		}
		require.Equal(t, row[2], strings.Join(rates, " | "), row[1])
	}
}

// readmeScript turns the blocks of a text that begin with "$ " into a script that runs each command and compares what it
// prints with what stands below it, but for those to be skipped.
func readmeScript(text string, skip func(command string) bool) string {
	var script, files strings.Builder
	for i, block := range strings.Split(text, "```") {
		_, body, _ := strings.Cut(block, "\n")
		if i%2 == 0 || !strings.HasPrefix(body, "$ ") {
			continue
		}
		command, output, _ := strings.Cut(strings.ReplaceAll(body[2:], "\\\n", ""), "\n")
		if skip(command) {
			continue
		}
		name := "want-" + strconv.Itoa(i)
		script.WriteString("exec " + command + "\ncmp stdout " + name + "\n")
		files.WriteString("-- " + name + " --\n" + output)
	}
	return script.String() + files.String()
}
