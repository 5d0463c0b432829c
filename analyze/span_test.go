package analyze

import (
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"hashlog/log"
)

// stretch is a span of one log with a record at each of the times.
func stretch(name string, since, until float64, goesOn bool, times ...float64) *Span {
	s := &Span{Requests: int64(len(times)), Parts: []string{name}, Logs: []LogSpan{{Name: "a", GoesOn: goesOn}}}
	for _, bound := range []struct {
		of **float64
		at float64
	}{{&s.Since, since}, {&s.Until, until}} {
		if bound.at != 0 {
			*bound.of = &bound.at
		}
	}
	if len(times) > 0 {
		s.First, s.Last = times[0], times[len(times)-1]
	}
	for _, t := range times {
		if t < s.Last {
			s.Logs[0].Before++
		} else {
			s.Logs[0].At++
		}
	}
	return s
}

// behind sets the number of records that the log has before the stretch.
func (s *Span) behind(records int64) *Span {
	s.Logs[0].Earlier = records
	return s
}

func TestSpansThatFollow(t *testing.T) {
	a, b, c := stretch("1", 0, 10, true, 5, 8), stretch("2", 10, 20, true).behind(2), stretch("3", 20, 0, false, 20, 22, 22).behind(2)
	order := []*Span{c, b, a}
	slices.SortFunc(order, (*Span).Compare)
	require.Equal(t, []*Span{a, b, c}, order)
	sum := *a.Clone()
	require.NoError(t, sum.Then(b))
	require.Equal(t, Span{Until: b.Until, Requests: 2, First: 5, Last: 8, Parts: []string{"1", "2"}, Logs: []LogSpan{{"a", true, 1, 1, 0}}}, sum)
	require.NoError(t, sum.Then(c))
	require.Equal(t, Span{Requests: 5, First: 5, Last: 22, Parts: []string{"1", "2", "3"}, Logs: []LogSpan{{"a", false, 3, 2, 0}}}, sum)
	require.Equal(t, []LogSpan{{"a", true, 1, 1, 0}}, a.Logs, "the stretch itself is as it was")

	later := *b.Clone()
	require.NoError(t, later.Then(c), "in any grouping")
	first := *a.Clone()
	require.NoError(t, first.Then(&later))
	require.Equal(t, sum, first)
}

func TestSpansThatCannotFollow(t *testing.T) {
	var overlap *OverlapError
	for _, pair := range [][2]*Span{
		{stretch("1", 0, 10, false, 5), stretch("2", 9, 20, false, 12)},
		{stretch("1", 0, 10, false, 5), stretch("2", 0, 0, false, 9, 12)},
		{stretch("1", 0, 0, false, 5, 9), stretch("2", 0, 0, false, 9)},
		{stretch("1", 0, 0, false, 5, 9), stretch("2", 8, 0, false, 12)},
		{stretch("1", 0, 10, false), stretch("2", 9, 0, false)},
	} {
		before := *pair[0]
		require.ErrorAs(t, pair[0].Then(pair[1]), &overlap)
		require.Equal(t, before, *pair[0], "nothing has changed")
	}
	var twice *TwiceError
	joined := stretch("1", 0, 10, false, 5)
	require.NoError(t, joined.Then(stretch("2", 10, 20, false).behind(1)))
	require.ErrorAs(t, joined.Then(stretch("2", 10, 20, false)), &twice)
	require.ErrorAs(t, joined.Beside(stretch("1", 0, 0, false)), &twice)

	elsewhere := stretch("2", 10, 20, false, 12)
	elsewhere.Logs[0].Name = "b"
	var unread *UnreadError
	require.ErrorAs(t, stretch("1", 0, 10, true, 5).Then(elsewhere), &unread)
	require.Equal(t, []string{"a"}, unread.Logs)
	require.NoError(t, stretch("1", 0, 10, false, 5).Then(elsewhere), "the log has ended")
	require.NoError(t, stretch("1", 0, 9, true, 5).Then(elsewhere), "the log may have ended in the gap")
}

func TestSpanGaps(t *testing.T) {
	for _, test := range []struct {
		a, b *Span
		gap  bool
	}{
		{stretch("", 0, 10, false), stretch("", 10, 0, false), false},
		{stretch("", 0, 10, false, 5), stretch("", 11, 0, false, 15), true},
		{stretch("", 0, 10, false), stretch("", 11, 0, false), true},
		{stretch("", 0, 0, false, 5), stretch("", 11, 0, false), false},
		{stretch("", 0, 10, false), stretch("", 0, 0, false, 12), false},
	} {
		from, to, gap := test.a.Gap(test.b)
		require.Equal(t, test.gap, gap)
		if gap {
			require.Equal(t, []float64{10, 11}, []float64{from, to})
		}
	}
}

// TestSpanOfLogsThatHaveGrown compares how many records a log has before a cut with how many were read.
func TestSpanOfLogsThatHaveGrown(t *testing.T) {
	first := stretch("1", 0, 10, false, 5, 8)
	late, err := first.late(stretch("2", 10, 0, false, 12).behind(5))
	require.NoError(t, err)
	require.Equal(t, []lateRecords{{"a", 3}}, late)

	var other *log.NotSameLogError
	err = first.Then(stretch("2", 10, 0, false, 12).behind(1))
	require.ErrorAs(t, err, &other)
	require.Equal(t, log.NotSameLogError{File: "a", Read: 2, Left: 1}, *other)

	late, err = first.late(stretch("2", 11, 0, false, 12).behind(5))
	require.NoError(t, err)
	require.Empty(t, late, "they may be of the gap")

	joined := stretch("1", 3, 10, false, 5, 8).behind(4)
	require.NoError(t, joined.Then(stretch("2", 10, 20, false, 12).behind(6)))
	require.Equal(t, []LogSpan{{"a", false, 2, 1, 4}}, joined.Logs)
	late, err = joined.late(stretch("3", 20, 30, false).behind(8))
	require.NoError(t, err)
	require.Equal(t, []lateRecords{{"a", 1}}, late)
}

// TestSpanOfNewLogs has logs that the first stretch has not read.
func TestSpanOfNewLogs(t *testing.T) {
	other := LogSpan{Name: "b", Earlier: 3}
	next := stretch("2", 10, 0, false, 12).behind(1)
	next.Logs = append(next.Logs, other)
	late, err := stretch("1", 0, 10, false, 5).late(next)
	require.NoError(t, err)
	require.Equal(t, []lateRecords{{"b", 3}}, late)

	late, err = stretch("1", 3, 10, false, 5).late(next)
	require.NoError(t, err)
	require.Empty(t, late, "it may end before the first stretch")

	next.Logs = next.Logs[1:]
	late, err = stretch("1", 0, 10, false, 5).late(next)
	require.NoError(t, err)
	require.Empty(t, late, "all names may be others")
}

func TestSpansBesideEachOther(t *testing.T) {
	a, b := stretch("1", 3, 10, false, 5, 8), stretch("2", 2, 0, false, 4, 8)
	b.Logs[0].Name = "b"
	require.NoError(t, a.Beside(b))
	require.Equal(t, 2.0, *a.Since)
	require.Nil(t, a.Until)
	require.Equal(t, []float64{4, 8}, []float64{a.First, a.Last})
	require.Len(t, a.Logs, 2)
}
