package log

import (
	"fmt"
	"slices"
)

// Stats counts what a [Reader] has met so far. A figure computed from its records is worth
// little without these counts.
type Stats struct {
	Records     int64 // records yielded
	BeforeSince int64 // records before Options.Since: read and checked, but not yielded
	BeforeState int64 // records that an earlier pass has read (Options.Behind): not yielded
	Skipped     int64 // bad records
	Torn        int64 // unparsable last lines
	Late        int64 // records out of order that came too late to be put in order
	OutOfOrder  int64 // records out of order that were put in order
	Damaged     int64 // logs that end early, as KindDamaged says
	EmptyFiles  int64 // logs without a line
	Unread      int64 // logs that end before Options.Since: not read, so their records and what is wrong with them count nowhere

	First, Last  float64   // earliest and latest timestamp of Records and BeforeSince, and of Unread as far as known; 0 if there are none
	FirstEmpty   string    // the first of the empty logs
	FirstUnread  string    // the first of the unread logs
	Beyond       *float64  // the time of the record at which Options.Until has ended the reading; else nil
	Problems     []Problem // the first MaxProblems of Skipped, Late and Damaged, located
	ProblemCount int64     // Skipped + Late + Damaged
	TornAt       []Problem // the first MaxProblems of Torn, located
	Foreign      []Foreign // the logs in other formats than that of this package
}

// UnreadNote says which logs are not read. It returns "" if all are.
func (s *Stats) UnreadNote() string {
	return someLogs(s.FirstUnread, s.Unread, "ends before the period: it is not read, and its records are not counted",
		"end before the period: they are not read, and their records are not counted")
}

// EmptyNote says which logs are empty. It returns "" if none is.
func (s *Stats) EmptyNote() string {
	return someLogs(s.FirstEmpty, s.EmptyFiles, "is empty", "are empty")
}

// someLogs says something of n logs, of which it names the first: is says it of one, are of several. It returns "" if there are none.
func someLogs(first string, n int64, is, are string) string {
	first = Quoted(first)
	switch n {
	case 0:
		return ""
	case 1:
		return first + " " + is
	case 2:
		return first + " and another log " + are
	}
	return fmt.Sprintf("%s and %d more logs %s", first, n-1, are)
}

// Add counts a problem, and locates it if it is among the first MaxProblems.
func (s *Stats) Add(p Problem) {
	switch p.Kind {
	case KindEmpty:
		if s.EmptyFiles++; s.EmptyFiles == 1 {
			s.FirstEmpty = p.File
		}
		return
	case KindTorn:
		s.Torn++
		if len(s.TornAt) < MaxProblems {
			s.TornAt = append(s.TornAt, p)
		}
		return
	case KindSkipped:
		s.Skipped++
	case KindLate:
		s.Late++
	case KindDamaged:
		s.Damaged++
	}
	s.ProblemCount++
	if len(s.Problems) < MaxProblems {
		s.Problems = append(s.Problems, p)
	}
}

// TooLate counts n ≥ 1 records of a log that came too late to be read in their part of the logs.
func (s *Stats) TooLate(file string, n int64) {
	text := fmt.Sprintf("%d records", n)
	if n == 1 {
		text = "a record"
	}
	s.Add(Problem{File: file, Kind: KindLate, Msg: text + " came after the part of the logs had been read: left out"})
	s.Late += n - 1
	s.ProblemCount += n - 1
}

// Merge adds what a later pass has met, over other logs, over the same ones behind the first (Options.Behind), or over the next part of them
// (Options.Part).
func (s *Stats) Merge(later *Stats) {
	if !later.timeless() {
		if s.timeless() {
			s.First, s.Last = later.First, later.Last
		}
		s.First, s.Last = min(s.First, later.First), max(s.Last, later.Last)
	}
	s.Records += later.Records
	s.BeforeSince += later.BeforeSince
	s.BeforeState += later.BeforeState
	s.Skipped += later.Skipped
	s.Torn += later.Torn
	s.Late += later.Late
	s.OutOfOrder += later.OutOfOrder
	s.Damaged += later.Damaged
	s.ProblemCount += later.ProblemCount
	if s.EmptyFiles == 0 {
		s.FirstEmpty = later.FirstEmpty
	}
	s.EmptyFiles += later.EmptyFiles
	if s.Unread == 0 {
		s.FirstUnread = later.FirstUnread
	}
	s.Unread += later.Unread
	s.Beyond = later.Beyond
	s.Problems = append(s.Problems, later.Problems[:min(len(later.Problems), MaxProblems-len(s.Problems))]...)
	s.TornAt = append(s.TornAt, later.TornAt[:min(len(later.TornAt), MaxProblems-len(s.TornAt))]...)
	for _, f := range later.Foreign {
		s.addForeign(f)
	}
}

// timeless reports whether no time is known.
func (s *Stats) timeless() bool { return s.Records+s.BeforeSince == 0 && s.First == 0 && s.Last == 0 }

// addForeign counts logs in a foreign format.
func (s *Stats) addForeign(more Foreign) {
	for i := range s.Foreign {
		if s.Foreign[i].As == more.As {
			s.Foreign[i].Files += more.Files
			return
		}
	}
	s.Foreign = append(s.Foreign, more)
}

// clone returns a copy that shares nothing with s.
func (s *Stats) clone() Stats {
	c := *s
	c.Problems = slices.Clone(s.Problems)
	c.TornAt = slices.Clone(s.TornAt)
	c.Foreign = slices.Clone(s.Foreign)
	return c
}

// Foreign counts the logs that were read in one foreign format.
type Foreign struct {
	As    string // a description of the format, "a Mooncake trace: …"
	First string // the first of the logs
	Files int64
}

// String returns a clause that names the first log.
func (f Foreign) String() string {
	return someLogs(f.First, f.Files, "is read as "+f.As, "are read as "+f.As)
}

// readAs counts a log by its format, "" for that of this package.
func (s *Stats) readAs(file, as string) {
	if as == "" {
		return
	}
	s.addForeign(Foreign{as, file, 1})
}
