package job

import (
	"cmp"
	"context"
	"fmt"
	"io"
	"slices"

	"hashlog/analyze"
)

// joinFn joins summaries into one: those of nodes beside each other, others in order of time.
type joinFn struct {
	Job
	AtOnce int
}

func (f *joinFn) ProcessElement(ctx context.Context, _ string, next func(*Piece) bool) (Piece, error) {
	var pieces []Piece
	for p := (Piece{}); next(&p); {
		pieces = append(pieces, p)
	}
	slices.SortFunc(pieces, func(a, b Piece) int { return cmp.Compare(a.Place, b.Place) })
	done, err := turn(ctx)
	if err != nil {
		return Piece{}, err
	}
	defer done()
	return f.join(ctx, pieces)
}

// join joins pieces of one cache, or of the fleet, that are in order.
func (f *joinFn) join(ctx context.Context, pieces []Piece) (Piece, error) {
	first := pieces[0]
	joined := Piece{first.Node, first.Place / f.AtOnce, first.File}
	if len(pieces) == 1 {
		return joined, nil
	}
	joined.File = "joined-" + digest(first.Node == apart, files(pieces)) + ".sum"
	return joined, f.once(ctx, joined.File, func(w io.Writer) error {
		s, err := f.read(ctx, first.File)
		if err != nil {
			return err
		}
		for _, p := range pieces[1:] {
			if err := f.add(ctx, s, p); err != nil {
				return err
			}
		}
		return s.Encode(w)
	})
}

func files(pieces []Piece) []string {
	names := make([]string, len(pieces))
	for i, p := range pieces {
		names[i] = p.File
	}
	return names
}

// add joins a summary with that of a piece: a block at a time what follows it, as a whole what stands beside it.
func (f *joinFn) add(ctx context.Context, s *analyze.Summary, p Piece) error {
	r, err := f.work.Open(ctx, p.File)
	if err != nil {
		return err
	}
	defer r.Close()
	next, err := analyze.OpenSummary(r)
	if err == nil && p.Node == apart {
		err = beside(s, next)
	} else if err == nil {
		err = s.ThenFile(next)
	}
	if err != nil {
		return fmt.Errorf("joining %s: %w", f.work.Path(p.File), err)
	}
	return nil
}

// beside adds the summary of another cache.
func beside(s *analyze.Summary, file *analyze.SummaryFile) error {
	other, err := file.Read()
	if err != nil {
		return err
	}
	return s.Beside(other)
}

// read reads a summary from the shared folder.
func (j *Job) read(ctx context.Context, file string) (*analyze.Summary, error) {
	r, err := j.work.Open(ctx, file)
	if err != nil {
		return nil, err
	}
	defer r.Close()
	s, err := analyze.ReadSummary(r)
	if err != nil {
		return nil, fmt.Errorf("reading %s: %w", j.work.Path(file), err)
	}
	return s, nil
}
