package prometheus

import (
	"context"
	"testing"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/stretchr/testify/require"

	"hashlog/writer"
)

// gather returns the metrics of a writer by name, as a server would expose them.
func gather(t *testing.T, w *writer.Writer) map[string]float64 {
	t.Helper()
	registry := prometheus.NewPedanticRegistry()
	require.NoError(t, registry.Register(NewCollector(w)))
	families, err := registry.Gather()
	require.NoError(t, err)
	values := make(map[string]float64)
	for _, f := range families {
		require.NotEmpty(t, f.GetHelp())
		require.Len(t, f.GetMetric(), 1)
		m := f.GetMetric()[0]
		values[f.GetName()] = m.GetCounter().GetValue() + m.GetGauge().GetValue()
	}
	return values
}

func TestCollector(t *testing.T) {
	w, err := writer.New(writer.Options{Dir: t.TempDir()})
	require.NoError(t, err)
	l := writer.Lookup{Timestamp: 1, ChunkSize: 16, SeqLen: 16, IntHashes: []int64{255}}
	require.NoError(t, w.Record(l))
	require.NoError(t, w.Record(l))
	l.ChunkSize = 0
	require.ErrorIs(t, w.Record(l), writer.ErrDropped)
	require.NoError(t, w.Flush(context.Background()))
	line := `{"timestamp": 1.0, "request_id": "", "model_name": "", "chunk_size": 16, "seq_len": 16, "dtypes": [], "shapes": [], "chunk_hashes": ["0xff"]}` + "\n"
	want := map[string]float64{
		"hashlog_writer_records_recorded_total": 3,
		"hashlog_writer_records_written_total":  2,
		"hashlog_writer_records_dropped_total":  1,
		"hashlog_writer_queued_records":         0,
		"hashlog_writer_bytes_total":            float64(2 * len(line)),
		"hashlog_writer_segments_total":         1,
		"hashlog_writer_errors_total":           0,
		"hashlog_writer_deleted_files_total":    0,
		"hashlog_writer_deleted_bytes_total":    0,
		"hashlog_writer_deleted_records_total":  0,
	}
	require.Equal(t, want, gather(t, w))
	var loss *writer.LossError
	require.ErrorAs(t, w.Close(context.Background()), &loss) // no record tells of the one dropped
	require.Equal(t, int64(1), loss.Dropped)
	require.Equal(t, want, gather(t, w))
}

func TestDeleted(t *testing.T) {
	w, err := writer.New(writer.Options{Dir: t.TempDir(), MaxFiles: 1, RotateSize: 1})
	require.NoError(t, err)
	for range 3 {
		require.NoError(t, w.Record(writer.Lookup{Timestamp: 1, ChunkSize: 16, SeqLen: 16, IntHashes: []int64{255}}))
	}
	require.NoError(t, w.Close(context.Background()))
	got := gather(t, w)
	require.Equal(t, 2.0, got["hashlog_writer_deleted_files_total"])
	require.Equal(t, 2.0, got["hashlog_writer_deleted_records_total"])
	require.Equal(t, 2*got["hashlog_writer_bytes_total"]/3, got["hashlog_writer_deleted_bytes_total"])
}

func TestDisabled(t *testing.T) {
	for name, value := range gather(t, nil) {
		require.Zero(t, value, name)
	}
}
