package main

import (
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// figure is the measurement of a row.
type figure struct {
	value    float64
	min, max float64 // of single rounds
	from     string  // what it was made from, for people
}

// results are what figures are made from.
type results struct {
	samples map[string][]sample // by command, one a round
	logs    map[string]made
}

// metric makes a figure from the samples of certain commands.
type metric struct {
	commands []string
	figure   func(r *results) (figure, error)
}

// median returns the middle value, or the mean of the two in the middle.
func median(values []float64) float64 {
	sorted := slices.Sorted(slices.Values(values))
	n := len(sorted)
	return (sorted[(n-1)/2] + sorted[n/2]) / 2
}

// single makes a figure from one value a round.
func single(values []float64, f func(float64) float64) figure {
	each := make([]float64, len(values))
	for i, v := range values {
		each[i] = f(v)
	}
	return figure{value: f(median(values)), min: slices.Min(each), max: slices.Max(each)}
}

// paired makes a figure from two values a round.
func paired(a, b []float64, f func(a, b float64) float64) figure {
	each := make([]float64, len(a))
	for i := range a {
		each[i] = f(a[i], b[i])
	}
	return figure{value: f(median(a), median(b)), min: slices.Min(each), max: slices.Max(each)}
}

// walls returns the seconds of each run.
func (r *results) walls(name string) (out []float64) {
	for _, s := range r.samples[name] {
		out = append(out, s.Wall)
	}
	return out
}

// peaks returns the bytes of each run.
func (r *results) peaks(name string) (out []float64, err error) {
	for _, s := range r.samples[name] {
		if s.Peak == 0 {
			return nil, errors.New("this system does not report the peak memory of a process")
		}
		out = append(out, float64(s.Peak))
	}
	return out, nil
}

// compare makes a figure from the times of two commands.
func compare(a, b string, f func(r *results, a, b float64) float64) metric {
	return metric{[]string{a, b}, func(r *results) (figure, error) {
		of, against := r.walls(a), r.walls(b)
		out := paired(of, against, func(a, b float64) float64 { return f(r, a, b) })
		out.from = fmt.Sprintf("%.3g s, %.3g s", median(of), median(against))
		return out, nil
	}}
}

// ratio is the time of one command divided by that of another.
func ratio(a, b string) metric {
	return compare(a, b, func(_ *results, a, b float64) float64 { return a / b })
}

// excess is the percentage by which one command takes longer than another.
func excess(a, b string) metric {
	return compare(a, b, func(_ *results, a, b float64) float64 { return (a/b - 1) * 100 })
}

// perLookup is the time per lookup of one command divided by that of another. The commands have the names of their logs.
func perLookup(a, b string) metric {
	return compare(a, b, func(r *results, x, y float64) float64 {
		return x / float64(r.logs[a].ChunkLookups) / (y / float64(r.logs[b].ChunkLookups))
	})
}

// replays is how many million lookups of a log a command replays in a second of processor time, beyond what another command
// takes that reads the log. It replays the log n times.
func replays(a, b, log string, n float64) metric {
	return metric{[]string{a, b}, func(r *results) (figure, error) {
		of, against := r.processors(a), r.processors(b)
		lookups := n * float64(r.logs[log].ChunkLookups)
		out := paired(of, against, func(a, b float64) float64 { return lookups / max(a-b, 1e-3) / 1e6 })
		out.from = fmt.Sprintf("%.3g s, %.3g s of processor time", median(of), median(against))
		return out, nil
	}}
}

// replaysAndReading is the same of all the time that a command takes.
func replaysAndReading(a, log string, n float64) metric {
	return metric{[]string{a}, func(r *results) (figure, error) {
		of := r.processors(a)
		out := single(of, func(a float64) float64 { return n * float64(r.logs[log].ChunkLookups) / a / 1e6 })
		out.from = fmt.Sprintf("%.3g s of processor time", median(of))
		return out, nil
	}}
}

// processors returns the seconds of processor time of each run.
func (r *results) processors(name string) (out []float64) {
	for _, s := range r.samples[name] {
		out = append(out, s.CPU)
	}
	return out
}

// seconds is the time of a command.
func seconds(name string) metric {
	return metric{[]string{name}, func(r *results) (figure, error) {
		return single(r.walls(name), func(s float64) float64 { return s }), nil
	}}
}

// free is the memory that does not count, since a small log takes it too.
const free = 64 << 20

// perUnique is the bytes of memory per unique chunk of a log that a command takes.
func perUnique(name, log string) metric {
	return peak(name, func(r *results, bytes float64) float64 { return (bytes - free) / float64(r.logs[log].UniqueChunks) })
}

// perChunk is the bytes of memory per chunk of a number of chunks that a command takes.
func perChunk(name string, chunks int64) metric {
	return peak(name, func(_ *results, bytes float64) float64 { return (bytes - free) / float64(chunks) })
}

// gibibytes is the memory of a command.
func gibibytes(name string) metric {
	return peak(name, func(_ *results, bytes float64) float64 { return bytes / (1 << 30) })
}

// peakRatio is the memory of one command divided by that of another.
func peakRatio(a, b string) metric {
	return metric{[]string{a, b}, func(r *results) (figure, error) {
		of, err := r.peaks(a)
		if err != nil {
			return figure{}, err
		}
		against, err := r.peaks(b)
		if err != nil {
			return figure{}, err
		}
		out := paired(of, against, func(a, b float64) float64 { return a / b })
		out.from = fmt.Sprintf("%.0f MiB, %.0f MiB", median(of)/(1<<20), median(against)/(1<<20))
		return out, nil
	}}
}

func peak(name string, f func(r *results, bytes float64) float64) metric {
	return metric{[]string{name}, func(r *results) (figure, error) {
		bytes, err := r.peaks(name)
		if err != nil {
			return figure{}, err
		}
		out := single(bytes, func(b float64) float64 { return f(r, b) })
		out.from = fmt.Sprintf("%.0f MiB", median(bytes)/(1<<20))
		return out, nil
	}}
}

// reported is a value that a Go benchmark reports in a unit of its own, times a factor.
func reported(name, unit string, factor float64) metric {
	return metric{[]string{name}, func(r *results) (figure, error) {
		var values []float64
		for _, s := range r.samples[name] {
			value, err := benchmarkValue(s.output, unit)
			if err != nil {
				return figure{}, err
			}
			values = append(values, value*factor)
		}
		return single(values, func(v float64) float64 { return v }), nil
	}}
}

// benchmarkValue finds a benchmark's value in a unit. A line has the benchmark's name, the number of iterations, and values
// with their units.
func benchmarkValue(output, unit string) (float64, error) {
	for line := range strings.Lines(output) {
		fields := strings.Fields(line)
		if !strings.HasPrefix(line, "Benchmark") {
			continue
		}
		if i := slices.Index(fields, unit); i > 0 {
			return strconv.ParseFloat(fields[i-1], 64)
		}
	}
	return 0, fmt.Errorf("no benchmark reported its %s:\n%s", unit, output)
}
