package main

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"
)

func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){"hashlog": main, "hashlog-watched": watched, "hashlog-peak": peak})
}

// TestScripts runs the transcripts. Beside the usual commands they have
//
//	status N COMMAND ARG…  run a command that must exit with status N
//	bigline N FILE         append a canonical line of at least N MiB to a file
//	holeline N FILE        append a line of N MiB of NUL to a file
//
// and the condition [race]: the race detector is on. A picture takes ten times as long with it, so scripts of which others run the same code skip.
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
		Condition: func(cond string) (bool, error) {
			if cond != "race" {
				return false, fmt.Errorf("unknown condition %q", cond)
			}
			return raceDetector, nil
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
