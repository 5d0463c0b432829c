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
func (l *Logs) Tables(ctx context.Context, in Input) (Read, error) { return l.texts(ctx, in, csvFile) }

// texts writes the requests of text files. file reads one of them.
func (l *Logs) texts(ctx context.Context, in Input, file func(context.Context, *table) error) (Read, error) {
	texts, err := in.Files.Texts(ctx)
	t := &table{logs: l, in: &in, read: Read{Sieve: analyze.NewSieve(in.Filter)}, texts: texts}
	if err != nil {
		return t.read, err
	}
	defer texts.Close()
	in.Bar.Start("converting", texts.Progress)
	defer in.Bar.Stop()
	for !t.read.Sieve.Full() && texts.Next() {
		l.apart = true
		if err := file(ctx, t); err != nil {
			return t.read, err
		}
	}
	return t.read, texts.Err()
}

// table converts text files whose lines are no records.
type table struct {
	logs  *Logs
	in    *Input
	texts *log.Texts
	read  Read
	entry log.Entry
}

// csvFile converts one file of CSV.
func csvFile(ctx context.Context, t *table) error {
	rows := foreign.NewCSV()
	err := t.lines(func(line log.Line) error {
		done, bad := rows.Add(line.Text, line.Number)
		if header := (*foreign.HeaderError)(nil); errors.As(bad, &header) {
			return fmt.Errorf("%s:%d: %w", log.Quoted(t.texts.Name()), line.Number, bad)
		}
		return errors.Join(t.request(ctx, done), t.report(line.Number, bad))
	})
	if err != nil || t.read.Sieve.Full() {
		return err
	}
	if err := t.request(ctx, rows.End()); err != nil {
		return err
	}
	return t.end()
}

// lines passes on the lines of a file until no more requests are needed.
func (t *table) lines(each func(log.Line) error) error {
	empty := true
	for !t.read.Sieve.Full() && t.texts.Scan() {
		empty = false
		line := t.texts.Line()
		if line.TooLong {
			if err := t.report(line.Number, fmt.Errorf("line is longer than %d bytes", log.MaxLine)); err != nil {
				return err
			}
			continue
		}
		if err := each(line); err != nil {
			return err
		}
	}
	if empty && t.texts.Err() == nil && t.texts.Damage() == nil && !t.read.Sieve.Full() {
		t.read.Stats.Add(log.Problem{File: t.texts.Name(), Kind: log.KindEmpty})
	}
	return nil
}

// end reports how a file has ended.
func (t *table) end() error {
	if p := t.texts.Damage(); p != nil {
		return t.add(*p)
	}
	return nil
}

// request writes a request, if there is one and it is good.
func (t *table) request(ctx context.Context, r *foreign.Request) error {
	if r == nil {
		return nil
	}
	if r.Err != nil {
		return t.report(r.ErrAt, r.Err)
	}
	e := &t.entry
	var err error
	if e.Text, err = log.AppendRecord(e.Text[:0], &r.Record); err != nil {
		return t.report(r.Line, err)
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
		return t.report(r.Line, no)
	}
	return err
}

// report counts a bad record, if there is an error.
func (t *table) report(line int64, err error) error {
	if err == nil {
		return nil
	}
	return t.add(log.Problem{File: t.texts.Name(), Line: line, Kind: log.KindSkipped, Msg: err.Error()})
}

// add counts a problem, which ends it all if the input is to be strict.
func (t *table) add(p log.Problem) error {
	t.read.Stats.Add(p)
	if t.in.Strict {
		return &p
	}
	return nil
}
