package main

import (
	"context"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"

	"hashlog/log/s3/s3test"
)

// heat is a set of commands that run alternately, and the rows that compare them.
type heat struct {
	name     string
	skip     string // why it can't be run, if it can't
	logs     []string
	objects  bool // the logs are in an object store too, as s3://bucket/NAME
	commands []command
	rows     []row
}

// lab is the environment of the measurements.
type lab struct {
	dir      string // of the logs
	hashlog  string // the program to measure
	runs     int    // of each command
	progress io.Writer
}

// plots is the folder that plot writes to, beside the logs.
const plots = ".plots.tmp"

// measure makes the logs of a heat, runs it and returns the requested rows.
func (l *lab) measure(ctx context.Context, h heat, wanted *regexp.Regexp) ([]outcome, error) {
	h.rows = slices.DeleteFunc(h.rows, func(r row) bool { return !wanted.MatchString(r.key) })
	notes := h.leaveOut()
	var err error
	var of *results
	if len(h.commands) > 0 {
		if of, err = l.race(ctx, h); err != nil {
			return nil, err
		}
	}
	var out []outcome
	for _, r := range h.rows {
		out = append(out, r.outcome(of, notes[r.key]))
	}
	return out, nil
}

// leaveOut removes commands that can't run or that no row needs. It returns why rows can't be measured, by key.
func (h *heat) leaveOut() map[string]string {
	notes, needed := make(map[string]string), make(map[string]bool)
	for _, r := range h.rows {
		if notes[r.key] = h.hindrance(r); notes[r.key] == "" {
			for _, name := range r.metric.commands {
				needed[name] = true
			}
		}
	}
	h.commands = slices.DeleteFunc(slices.Clone(h.commands), func(c command) bool { return !needed[c.name] })
	return notes
}

// hindrance returns why a row can't be measured, "" if it can.
func (h *heat) hindrance(r row) string {
	if h.skip != "" {
		return h.skip
	}
	for _, c := range h.commands {
		if missing := c.missing(); len(missing) > 0 && slices.Contains(r.metric.commands, c.name) {
			return "needs " + strings.Join(missing, ", ")
		}
	}
	return ""
}

// race runs the commands alternately: an uncounted round, then those that count.
func (l *lab) race(ctx context.Context, h heat) (*results, error) {
	of := &results{samples: make(map[string][]sample), logs: make(map[string]made)}
	for _, name := range h.logs {
		var err error
		if of.logs[name], err = l.log(ctx, name); err != nil {
			return nil, err
		}
	}
	if err := os.MkdirAll(l.dir, 0o777); err != nil {
		return nil, err
	}
	defer os.RemoveAll(filepath.Join(l.dir, plots))
	if h.objects {
		closeStore, err := l.serve()
		if err != nil {
			return nil, err
		}
		defer closeStore()
	}
	fmt.Fprintf(l.progress, "measuring %s\n", h.name)
	for round := range l.runs + 1 {
		for _, c := range h.commands {
			s, err := l.time(ctx, c)
			if err != nil {
				return nil, err
			}
			if round > 0 {
				of.samples[c.name] = append(of.samples[c.name], s)
			}
		}
	}
	return of, nil
}

// serve starts an object store in this process, and makes all commands find it.
func (l *lab) serve() (closeStore func(), err error) {
	server := s3test.ServeFolder(l.dir)
	for name, value := range s3test.Environment(server.URL) {
		if err := os.Setenv(name, value); err != nil {
			server.Close()
			return nil, err
		}
	}
	return server.Close, nil
}
