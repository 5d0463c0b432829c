package main

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"hashlog/analyze"
	"hashlog/cmd/hashlog/internal/progress"
	"hashlog/log"
	"hashlog/log/foreign"
)

// tables converts CSV, file by file and in the order of rows.
type tables struct {
	sink  *sink
	sieve *analyze.Sieve
	stats log.Stats
	entry log.Entry
}

// table converts CSV files.
func (s *sink) table(ctx context.Context, files *log.Files, bar *progress.Bar) (*analyze.Sieve, log.Stats, error) {
	t := tables{sink: s, sieve: analyze.NewSieve(s.flags.filter)}
	texts, err := files.Texts(ctx)
	if err != nil {
		return t.sieve, t.stats, err
	}
	defer texts.Close()
	bar.Start("converting", texts.Progress)
	defer bar.Stop()
	for !t.sieve.Full() && texts.Next() {
		s.apart = true
		if err := t.file(ctx, texts); err != nil {
			return t.sieve, t.stats, err
		}
	}
	return t.sieve, t.stats, texts.Err()
}

// file converts one file.
func (t *tables) file(ctx context.Context, texts *log.Texts) error {
	rows := foreign.NewCSV()
	empty := true
	for !t.sieve.Full() && texts.Scan() {
		empty = false
		line := texts.Line()
		if line.TooLong {
			if err := t.report(texts, line.Number, fmt.Errorf("line is longer than %d bytes", log.MaxLine)); err != nil {
				return err
			}
			continue
		}
		done, bad := rows.Add(line.Text, line.Number)
		if header := (*foreign.HeaderError)(nil); errors.As(bad, &header) {
			return fmt.Errorf("%s:%d: %w", log.Quoted(texts.Name()), line.Number, bad)
		}
		if err := errors.Join(t.request(ctx, texts, done), t.report(texts, line.Number, bad)); err != nil {
			return err
		}
	}
	if t.sieve.Full() {
		return nil
	}
	if err := t.request(ctx, texts, rows.End()); err != nil {
		return err
	}
	if p := texts.Damage(); p != nil {
		return t.add(*p)
	}
	if empty && texts.Err() == nil {
		t.stats.Add(log.Problem{File: texts.Name(), Kind: log.KindEmpty})
	}
	return nil
}

// request writes a request, if there is one and it is good.
func (t *tables) request(ctx context.Context, texts *log.Texts, r *foreign.Request) error {
	if r == nil {
		return nil
	}
	if r.Err != nil {
		return t.report(texts, r.ErrAt, r.Err)
	}
	e := &t.entry
	var err error
	if e.Text, err = log.AppendRecord(e.Text[:0], &r.Record); err != nil {
		return t.report(texts, r.Line, err)
	}
	e.Timestamp, e.SeqLen, e.ModelName = r.Record.Timestamp, r.Record.SeqLen, r.Record.ModelName
	n := len(r.Record.ChunkHashes)
	e.Hashes = slices.Grow(e.Hashes[:0], n)[:n] // their number is all that is asked for
	if !t.sieve.Covers(e.Timestamp) { // no reader has looked at it
		t.sieve.Outside(e)
		return nil
	}
	if !t.sieve.Admit(e) {
		return nil
	}
	err = t.sink.put(ctx, e)
	if no := (refused{}); errors.As(err, &no) {
		return t.report(texts, r.Line, no)
	}
	return err
}

// report counts a bad record, if there is an error.
func (t *tables) report(texts *log.Texts, line int64, err error) error {
	if err == nil {
		return nil
	}
	return t.add(log.Problem{File: texts.Name(), Line: line, Kind: log.KindSkipped, Msg: err.Error()})
}

// add counts a problem, which under --strict ends it all.
func (t *tables) add(p log.Problem) error {
	t.stats.Add(p)
	if t.sink.flags.strict {
		return &p
	}
	return nil
}
