// Package convert turns traces into lookup-hash logs, and logs into a trace.
//
//   - [Logs] takes an [Input] in a format that has a record a line ([Logs.Records]), or in CSV ([Logs.Tables]), and writes it
//     as logs.
//   - [Trace] writes an Input as a Mooncake trace.
//
// Both return a [Read]: what the filter let through, and what was wrong with the input. Neither prints anything.
package convert

import (
	"context"
	"errors"

	"hashlog/analyze"
	"hashlog/cmd/hashlog/internal/progress"
	"hashlog/log"
)

// Input is what is to be converted.
type Input struct {
	Files   *log.Files
	Formats []log.Format // beside that of package log; CSV is not one of them
	Filter  analyze.Filter
	Strict  bool          // the first bad record ends it all, with a *log.Problem
	Bar     *progress.Bar // shows how far it is
}

// Read is what came of an input.
type Read struct {
	Sieve *analyze.Sieve // has counted what the filter let through
	Stats log.Stats      // also of records that were read and could not be converted
}

// refused is the error of a record that can't be converted. It is a problem with that record alone.
type refused struct{ error }

// each hands the records of an input, in order of time and as far as the filter lets them through, to f. An error of f that is
// refused counts as a problem, and any other ends it all. what is a word for the bar.
func (in *Input) each(ctx context.Context, what string, f func(*log.Entry) error) (Read, error) {
	read := Read{Sieve: analyze.NewSieve(in.Filter)}
	reader, err := in.Files.Open(ctx, log.Options{Strict: in.Strict, AnyDType: true, Since: in.Filter.Since, Until: in.Filter.Until, Formats: in.Formats})
	if err != nil {
		return read, err
	}
	defer reader.Close()
	in.Bar.Start(what, reader.Progress)
	defer in.Bar.Stop()
	var more problems
	for !read.Sieve.Full() && reader.Scan() {
		e := reader.Entry()
		if !read.Sieve.Admit(e) {
			continue
		}
		var no refused
		switch err := f(e); {
		case errors.As(err, &no):
			p := log.Problem{File: e.File, Line: e.Line, Kind: log.KindSkipped, Msg: no.Error()}
			if in.Strict {
				read.Stats = reader.Stats()
				return read, &p
			}
			more.add(p)
		case err != nil:
			read.Stats = reader.Stats()
			return read, err
		}
	}
	read.Sieve.Finish(reader.Stats())
	read.Stats = more.in(reader.Stats())
	return read, reader.Err()
}

// problems are those that converting met beside reading.
type problems struct {
	first []log.Problem
	count int64
}

func (p *problems) add(one log.Problem) {
	if p.count++; p.count <= log.MaxProblems {
		p.first = append(p.first, one)
	}
}

// in returns stats with the problems added.
func (p *problems) in(stats log.Stats) log.Stats {
	for _, one := range p.first {
		stats.Add(one)
	}
	more := p.count - int64(len(p.first))
	stats.Skipped += more
	stats.ProblemCount += more
	return stats
}
