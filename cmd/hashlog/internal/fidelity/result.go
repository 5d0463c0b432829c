package main

import (
	"encoding/json"
	"fmt"
	"io"
	"os"
	"regexp"

	"hashlog/analyze"
	"hashlog/sim/policy"
)

// result is what a server measured, as -json writes it. Files may leave out what has a default.
type result struct {
	Server     string  `json:"server"`          // as its program calls itself
	Preset     string  `json:"preset"`          // default: by the name of the server
	TouchOrder string  `json:"touch_order"`     // default: head
	Capacity   int     `json:"capacity_chunks"` // aimed at
	Held       float64 `json:"resident_chunks_mean"`
	Hit        int64   `json:"hit_tokens"`
	Total      int64   `json:"total_tokens"`
	Rate       float64 `json:"token_hit_rate"`
	Evicted    int64   `json:"evictions"`
	Late       int     `json:"late_requests"`
	Refused    int64   `json:"refused"` // chunks that the server would not store
	Began      float64 `json:"began"`   // the server's time of the first request, in seconds since the Unix epoch; default: the log's
	Faster     float64 `json:"faster"`  // seconds of the log in one of the server; default: 1

	times []float64 // of the requests, as they were sent; nil in a file
}

// results are a file of them.
type results struct {
	Measured []result `json:"measured"`
}

// result returns an outcome as a result.
func (t trial) result(out outcome, pace clock, w *workload) result {
	r := result{Server: t.kind.program, Preset: t.kind.preset, TouchOrder: analyze.OrderName(t.order), Capacity: t.capacity, Held: out.held, Hit: out.hit, Total: out.total,
		Rate: out.rate(), Evicted: out.evicted, Refused: out.refused, Late: out.late, Began: pace.began, Faster: pace.faster, times: out.times}
	if t.timed {
		r.times, r.Began, r.Faster = w.times(), w.requests[0].time, 1
	}
	return r
}

// times returns the times of a log.
func (w *workload) times() []float64 {
	times := make([]float64, len(w.requests))
	for i, q := range w.requests {
		times[i] = q.time
	}
	return times
}

// timesOf returns when the server got the requests. A file says it in short.
func (r result) timesOf(w *workload) []float64 {
	switch {
	case r.times != nil:
		return r.times
	case r.Faster == 0:
		return w.times()
	}
	c, times := clock{r.Began, w.requests[0].time, r.Faster}, w.times()
	for i := range times {
		times[i] = c.at(times[i])
	}
	return times
}

func writeResults(to io.Writer, all []result) error {
	out := json.NewEncoder(to)
	out.SetIndent("", " ")
	return out.Encode(results{all})
}

func readResults(path string) ([]result, error) {
	text, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	var file results
	if err := json.Unmarshal(text, &file); err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	for i := range file.Measured {
		if err := file.Measured[i].complete(); err != nil {
			return nil, fmt.Errorf("%s: result %d: %w", path, i+1, err)
		}
	}
	return file.Measured, nil
}

// named is the name of a server in a file that names no presets: redis-7.0.15-lru-5 is Redis 7.0.15 with 5 samples.
var named = regexp.MustCompile(`^(redis|valkey)-[0-9.]+-(lru|lfu)-([0-9]+)$`)

// complete adds what a file leaves out.
func (r *result) complete() error {
	if r.TouchOrder == "" {
		r.TouchOrder = "head"
	}
	if _, err := analyze.ParseTouchOrder(r.TouchOrder); err != nil {
		return fmt.Errorf("touch_order: %w", err)
	}
	m := named.FindStringSubmatch(r.Server)
	switch {
	case r.Preset != "":
	case r.Server == "memcached-seg":
		r.Preset = "memcached"
	case r.Server == "memcached-flat":
		r.Preset = "memcached-flat"
	case m != nil && m[2] == "lru":
		r.Preset = m[1] + ":samples=" + m[3]
	case m != nil:
		r.Preset = "redis-lfu:samples=" + m[3]
	default:
		return fmt.Errorf("no preset for server %q", r.Server)
	}
	spec, err := policy.Parse(r.Preset)
	r.Preset = spec.String() // without what is the default
	return err
}
