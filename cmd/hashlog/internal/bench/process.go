package main

import (
	"bytes"
	"context"
	"fmt"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"time"
)

// command is a process to be timed. It runs in the folder of the logs.
type command struct {
	name  string   // what figures call it
	argv  []string // "hashlog" is the program to measure, and an argument with a * stands for the files that it matches
	tools []string // of the system, which may be missing
}

// hashlog returns a command of the program.
func hashlog(name string, args ...string) command {
	return command{name: name, argv: append([]string{"hashlog"}, args...)}
}

// tool returns a command of the system.
func tool(name string, args ...string) command {
	return command{name: name, argv: append([]string{name}, args...), tools: []string{name}}
}

// unpacked returns a command that unpacks files and counts the lines.
func unpacked(name, unpack, files string) command {
	return command{name: name, argv: []string{"sh", "-c", unpack + ` -dc -- "$@" | wc -l`, "sh", files}, tools: []string{"sh", unpack, "wc"}}
}

// goBenchmark returns a command that runs one of a package's benchmarks on one core.
func goBenchmark(name, pkg, pattern string) command {
	return command{name: name, argv: []string{"go", "test", pkg, "-run", "^$", "-bench", pattern, "-cpu", "1"}, tools: []string{"go"}}
}

// missing returns the tools that are not installed.
func (c command) missing() []string {
	return slices.DeleteFunc(slices.Clone(c.tools), func(name string) bool { return !missingTool(name) })
}

// sample is the cost of one run of a command.
type sample struct {
	Wall   float64 `json:"wall_seconds"`
	CPU    float64 `json:"cpu_seconds"` // user and system
	Peak   int64   `json:"peak_bytes"`  // 0 where the system does not say
	Disk   int64   `json:"disk_bytes"`  // read from there; 0 where the page cache had all, or the system does not say
	output string
}

// time runs a command once. The peak that the system reports is at least the memory of this program at the start, which
// is far below the 64 MiB that don't count.
func (l *lab) time(ctx context.Context, c command) (sample, error) {
	argv, err := l.expand(c.argv)
	if err != nil {
		return sample{}, err
	}
	var stdout, stderr bytes.Buffer
	cmd := exec.CommandContext(ctx, argv[0], argv[1:]...)
	cmd.Dir, cmd.Stdout, cmd.Stderr = l.dir, &stdout, &stderr
	start := time.Now()
	err = cmd.Run()
	wall := time.Since(start)
	if err != nil {
		return sample{}, fmt.Errorf("%s: %w\n%s%s", strings.Join(c.argv, " "), err, stdout.Bytes(), stderr.Bytes())
	}
	state := cmd.ProcessState
	return sample{Wall: wall.Seconds(), CPU: (state.UserTime() + state.SystemTime()).Seconds(),
		Peak: peakBytes(state), Disk: diskBytes(state), output: stdout.String()}, nil
}

// expand replaces placeholders by names.
func (l *lab) expand(argv []string) (out []string, err error) {
	for i, arg := range argv {
		switch {
		case i == 0 && arg == "hashlog":
			out = append(out, l.hashlog)
		case !strings.Contains(arg, "*"):
			out = append(out, arg)
		default:
			paths, err := filepath.Glob(filepath.Join(l.dir, arg))
			if err == nil && len(paths) == 0 {
				err = fmt.Errorf("no file matches %s in %s", arg, l.dir)
			}
			if err != nil {
				return nil, err
			}
			for _, path := range paths {
				out = append(out, strings.TrimPrefix(path, l.dir+string(filepath.Separator)))
			}
		}
	}
	return out, nil
}
