package main

import (
	"context"
	"errors"
	"math"

	"hashlog/log"
	"hashlog/sim"
)

// workload is a log in memory, as the client of a cache server sees it.
type workload struct{ requests []request }

// request is one request of a log.
type request struct {
	time   float64  // seconds since the Unix epoch
	chunks []uint32 // in prefix order, numbered in order of first sight
	unit   int64    // tokens in a chunk
	tokens int64    // in the request, tail included
}

// worth returns the tokens of a hit prefix of k chunks.
func (q *request) worth(k int) int64 { return min(int64(k)*q.unit, q.tokens) }

// last returns the time of the last request.
func (w *workload) last() float64 { return w.requests[len(w.requests)-1].time }

// readWorkload reads logs. It fails if anything is wrong with them: a figure of part of a log is compared with nothing.
func readWorkload(ctx context.Context, paths []string) (*workload, error) {
	files, err := log.Find(ctx, paths, nil)
	if err != nil {
		return nil, err
	}
	reader, err := files.Open(ctx, log.Options{Strict: true})
	if err != nil {
		return nil, err
	}
	defer reader.Close()
	w, index := &workload{}, sim.NewIndex()
	for reader.Scan() {
		if err := w.add(reader.Entry(), index); err != nil {
			return nil, err
		}
	}
	if err := reader.Err(); err != nil {
		return nil, err
	}
	if len(w.requests) == 0 {
		return nil, errors.New("the logs have no request")
	}
	return w, nil
}

// add appends a record.
func (w *workload) add(e *log.Entry, index *sim.Index) error {
	var keys []sim.Key
	for _, key := range e.AppendKeys(nil) {
		keys = append(keys, sim.Key(key))
	}
	rows, err := index.Number(keys, nil)
	if err != nil {
		return err
	}
	q := request{time: e.Timestamp, unit: e.ChunkSize, tokens: e.SeqLen}
	for _, r := range rows {
		for id := r.First; id < r.First+uint32(r.N); id++ {
			q.chunks = append(q.chunks, id)
		}
	}
	w.requests = append(w.requests, q)
	return nil
}

// clock maps the time of a log to that of the cache.
type clock struct {
	began  float64 // when the first request is due, in seconds since the Unix epoch
	first  float64 // its time in the log
	faster float64 // seconds of the log in a second of the cache
}

// at returns the time of the cache at a time of the log.
func (c clock) at(time float64) float64 {
	if math.IsInf(c.faster, 1) {
		return c.began
	}
	return c.began + (time-c.first)/c.faster
}
