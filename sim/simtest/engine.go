package simtest

import "hashlog/sim"

// Engine is the one-pass engine for whole requests: it numbers their chunks, looks them up, and touches them at once. It
// is made with NewEngine. A test may use its Index and its Stack between requests.
type Engine struct {
	Index *sim.Index
	Stack *sim.Stack

	rows []sim.Row // of the request at hand
}

// Steps is what a request meets in the stack. The slices are valid until the next request.
type Steps struct {
	Runs          []sim.Run      // in prefix order; their N add up to the number of chunks
	Distances     []sim.Distance // in touch order; likewise
	SizeDisagrees bool           // the size of a chunk differs from the one that its key was first seen with
}

// NewEngine returns an engine with an empty stack.
func NewEngine(order sim.Order) *Engine {
	return &Engine{Index: sim.NewIndex(), Stack: sim.NewStack(order)}
}

// Request replays one request. size is the bytes of each of its chunks, 0 if unknown. The only error is
// [sim.ErrTooManyChunks]; the request has not been replayed then.
func (e *Engine) Request(keys []sim.Key, size int64) (Steps, error) {
	var err error
	if e.rows, err = e.Index.Number(keys, e.rows[:0]); err != nil {
		return Steps{}, err
	}
	return Replay(e.Stack, e.rows, size), nil
}

// Replay looks up the chunks of a request, and touches them at once.
func Replay(s *sim.Stack, rows []sim.Row, size int64) Steps {
	runs, touches := s.LookUp(rows, size)
	distances, disagrees := s.Touch(touches)
	return Steps{Runs: runs, Distances: distances, SizeDisagrees: disagrees}
}

// Needs returns the need of each chunk, in prefix order.
func Needs(runs []sim.Run) []sim.Depth {
	var needs []sim.Depth
	for _, run := range runs {
		for i := range run.N {
			needs = append(needs, run.NeedAt(i))
		}
	}
	return needs
}

// Depths returns the distance of each touch, in touch order.
func Depths(distances []sim.Distance) []sim.Depth {
	var depths []sim.Depth
	for _, d := range distances {
		for range d.N {
			depths = append(depths, d.Depth)
		}
	}
	return depths
}
