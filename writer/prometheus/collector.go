// Package prometheus exports the statistics of a [writer.Writer] to Prometheus. Make a
// collector for the writer, and register it once:
//
//	registry.MustRegister(prometheus.NewCollector(w))
//
// If a process has several writers, register each with a label of its own, by means of
// WrapRegistererWith of the client library.
//
// An alert on hashlog_writer_records_dropped_total finds losses, one on
// hashlog_writer_errors_total finds their cause early. The metrics are the fields of
// [writer.Stats]:
//
//	hashlog_writer_records_recorded_total  lookups handed to the writer
//	hashlog_writer_records_written_total   lookups given to the operating system
//	hashlog_writer_records_dropped_total   lookups lost
//	hashlog_writer_queued_records          lookups that wait: recorded − written − dropped
//	hashlog_writer_bytes_total             bytes in the lines written
//	hashlog_writer_segments_total          segments begun
//	hashlog_writer_errors_total            faults
//	hashlog_writer_deleted_files_total     segments that retention deleted
//	hashlog_writer_deleted_bytes_total     their bytes on disk
//	hashlog_writer_deleted_records_total   records of this writer in them
package prometheus

import (
	"github.com/prometheus/client_golang/prometheus"

	"hashlog/writer"
)

// metric is one figure of [writer.Stats].
type metric struct {
	desc *prometheus.Desc
	kind prometheus.ValueType
	of   func(writer.Stats) int64
}

var metrics = []metric{
	counter("records_recorded_total", "Lookups handed to the writer.", func(s writer.Stats) int64 { return s.Recorded }),
	counter("records_written_total", "Lookups given to the operating system.", func(s writer.Stats) int64 { return s.Written }),
	counter("records_dropped_total", "Lookups lost.", func(s writer.Stats) int64 { return s.Dropped }),
	{desc("queued_records", "Lookups that wait to be written."), prometheus.GaugeValue, func(s writer.Stats) int64 { return s.Queued }},
	counter("bytes_total", "Bytes in the lines written.", func(s writer.Stats) int64 { return s.Bytes }),
	counter("segments_total", "Segments begun.", func(s writer.Stats) int64 { return s.Segments }),
	counter("errors_total", "Faults.", func(s writer.Stats) int64 { return s.Errors }),
	counter("deleted_files_total", "Segments that retention deleted.", func(s writer.Stats) int64 { return s.DeletedFiles }),
	counter("deleted_bytes_total", "Bytes on disk of the segments that retention deleted.", func(s writer.Stats) int64 { return s.DeletedBytes }),
	counter("deleted_records_total", "Records of this writer in the segments that retention deleted.", func(s writer.Stats) int64 { return s.DeletedRecords }),
}

func desc(name, help string) *prometheus.Desc {
	return prometheus.NewDesc("hashlog_writer_"+name, help, nil, nil)
}

func counter(name, help string, of func(writer.Stats) int64) metric {
	return metric{desc(name, help), prometheus.CounterValue, of}
}

// Collector collects the metrics of a writer.
type Collector struct{ writer *writer.Writer }

// NewCollector returns a collector of a writer's metrics. They are all 0 for a disabled
// writer, including a nil one.
func NewCollector(w *writer.Writer) *Collector { return &Collector{writer: w} }

// Describe implements the Collector interface of the client library.
func (c *Collector) Describe(descs chan<- *prometheus.Desc) {
	for _, m := range metrics {
		descs <- m.desc
	}
}

// Collect implements the Collector interface of the client library. All its metrics are
// from one call of [writer.Writer.Stats].
func (c *Collector) Collect(values chan<- prometheus.Metric) {
	s := c.writer.Stats()
	for _, m := range metrics {
		values <- prometheus.MustNewConstMetric(m.desc, m.kind, float64(m.of(s)))
	}
}
