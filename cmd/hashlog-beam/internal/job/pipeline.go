package job

import (
	"context"
	"fmt"
	"reflect"

	"github.com/apache/beam/sdks/v2/go/pkg/beam"
	"github.com/apache/beam/sdks/v2/go/pkg/beam/register"

	"hashlog/cmd/hashlog-beam/internal/store"
)

// What stands in the place of a node's number.
const (
	pooled = -1 // all logs through one cache
	apart  = -2 // the caches of all nodes
)

// Part is a part of the logs of a node, or of all.
type Part struct {
	Node  int // or pooled
	Place int // among the parts, in order of time
}

// Piece is a file with a summary, in the shared folder.
type Piece struct {
	Node  int // or pooled, or apart
	Place int // among those it is joined with
	File  string
}

func init() {
	beam.RegisterType(reflect.TypeFor[Part]())
	beam.RegisterType(reflect.TypeFor[Piece]())
	register.DoFn3x1[context.Context, string, func(Part), error](&listFn{})
	register.DoFn2x2[context.Context, Part, Piece, error](&summarizeFn{})
	register.DoFn1x2[Piece, string, Piece](&groupFn{})
	register.DoFn3x2[context.Context, string, func(*Piece) bool, Piece, error](&joinFn{})
	register.DoFn1x1[Piece, Piece](&besideFn{})
	register.DoFn2x1[context.Context, Piece, error](&publishFn{})
	register.DoFn3x1[context.Context, Piece, Piece, error](&finishFn{})
	register.Emitter1[Part]()
	register.Iter1[Piece]()
}

// atOnce is how many summaries of the pool are joined by one worker: the more, the fewer times is each read and written, and the
// fewer workers join at the same time.
const atOnce = 16

// Build adds the transforms of a plan to a pipeline.
func Build(s beam.Scope, p *Plan, planName, work string) {
	job := Job{Plan: planName, Work: work}
	parts := len(p.Cuts) + 1
	plan := beam.Create(s, planName)
	of := func(name string, node int) beam.PCollection {
		s := s.Scope(name)
		list := beam.Reshuffle(s, beam.ParDo(s, &listFn{Job: job, Pooled: node == pooled}, plan))
		return beam.ParDo(s, &summarizeFn{Job: job}, list)
	}
	pool := join(s.Scope("join pool"), job, of("parts of all", pooled), parts, atOnce)
	nodes := join(s.Scope("join nodes"), job, of("parts of nodes", apart), parts, parts)
	beam.ParDo0(s, &publishFn{Job: job}, nodes)
	fleet := join(s.Scope("join fleet"), job, beam.ParDo(s, &besideFn{}, nodes), len(p.Nodes), atOnce)
	beam.ParDo0(s, &finishFn{Job: job}, pool, beam.SideInput{Input: fleet})
}

// join joins the pieces of each cache, count of them, until one is left: in order, some at a time.
func join(s beam.Scope, job Job, pieces beam.PCollection, count, atOnce int) beam.PCollection {
	for ; count > 1; count = (count + atOnce - 1) / atOnce {
		groups := beam.GroupByKey(s, beam.ParDo(s, &groupFn{AtOnce: atOnce}, pieces))
		pieces = beam.ParDo(s, &joinFn{Job: job, AtOnce: atOnce}, groups)
	}
	return pieces
}

// Job is what every worker knows.
type Job struct {
	Plan string // name of the plan in the shared folder
	Work string // the shared folder

	plan *Plan
	work store.Folder
}

// Setup reads the plan.
func (j *Job) Setup(ctx context.Context) (err error) {
	if j.work, err = store.Open(ctx, j.Work); err == nil {
		j.plan, err = loadPlan(ctx, j.work, j.Plan)
	}
	return err
}

// Teardown implements what Beam calls at the end.
func (j *Job) Teardown() error {
	if j.work != nil {
		j.work.Close()
	}
	return nil
}

// listFn lists the parts of the pool, or those of all nodes.
type listFn struct {
	Job
	Pooled bool
}

func (f *listFn) ProcessElement(_ context.Context, _ string, emit func(Part)) error {
	nodes := []int{pooled}
	if !f.Pooled {
		nodes = nodes[:0]
		for node := range f.plan.Nodes {
			nodes = append(nodes, node)
		}
	}
	for _, node := range nodes {
		for place := range f.plan.parts() {
			emit(Part{node, place})
		}
	}
	return nil
}

// groupFn gives pieces that are joined next one key.
type groupFn struct{ AtOnce int }

func (f *groupFn) ProcessElement(p Piece) (string, Piece) {
	return fmt.Sprintf("%d/%d", p.Node, p.Place/f.AtOnce), p
}

// besideFn makes pieces of one fleet from those of nodes.
type besideFn struct{}

func (f *besideFn) ProcessElement(p Piece) Piece { return Piece{apart, p.Node, p.File} }
