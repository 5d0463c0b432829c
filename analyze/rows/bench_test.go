package rows_test

import (
	"fmt"
	"io"
	"testing"

	"github.com/stretchr/testify/require"

	"hashlog/analyze"
	"hashlog/analyze/rows"
)

// nowhere is an output that keeps nothing.
type nowhere struct{ io.Writer }

func (nowhere) Rewrite(func(io.Reader, io.Writer) error) error { return nil }

// BenchmarkWrite writes rows with a step each, as with the head first, and with many, as with the tail first and unlike sizes.
func BenchmarkWrite(b *testing.B) {
	for _, format := range []rows.Format{rows.CSV, rows.Parquet} {
		for _, n := range []int{1, 100} {
			b.Run(fmt.Sprint(format, "/steps=", n), func(b *testing.B) {
				steps := make([]analyze.Step, n)
				for i := range steps {
					d := int64(i+1) * 997
					steps[i] = analyze.Step{Chunks: d, Bytes: d << 22, HitTokens: int64(256 * (i + 1)), Stairs: 1}
				}
				w := rows.New(format, rows.Columns{Capacities: []string{"64GiB"}})
				done := make(chan error, 1)
				go func() { done <- w.Write(nowhere{io.Discard}) }()
				b.ReportAllocs()
				for i := range b.N {
					require.NoError(b, w.Add(&analyze.Row{Timestamp: 1.7e9 + float64(i), RequestID: fmt.Append(nil, "req-", i), Model: "model", Source: "logs",
						SeqLen: 12345, Chunks: 48, Hits: []int64{int64(i)}, Demand: steps, Sizes: analyze.RowSizes{Known: true, One: 1 << 22}}))
				}
				w.Close()
				require.NoError(b, <-done)
			})
		}
	}
}
