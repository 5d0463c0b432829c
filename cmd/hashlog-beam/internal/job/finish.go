package job

import (
	"context"
	"io"

	"hashlog/analyze"
	"hashlog/cmd/hashlog-beam/internal/store"
	"hashlog/log"
)

// Names in the output folder.
const (
	PooledFile = "pooled.sum" // all nodes as one cache
	ApartFile  = "apart.sum"  // each node its own cache
	TableFile  = "fleet.csv"  // both, by capacity
	NodesDir   = "nodes"      // a summary a node
)

// output returns the output folder.
func (j *Job) output(ctx context.Context) (store.Folder, error) {
	return store.Open(ctx, j.plan.Output)
}

// copyOut copies a file of the shared folder into the output folder.
func (j *Job) copyOut(ctx context.Context, out store.Folder, file, name string) error {
	r, err := j.work.Open(ctx, file)
	if err != nil {
		return err
	}
	defer r.Close()
	return out.Write(ctx, name, func(w io.Writer) error {
		_, err := io.Copy(w, r)
		return err
	})
}

// publishFn copies the summary of a node into the output folder.
type publishFn struct{ Job }

func (f *publishFn) ProcessElement(ctx context.Context, p Piece) error {
	out, err := f.output(ctx)
	if err != nil {
		return err
	}
	defer out.Close()
	return f.copyOut(ctx, out, p.File, NodesDir+"/"+f.plan.Nodes[p.Node].Name+".sum")
}

// finishFn writes what the output folder has of all nodes.
type finishFn struct{ Job }

func (f *finishFn) ProcessElement(ctx context.Context, pool, fleet Piece) error {
	out, err := f.output(ctx)
	if err != nil {
		return err
	}
	defer out.Close()
	if err := f.copyOut(ctx, out, pool.File, PooledFile); err != nil {
		return err
	}
	if err := f.copyOut(ctx, out, fleet.File, ApartFile); err != nil {
		return err
	}
	rows, met, err := f.compare(ctx, pool, fleet)
	if err != nil {
		return err
	}
	if err := out.Write(ctx, TableFile, func(w io.Writer) error { return writeTable(w, rows) }); err != nil {
		return err
	}
	return writeJSON(ctx, f.work, resultName(f.Plan), met)
}

// Met is what was wrong with the logs.
type Met struct {
	Skipped, Late, Damaged int64
	Problems               []string // the first of them, located
	Notes                  []string // on the input
}

// Count returns the number of problems.
func (m *Met) Count() int64 { return m.Skipped + m.Late + m.Damaged }

func newMet(stats log.Stats, notes []analyze.Note) *Met {
	m := &Met{Skipped: stats.Skipped, Late: stats.Late, Damaged: stats.Damaged}
	for _, p := range stats.Problems {
		m.Problems = append(m.Problems, p.String())
	}
	for _, n := range notes {
		m.Notes = append(m.Notes, n.Text)
	}
	return m
}

func resultName(plan string) string { return "met-in-" + plan }

// ReadMet returns what the job of a plan met, after its end.
func ReadMet(ctx context.Context, work store.Folder, plan string) (*Met, error) {
	m := new(Met)
	return m, readJSON(ctx, work, resultName(plan), m)
}
