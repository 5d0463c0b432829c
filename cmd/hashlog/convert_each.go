package main

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"hashlog/analyze"
	"hashlog/cmd/hashlog/internal/progress"
	"hashlog/log"
)

// nothing explains why there is nothing to convert, after it has located what was wrong.
func nothing(env *env, s *analyze.Sieve, files *log.Files, stats log.Stats) error {
	locate(env.stderr, stats)
	switch {
	case (s.Read > 0 || stats.Beyond != nil) && s.Passed == 0:
		return s.Nothing(stats)
	case len(stats.Foreign) > 0:
		return fmt.Errorf("no usable record: %s", stats.Foreign[0])
	case stats.EmptyFiles == int64(files.Len()):
		return fmt.Errorf("no usable record: %s", stats.EmptyNote())
	}
	var names []string
	for _, path := range files.Paths()[:min(3, files.Len())] {
		names = append(names, log.Quoted(path))
	}
	return fmt.Errorf("no usable record in %s", strings.Join(names, ", "))
}

// each hands the records of the logs, in order of time and as far as the filters let them
// through, to f. An error that is refused is a problem with that record, and any other ends
// it all.
func (c *convertFlags) each(ctx context.Context, files *log.Files, formats []log.Format, bar *progress.Bar, what string, f func(*log.Entry) error) (*analyze.Sieve, log.Stats, error) {
	reader, err := files.Open(ctx, log.Options{Strict: c.strict, AnyDType: true, Since: c.filter.Since, Until: c.filter.Until, Formats: formats})
	if err != nil {
		return nil, log.Stats{}, err
	}
	defer reader.Close()
	bar.Start(what, reader.Progress)
	defer bar.Stop()
	s := analyze.NewSieve(c.filter)
	var more problems
	for !s.Full() && reader.Scan() {
		e := reader.Entry()
		if !s.Admit(e) {
			continue
		}
		var no refused
		switch err := f(e); {
		case errors.As(err, &no):
			p := log.Problem{File: e.File, Line: e.Line, Kind: log.KindSkipped, Msg: no.Error()}
			if c.strict {
				return s, reader.Stats(), &p
			}
			more.add(p)
		case err != nil:
			return s, reader.Stats(), err
		}
	}
	s.Finish(reader.Stats())
	return s, more.in(reader.Stats()), reader.Err()
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

// refused is the error of a record that cannot be converted.
type refused struct{ error }
