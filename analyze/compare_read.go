package analyze

import (
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"

	"hashlog/log"
)

// CachesError locates what is wrong with a table of caches.
type CachesError struct {
	File string
	Line int // counted from 1
	Err  error
}

func (e *CachesError) Error() string {
	return fmt.Sprintf("%s:%d: %v", log.Quoted(e.File), e.Line, e.Err)
}

func (e *CachesError) Unwrap() error { return e.Err }

// ReadCachesCSV reads what [WriteCachesCSV] has written, by the names of its columns, of which it ignores those it doesn't
// know. file names it in errors, which are of type [*CachesError] if a line is to blame. Capacities come in the order of the
// file, each once. Their figures may be those of other logs: [Report.SplitMisses] finds out.
func ReadCachesCSV(in io.Reader, file string) (*ComparedTable, error) {
	r := cachesReader{in: csv.NewReader(in), file: file}
	r.in.ReuseRecord = true
	if err := r.header(); err != nil {
		return nil, err
	}
	for {
		err := r.row()
		if err == io.EOF {
			break
		}
		if err != nil {
			return nil, err
		}
	}
	if len(r.out.Capacities) == 0 {
		return nil, r.fail(errors.New("there is no row"))
	}
	return &r.out, nil
}

// ComparedTable is what a table of caches holds of a comparison.
type ComparedTable struct {
	TotalTokens int64 // denominator of the token hit rates
	Capacities  []ComparedCapacity
}

// cachesReader reads a table of caches.
type cachesReader struct {
	in      *csv.Reader
	file    string
	columns map[string]int
	cells   []string // of the row at hand
	line    int
	err     error // the first of the row at hand
	out     ComparedTable
}

// neededColumns are those without which a file is no table of caches.
var neededColumns = []string{"cache", "touch_order", "capacity_bytes", "capacity_chunks", "hit_tokens", "total_tokens"}

func (r *cachesReader) fail(err error) error {
	line := max(r.line, 1)
	var parse *csv.ParseError
	if errors.As(err, &parse) {
		line, err = parse.Line, parse.Err
	}
	return &CachesError{r.file, line, err}
}

func (r *cachesReader) header() error {
	cells, err := r.in.Read()
	if err == io.EOF {
		return &CachesError{r.file, 1, errors.New("the file is empty")}
	}
	if err != nil {
		return r.fail(err)
	}
	r.columns = make(map[string]int)
	for i, name := range cells {
		r.columns[name] = i
	}
	for _, name := range neededColumns {
		if _, ok := r.columns[name]; !ok {
			return r.fail(fmt.Errorf("there is no column %s: this is no caches.csv", name))
		}
	}
	return nil
}

// row reads one row into the capacity it belongs to.
func (r *cachesReader) row() (err error) {
	r.cells, err = r.in.Read()
	if err == io.EOF {
		return err
	}
	if err != nil {
		return r.fail(err)
	}
	r.line, _ = r.in.FieldPos(0)
	r.err = nil
	c := CacheResult{Cache: strings.Clone(r.cell("cache")), CapacityBytes: r.known("capacity_bytes"), CapacityChunks: r.known("capacity_chunks"),
		HitTokens: r.count("hit_tokens"), Evictions: r.known("evictions"), BytesWritten: r.known("bytes_written"), ChunkHits: r.known("chunk_hits")}
	if order := strings.Clone(r.cell("touch_order")); order != "" {
		c.TouchOrder = &order
	}
	total := r.count("total_tokens")
	switch {
	case r.err != nil:
	case c.HitTokens > total:
		r.err = fmt.Errorf("hit_tokens are %d of %d", c.HitTokens, total)
	case len(r.out.Capacities) > 0 && total != r.out.TotalTokens:
		r.err = fmt.Errorf("total_tokens are %d, and %d above", total, r.out.TotalTokens)
	}
	if r.err != nil {
		return r.fail(r.err)
	}
	r.out.TotalTokens = total
	c.TokenHitRate = Rate(c.HitTokens, total)
	r.add(c)
	return nil
}

// add adds the figures of a cache, unless its capacity has them already: it is listed and on the grid.
func (r *cachesReader) add(c CacheResult) {
	size := Size{c.CapacityBytes, c.CapacityChunks}
	i := slices.IndexFunc(r.out.Capacities, func(at ComparedCapacity) bool { return at.Size.equal(size) })
	if i < 0 {
		i = len(r.out.Capacities)
		r.out.Capacities = append(r.out.Capacities, ComparedCapacity{Size: size})
	}
	at := &r.out.Capacities[i]
	if !slices.ContainsFunc(at.Caches, func(have CacheResult) bool { return have.Cache == c.Cache }) {
		at.Caches = append(at.Caches, c)
	}
}

// equal reports whether two sizes are the same.
func (s Size) equal(to Size) bool {
	return equalCounts(s.Bytes, to.Bytes) && equalCounts(s.Chunks, to.Chunks)
}

func equalCounts(a, b *int64) bool { return a == b || a != nil && b != nil && *a == *b }

// cell returns the cell of a column; "" if there is none.
func (r *cachesReader) cell(column string) string {
	if i, ok := r.columns[column]; ok {
		return r.cells[i]
	}
	return ""
}

// count reads a cell that must hold a number ≥ 0.
func (r *cachesReader) count(column string) int64 {
	n, err := strconv.ParseInt(r.cell(column), 10, 64)
	if (err != nil || n < 0) && r.err == nil {
		r.err = fmt.Errorf("%s is %q, which is no count", column, r.cell(column))
	}
	return n
}

// known reads a cell that may be empty.
func (r *cachesReader) known(column string) *int64 {
	if r.cell(column) == "" {
		return nil
	}
	n := r.count(column)
	return &n
}
