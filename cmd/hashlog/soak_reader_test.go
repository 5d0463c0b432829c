//go:build unix

package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"time"

	"hashlog/analyze"
)

// soakReader is a command that reads the folder again and again.
type soakReader struct {
	args []string
	runs atomic.Int64

	mu       sync.Mutex
	statuses map[int]int
	notes    map[string]*soakNote // what it said, by its kind
}

// soakNote is what a reader has said several times, but for names and numbers.
type soakNote struct {
	first string
	count int
	fault bool
}

func (r *soakReader) run(ctx context.Context, s *soaking) {
	r.statuses, r.notes = make(map[int]int), make(map[string]*soakNote)
	for ctx.Err() == nil {
		if s.disk.Load() == 0 { // there is nothing to read yet: that is status 1
			time.Sleep(10 * time.Millisecond)
			continue
		}
		cmd := command(nil, slices.Concat(r.args[:1], []string{s.dir}, r.args[1:])...)
		cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
		if err := cmd.Start(); err != nil {
			r.note(err.Error(), true)
			return
		}
		finished := make(chan error, 1)
		go func() { finished <- cmd.Wait() }()
		select {
		case <-finished:
			r.ended(cmd, s)
		case <-ctx.Done(): // it may take a while yet
			cmd.Process.Kill()
			<-finished
		}
	}
}

// ended notes what a run has come to.
func (r *soakReader) ended(cmd *process, s *soaking) {
	status := cmd.ProcessState.ExitCode()
	r.mu.Lock()
	r.statuses[status]++
	r.mu.Unlock()
	r.runs.Add(1)
	for line := range strings.Lines(cmd.stderr.String()) {
		r.note(strings.TrimSpace(line), status != exitDone && status != exitPartial)
	}
	if status != exitDone && status != exitPartial {
		return
	}
	var out struct{ Input analyze.Input }
	err := json.Unmarshal(bytes.TrimSpace(cmd.stdout.Bytes()), &out)
	in := out.Input
	if err != nil || in.Skipped != 0 || in.Late != 0 || in.Requests == 0 || in.Requests > s.sent.Load()+10_000 {
		r.note(fmt.Sprintf("%v; %d requests, %d skipped, %d late", err, in.Requests, in.Skipped, in.Late), true)
	}
}

var soakNames = regexp.MustCompile(`\d+`)

func (r *soakReader) note(text string, fault bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	kind := soakNames.ReplaceAllString(text, "#")
	n := r.notes[kind]
	if n == nil {
		n = &soakNote{first: text}
		r.notes[kind] = n
	}
	n.count++
	n.fault = n.fault || fault
}

// faults returns what the reader should not have said.
func (r *soakReader) faults() (faults []string) {
	for _, n := range r.notes {
		if n.fault {
			faults = append(faults, n.first)
		}
	}
	return faults
}

// report prints each kind of thing that the reader has said once.
func (r *soakReader) report() {
	fmt.Printf("%s: %d runs, of status %v\n", r.args[0], r.runs.Load(), r.statuses)
	for _, n := range r.notes {
		kind := "said"
		if n.fault {
			kind = "FAULT"
		}
		fmt.Printf("  %s %d ×, first: %.400s\n", kind, n.count, n.first)
	}
}
