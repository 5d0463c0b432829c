package rows

import (
	"errors"
	"io"
	"sync"

	"hashlog/analyze"
)

// Writer takes rows from a replay and encodes them in another goroutine. It is made with New. The replay calls Add for each
// row and Close after the last; the other goroutine calls Write.
type Writer struct {
	format  Format
	columns Columns

	at     *batch // rows that have not been passed on
	unlike bool   // chunks differ in size
	full   chan *batch
	free   chan *batch

	stopped chan struct{}
	stop    func() // closes stopped

	summary Summary
}

// Summary describes what was written.
type Summary struct {
	Format  Format   `json:"format"`
	Rows    int64    `json:"rows"`
	Columns []string `json:"columns"`
	// DemandUnits are the units in which all capacities of demand are given: "chunks", "bytes" or, in Parquet, both.
	DemandUnits []string `json:"demand_units"`
}

// Output is what rows are written to.
type Output interface {
	io.Writer
	// Rewrite replaces what has been written so far by what convert makes of it.
	Rewrite(convert func(old io.Reader, to io.Writer) error) error
}

// ErrStopped says that Write has ended or Stop was called, so that rows are neither taken nor written any more.
var ErrStopped = errors.New("the rows are no longer written")

// New returns a Writer for rows with some columns.
func New(format Format, columns Columns) *Writer {
	w := &Writer{format: format, columns: columns, at: &batch{}, full: make(chan *batch, batches), free: make(chan *batch, batches), stopped: make(chan struct{})}
	w.stop = sync.OnceFunc(func() { close(w.stopped) })
	w.summary = Summary{Format: format, Columns: columns.names(), DemandUnits: []string{"chunks"}}
	for range batches - 1 {
		w.free <- &batch{}
	}
	return w
}

// Add takes a row, which it copies. It fails with an [*UnitError], or with [ErrStopped].
func (w *Writer) Add(r *analyze.Row) error {
	if err := w.checkUnit(r.Sizes); err != nil {
		return err
	}
	w.at.add(r)
	if !w.at.isFull() {
		return nil
	}
	return w.pass()
}

// pass passes the rows at hand on.
func (w *Writer) pass() error {
	select {
	case w.full <- w.at:
	case <-w.stopped:
		return ErrStopped
	}
	select {
	case w.at = <-w.free:
		return nil
	case <-w.stopped:
		return ErrStopped
	}
}

// Close says that there are no more rows. Add must not be called any more.
func (w *Writer) Close() {
	if len(w.at.rows) > 0 {
		select {
		case w.full <- w.at:
		case <-w.stopped:
		}
	}
	close(w.full)
}

// Stop ends it all early: Add and Write fail with [ErrStopped]. It may be called at any time, by any goroutine, and also after
// the end. If Write may never be called, it must be, since Add would wait.
func (w *Writer) Stop() { w.stop() }

// Write encodes rows until Close.
func (w *Writer) Write(out Output) error {
	defer w.stop()
	e := w.encoder(out)
	for {
		b, ok, err := w.next()
		switch {
		case err != nil:
			return err
		case !ok:
			w.summary.DemandUnits = e.units()
			return e.end()
		}
		if err := e.add(b.rows); err != nil {
			return err
		}
		w.summary.Rows += int64(len(b.rows))
		b.reset()
		w.free <- b // never blocks: free has room for all batches
	}
}

// next waits for the next batch. After the last, ok is false.
func (w *Writer) next() (b *batch, ok bool, err error) {
	select {
	case b, ok = <-w.full:
		return b, ok, nil
	case <-w.stopped:
		return nil, false, ErrStopped
	}
}

// Summary describes what was written. It is complete when Write has returned.
func (w *Writer) Summary() Summary { return w.summary }

// encoder writes rows in a format.
type encoder interface {
	add(rows []analyze.Row) error // the rows are valid during the call
	end() error
	units() []string // of demand, at the end
}

func (w *Writer) encoder(out Output) encoder {
	if w.format == Parquet {
		return newParquetEncoder(out, w.columns)
	}
	return newCSVEncoder(out, w.columns)
}
