package rows

import (
	"slices"

	"github.com/parquet-go/parquet-go"
	"github.com/parquet-go/parquet-go/compress/zstd"

	"hashlog/analyze"
)

const (
	// groupBytes is how many bytes of values, before they are encoded, make a row group. The encoder holds one row group, most
	// of it compressed.
	groupBytes = 16 << 20
	// dictionaryBytes is how many bytes of different texts a column keeps, so that each is written once in a row group.
	dictionaryBytes = 1 << 20
	valueBytes      = 8 // of a number
)

// parquetEncoder writes rows as Parquet, column by column.
type parquetEncoder struct {
	w       *parquet.GenericWriter[any]
	columns []column
	values  []parquet.Value // of a column in the rows at hand
	grouped int             // bytes in the row group so far
	unknown bool            // some capacity in bytes is
}

// column is a column of Parquet, or of the structures in one.
type column struct {
	name   string
	node   parquet.Node
	append func(values []parquet.Value, r *analyze.Row) []parquet.Value // of a row
}

func newParquetEncoder(out Output, of Columns) *parquetEncoder {
	columns := fixedParquetColumns()
	for i, c := range of.Capacities {
		columns = append(columns, number("hit_tokens@"+c, func(r *analyze.Row) int64 { return r.Hits[i] }))
	}
	steps, last := stepColumns(), []column{}
	if of.Node {
		last = append(last, fewTexts(nodeColumn, func(r *analyze.Row) string { return r.Node }))
	}
	last = append(last, cachedTokens())
	demand := column{name: demandColumn, node: parquet.List(inOrder(steps))}
	schema := parquet.NewSchema("rows", inOrder(slices.Concat(columns, []column{demand}, last)))
	w := parquet.NewGenericWriter[any](out, schema, parquet.Compression(&zstd.Codec{Level: zstd.SpeedFastest}),
		parquet.DictionaryMaxBytes(dictionaryBytes), parquet.CreatedBy("hashlog", "", ""))
	return &parquetEncoder{w: w, columns: slices.Concat(columns, steps, last)}
}

// fixedParquetColumns are those of every file but demand.
func fixedParquetColumns() []column {
	return []column{
		{"timestamp", parquet.Leaf(parquet.DoubleType), func(v []parquet.Value, r *analyze.Row) []parquet.Value {
			return append(v, parquet.DoubleValue(r.Timestamp))
		}},
		text("request_id", parquet.String(), func(r *analyze.Row) []byte { return r.RequestID }),
		fewTexts("model_name", func(r *analyze.Row) string { return r.Model }),
		fewTexts("source", func(r *analyze.Row) string { return r.Source }),
		number("seq_len", func(r *analyze.Row) int64 { return r.SeqLen }),
		number("chunks", func(r *analyze.Row) int64 { return r.Chunks }),
		number("turn", func(r *analyze.Row) int64 { return r.Turn }),
		number("tail_tokens", func(r *analyze.Row) int64 { return r.TailTokens }),
		number("cold_tokens", func(r *analyze.Row) int64 { return r.ColdTokens }),
	}
}

// cachedTokens is a column of numbers, null where they were not measured.
func cachedTokens() column {
	return column{cachedColumn, parquet.Optional(integer), func(v []parquet.Value, r *analyze.Row) []parquet.Value {
		if !r.HasCachedTokens {
			return append(v, parquet.NullValue())
		}
		return append(v, parquet.Int64Value(r.CachedTokens).Level(0, 1, 0))
	}}
}

// stepColumns are those of the structures in demand.
func stepColumns() []column {
	return []column{
		ofSteps("capacity_chunks", integer, func(s *analyze.Step) int64 { return s.Chunks }),
		ofSteps("capacity_bytes", parquet.Optional(integer), func(s *analyze.Step) int64 { return s.Bytes }),
		ofSteps("hit_tokens", integer, func(s *analyze.Step) int64 { return s.HitTokens }),
		ofSteps("stairs", integer, func(s *analyze.Step) int64 { return s.Stairs }),
	}
}

// integer is the type of all whole numbers.
var integer = parquet.Encoded(parquet.Int(64), &parquet.DeltaBinaryPacked)

func number(name string, of func(*analyze.Row) int64) column {
	return column{name, integer, func(v []parquet.Value, r *analyze.Row) []parquet.Value { return append(v, parquet.Int64Value(of(r))) }}
}

func text(name string, node parquet.Node, of func(*analyze.Row) []byte) column {
	return column{name, node, func(v []parquet.Value, r *analyze.Row) []parquet.Value {
		return append(v, parquet.ByteArrayValue(of(r)))
	}}
}

// fewTexts returns a column of texts of which there are few.
func fewTexts(name string, of func(*analyze.Row) string) column {
	return text(name, parquet.Encoded(parquet.String(), &parquet.RLEDictionary), func(r *analyze.Row) []byte { return []byte(of(r)) })
}

// ofSteps returns a column of the structures in a list. of gives a number of a structure; in an optional column, 0 is null.
//
// Levels are those of the Dremel encoding (Melnik et al., "Dremel: interactive analysis of web-scale datasets", VLDB 2010). The
// repetition level is 0 at the first value of a row and 1 at the others. The definition level is 0 for an empty list, 1 for a
// value or, in an optional column, for null, and 2 for a value of an optional column.
func ofSteps(name string, node parquet.Node, of func(*analyze.Step) int64) column {
	defined := 1
	if node.Optional() {
		defined = 2
	}
	return column{name, node, func(v []parquet.Value, r *analyze.Row) []parquet.Value {
		if len(r.Demand) == 0 {
			return append(v, parquet.NullValue())
		}
		for i := range r.Demand {
			value, level := parquet.NullValue(), 1
			if n := of(&r.Demand[i]); n != 0 || defined == 1 {
				value, level = parquet.Int64Value(n), defined
			}
			v = append(v, value.Level(min(i, 1), level, 0))
		}
		return v
	}}
}

// ordered is a group whose fields keep their order. Those of a parquet.Group are sorted by name.
type ordered struct {
	parquet.Group
	fields []parquet.Field
}

func (o *ordered) Fields() []parquet.Field { return o.fields }

// inOrder returns the group of some columns.
func inOrder(columns []column) parquet.Node {
	o := &ordered{Group: make(parquet.Group), fields: make([]parquet.Field, len(columns))}
	place := make(map[string]int)
	for i, c := range columns {
		o.Group[c.name], place[c.name] = c.node, i
	}
	for _, f := range o.Group.Fields() {
		o.fields[place[f.Name()]] = f
	}
	return o
}

func (p *parquetEncoder) add(rows []analyze.Row) error {
	writers := p.w.ColumnWriters()
	for i, c := range p.columns {
		p.values = p.values[:0]
		for j := range rows {
			p.values = c.append(p.values, &rows[j])
		}
		if _, err := writers[i].WriteRowValues(p.values); err != nil {
			return err
		}
		p.grouped += len(p.values) * valueBytes
	}
	for i := range rows {
		p.grouped += len(rows[i].RequestID)
		p.unknown = p.unknown || !rows[i].Sizes.Known
	}
	if p.grouped < groupBytes {
		return nil
	}
	p.grouped = 0
	return p.w.Flush()
}

func (p *parquetEncoder) end() error { return p.w.Close() }

func (p *parquetEncoder) units() []string {
	if p.unknown {
		return []string{"chunks"}
	}
	return []string{"chunks", "bytes"}
}
