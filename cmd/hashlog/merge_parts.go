package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"slices"

	"hashlog/analyze"
	"hashlog/analyze/units"
)

// part is one of the summaries that merge joins. Between its first look at them and the joining, only stdin stays open: there may be
// thousands.
type part struct {
	source summarySource
	file   *analyze.SummaryFile // nil if it is not open
	in     io.Closer            // of the file

	// what the first look has found
	settings *analyze.SummarySettings
	span     *analyze.Span
	isOpen   bool // something may have come before
	caches   int
}

// openParts reads the beginnings of all summaries.
func openParts(ctx context.Context, env *env, args []string) (parts []*part, err error) {
	for _, arg := range args {
		p := &part{source: summarySource{name: arg}}
		if arg == "-" {
			p.source.in = env.stdin
		}
		parts = append(parts, p)
		if _, err := p.open(ctx); err != nil {
			closeParts(parts)
			return nil, err
		}
		if p.source.in == nil {
			p.close()
		}
	}
	return parts, nil
}

func closeParts(parts []*part) {
	for _, p := range parts {
		p.close()
	}
}

// open reads the beginning of a summary, unless it is open already.
func (p *part) open(ctx context.Context) (*analyze.SummaryFile, error) {
	if p.file != nil {
		return p.file, nil
	}
	in, err := openSummary(ctx, &p.source)
	if err != nil {
		return nil, err
	}
	p.file, p.in = in.file, in.read
	p.settings, p.span, p.isOpen, p.caches = p.file.Settings(), p.file.Span(), p.file.Open(), p.file.Caches()
	return p.file, nil
}

func (p *part) close() {
	if p.file != nil {
		p.in.Close()
		p.file, p.in = nil, nil
	}
}

// arrange puts the parts in order of time and checks that they can be joined, before any of them is read.
func (m *mergeFlags) arrange(parts []*part) error {
	if !m.beside {
		slices.SortStableFunc(parts, func(a, b *part) int { return a.span.Compare(b.span) })
	}
	if err := m.checkKinds(parts); err != nil {
		return err
	}
	whole := parts[0].span.Clone()
	settings := parts[0].settings
	for i, p := range parts[1:] {
		if err := settings.Differ(p.settings); err != nil {
			return between(parts[0], p, err)
		}
		if err := m.follows(whole, p); err != nil {
			return between(culprit(parts[:i+1], err), p, err)
		}
	}
	return nil
}

// culprit returns the part that the next one doesn't go with: the one that it repeats, or the last one.
func culprit(before []*part, err error) *part {
	var twice *analyze.TwiceError
	if errors.As(err, &twice) {
		for _, p := range before {
			if slices.Contains(p.span.Parts, twice.Part) {
				return p
			}
		}
	}
	return before[len(before)-1]
}

// follows joins the spans of the parts before with that of the next one.
func (m *mergeFlags) follows(whole *analyze.Span, p *part) error {
	next := p.span
	if m.beside {
		return whole.Beside(next)
	}
	from, to, gap := whole.Gap(next)
	if err := whole.Then(next); err != nil {
		return err
	}
	if gap && !m.gaps {
		return fmt.Errorf("there is a gap between them, from %s to %s; --gaps joins them all the same", units.FormatTime(from), units.FormatTime(to))
	}
	return nil
}

// checkKinds finds summaries that nothing can follow, and those that can follow nothing.
func (m *mergeFlags) checkKinds(parts []*part) error {
	if m.beside || len(parts) == 1 {
		return nil
	}
	for i, p := range parts {
		switch {
		case p.caches > 1:
			return fmt.Errorf("%s: adds up %d caches, which have no common order that another part could follow: join the parts of each cache first, then use --beside", p.source.named(), p.caches)
		case i > 0 && !p.isOpen:
			return between(parts[i-1], p, errors.New("the second is closed: it begins with an empty cache"))
		}
	}
	return nil
}

// between names the two summaries that an error is about.
func between(a, b *part, err error) error {
	return fmt.Errorf("%s and %s: %w", a.source.named(), b.source.named(), err)
}

// beside adds the summary of another cache.
func beside(whole *analyze.Summary, file *analyze.SummaryFile) error {
	other, err := file.Read()
	if err != nil {
		return err
	}
	return whole.Beside(other)
}
