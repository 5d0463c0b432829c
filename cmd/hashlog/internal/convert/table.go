package convert

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"hashlog/analyze"
	"hashlog/log"
	"hashlog/log/foreign"
)

// Tables writes the requests of CSV files, file by file and in the order of rows. The Formats of the input don't matter.
func (l *Logs) Tables(ctx context.Context, in Input) (Read, error) {
	t := table{logs: l, in: &in, read: Read{Sieve: analyze.NewSieve(in.Filter)}}
	texts, err := in.Files.Texts(ctx)
	if err != nil {
		return t.read, err
	}
	defer texts.Close()
	in.Bar.Start("converting", texts.Progress)
	defer in.Bar.Stop()
	for !t.read.Sieve.Full() && texts.Next() {
		l.apart = true
		if err := t.file(ctx, texts); err != nil {
			return t.read, err
		}
	}
	return t.read, texts.Err()
}

// table converts CSV.
type table struct {
	logs  *Logs
	in    *Input
	read  Read
	entry log.Entry
}

// file converts one file.
func (t *table) file(ctx context.Context, texts *log.Texts) error {
	rows := foreign.NewCSV()
	empty := true
	for !t.read.Sieve.Full() && texts.Scan() {
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
	if t.read.Sieve.Full() {
		return nil
	}
	if err := t.request(ctx, texts, rows.End()); err != nil {
		return err
	}
	if p := texts.Damage(); p != nil {
		return t.add(*p)
	}
	if empty && texts.Err() == nil {
		t.read.Stats.Add(log.Problem{File: texts.Name(), Kind: log.KindEmpty})
	}
	return nil
}

// request writes a request, if there is one and it is good.
func (t *table) request(ctx context.Context, texts *log.Texts, r *foreign.Request) error {
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
	e.Hashes = slices.Grow(e.Hashes[:0], n)[:n] // only their number matters
	if !t.read.Sieve.Covers(e.Timestamp) {      // no reader has looked at it
		t.read.Sieve.Outside(e)
		return nil
	}
	if !t.read.Sieve.Admit(e) {
		return nil
	}
	err = t.logs.put(ctx, e)
	if no := (refused{}); errors.As(err, &no) {
		return t.report(texts, r.Line, no)
	}
	return err
}

// report counts a bad record, if there is an error.
func (t *table) report(texts *log.Texts, line int64, err error) error {
	if err == nil {
		return nil
	}
	return t.add(log.Problem{File: texts.Name(), Line: line, Kind: log.KindSkipped, Msg: err.Error()})
}

// add counts a problem, which ends it all if the input is to be strict.
func (t *table) add(p log.Problem) error {
	t.read.Stats.Add(p)
	if t.in.Strict {
		return &p
	}
	return nil
}
