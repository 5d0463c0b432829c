package log

import (
	"math"
	"path/filepath"

	"hashlog/log/internal/source"
)

// LogRead is what a pass has read of a log. Its counts are about the records that are yielded, and with Options.Behind about those of the
// passes before too.
type LogRead struct {
	Name    string // of the log: its absolute path or URL, without the suffix of its compression
	Read    bool   // the log was read; false: it begins at or after Options.Until, or ends before Options.Since
	Before  int64  // records before the latest timestamp of the pass, which may be one of another log
	At      int64  // records at that timestamp
	Earlier int64  // with Options.Part: records that belong to earlier parts
	GoesOn  bool   // the log has records at or after Options.Until, or the pass has ended early

	Lines   int64 // whole lines that were read, blank ones and those of a window behind the end included
	Bytes   int64 // of the log, before decompression, if it was read to its end; else 0
	Torn    bool  // its last line was torn
	Damaged bool  // it ended early
}

// until returns l for a pass whose latest timestamp is another one, after that of l.
func (l LogRead) until() LogRead {
	l.Before, l.At = l.Before+l.At, 0
	return l
}

// wasEmpty reports whether the log was counted as empty.
func (l *LogRead) wasEmpty() bool {
	return l.Read && l.Lines == 0 && !l.GoesOn && !l.Torn && !l.Damaged
}

// tally counts what is read of a log.
type tally struct {
	log   *source.Log
	name  string   // as in LogRead
	known *LogRead // what a pass before has read of the log; nil: nothing

	read, ended   bool
	torn, damaged bool
	lines, bytes  int64
	before, at    int64 // records before latest, and at it
	latest        float64

	earlier, same int64      // records before the end of the pass before, and at it
	preceding     int64      // records of earlier parts
	newer         []location // of the former, the first MaxProblems that the pass before can't have read
}

// location is the place of a record in its log.
type location struct {
	line      int64
	timestamp float64
}

// newTallies returns a tally for each log.
func newTallies(logs []*source.Log, behind *Behind) []tally {
	known := behind.byName()
	tallies := make([]tally, len(logs))
	for i, l := range logs {
		tallies[i] = tally{log: l, latest: math.Inf(-1)}
		if !l.Stream {
			tallies[i].name = logName(l)
			tallies[i].known = known[tallies[i].name]
		}
	}
	return tallies
}

// count counts a record.
func (c *tally) count(timestamp float64) {
	switch {
	case timestamp > c.latest:
		c.latest, c.before, c.at = timestamp, c.before+c.at, 1
	case timestamp == c.latest:
		c.at++
	default:
		c.before++
	}
}

// counted reports whether a pass before has counted a line of the log, and whatever is wrong with it.
func (c *tally) counted(line int64) bool { return c.known != nil && line <= c.known.Lines }

// result returns what has been read up to a timestamp, the latest one of all logs.
func (c *tally) result(latest float64) LogRead {
	l := LogRead{Name: c.name, Read: c.read, Before: c.before, At: c.at, Earlier: c.preceding, GoesOn: c.read && !c.ended, Lines: c.lines, Bytes: c.bytes, Torn: c.torn, Damaged: c.damaged}
	if c.latest < latest {
		l = l.until()
	}
	return l
}

// Name returns the name of a log, given its path: that without the suffix of compression.
func Name(path string) string { return source.Stem(path) }

// logName returns the name of a log in LogRead, which is the same from any working directory.
func logName(l *source.Log) string {
	if l.Object != nil {
		return Name(l.Path)
	}
	path, err := filepath.Abs(l.Path)
	if err != nil { // the working directory is gone
		path = l.Path
	}
	return Name(path)
}

// Logs returns what has been read of each log so far: of those of Files in their order, and then, with Options.Behind, of those that are no
// longer there. Standard input and FIFOs are left out, since they are other ones in another pass.
func (r *Reader) Logs() []LogRead {
	_, logs := r.reached()
	return logs
}

// Behind returns what a later pass over the same logs needs to continue behind this one.
func (r *Reader) Behind() *Behind {
	end, logs := r.reached()
	b := &Behind{Logs: logs}
	if !math.IsInf(end, -1) {
		b.End = &end
	}
	return b
}

// reached returns the latest timestamp of all records, -∞ without any, and what has been read of the logs.
func (r *Reader) reached() (end float64, logs []LogRead) {
	end = r.opts.Behind.end()
	for i := range r.tallies {
		end = max(end, r.tallies[i].latest)
	}
	there := make(map[string]bool)
	for i := range r.tallies {
		if c := &r.tallies[i]; !c.log.Stream {
			there[c.name] = true
			logs = append(logs, r.logRead(c, end))
		}
	}
	if b := r.opts.Behind; b != nil {
		for _, l := range b.Logs {
			if !there[l.Name] {
				logs = append(logs, b.until(l, end))
			}
		}
	}
	return end, logs
}

// logRead returns what this pass or else that before has read of a log.
func (r *Reader) logRead(c *tally, end float64) LogRead {
	if b := r.opts.Behind; c.known != nil && (!c.read || r.opts.atUntil(b.end())) {
		return b.until(*c.known, end)
	}
	return c.result(end)
}
