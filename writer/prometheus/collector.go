// Package prometheus shows the account of a writer of lookups to Prometheus.
//
//	registry.MustRegister(prometheus.NewCollector(w))
//
// Its metrics are those of [writer.Stats]:
//
//	hashlog_writer_records_recorded_total  lookups handed to the writer
//	hashlog_writer_records_written_total   those given to the operating system
//	hashlog_writer_records_dropped_total   those lost
//	hashlog_writer_queued_records          those that wait: recorded − written − dropped
//	hashlog_writer_bytes_total             bytes of the lines written
//	hashlog_writer_segments_total          segments begun
//	hashlog_writer_errors_total            faults met
//	hashlog_writer_deleted_files_total     segments that retention deleted
//	hashlog_writer_deleted_bytes_total     their bytes on disk
//	hashlog_writer_deleted_records_total   the records that this writer had written to them
//
// Where a process has several writers, register each under a label of its own, with
// prometheus.WrapRegistererWith of the client library.
package prometheus

import (
	"github.com/prometheus/client_golang/prometheus"

	"hashlog/writer"
)

// metric is one figure of a snapshot.
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
	counter("bytes_total", "Bytes of the lines written.", func(s writer.Stats) int64 { return s.Bytes }),
	counter("segments_total", "Segments begun.", func(s writer.Stats) int64 { return s.Segments }),
	counter("errors_total", "Faults met.", func(s writer.Stats) int64 { return s.Errors }),
	counter("deleted_files_total", "Segments that retention deleted.", func(s writer.Stats) int64 { return s.DeletedFiles }),
	counter("deleted_bytes_total", "Bytes on disk of the segments that retention deleted.", func(s writer.Stats) int64 { return s.DeletedBytes }),
	counter("deleted_records_total", "Lookups that this writer had written to the segments that retention deleted.", func(s writer.Stats) int64 { return s.DeletedRecords }),
}

func desc(name, help string) *prometheus.Desc {
	return prometheus.NewDesc("hashlog_writer_"+name, help, nil, nil)
}

func counter(name, help string, of func(writer.Stats) int64) metric {
	return metric{desc(name, help), prometheus.CounterValue, of}
}

// Collector collects the metrics of a writer.
type Collector struct{ writer *writer.Writer }

// NewCollector returns a collector of a writer's metrics. All are 0 for a disabled
// writer, nil included.
func NewCollector(w *writer.Writer) *Collector { return &Collector{writer: w} }

// Describe implements the client library's Collector.
func (c *Collector) Describe(descs chan<- *prometheus.Desc) {
	for _, m := range metrics {
		descs <- m.desc
	}
}

// Collect implements the client library's Collector. All metrics are of one moment.
func (c *Collector) Collect(values chan<- prometheus.Metric) {
	s := c.writer.Stats()
	for _, m := range metrics {
		values <- prometheus.MustNewConstMetric(m.desc, m.kind, float64(m.of(s)))
	}
}
