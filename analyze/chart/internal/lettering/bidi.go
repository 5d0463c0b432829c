package lettering

import (
	"slices"

	"github.com/go-text/typesetting/bidi"
	"github.com/go-text/typesetting/di"
	"github.com/go-text/typesetting/shaping"
	classes "golang.org/x/text/unicode/bidi"
)

// part is a part of a text of one direction. Levels are those of the Unicode Bidirectional Algorithm: odd ones run from right
// to left.
type part struct {
	start, end int
	level      bidi.Level
}

func (p part) direction() di.Direction {
	if p.level%2 != 0 {
		return di.DirectionRTL
	}
	return di.DirectionLTR
}

// run is a part of a text in one direction and in one font.
type run struct {
	shaping.Input
	level bidi.Level
}

// isolated splits a text into the names that [Isolate] marks and what is between them, without the marks. A name has the level
// of its first letter with a direction, the rest level 0.
func isolated(text []rune) (out []part) {
	start, inside := 0, false
	add := func(end int) {
		if end > start {
			p := part{start: start, end: end}
			if inside {
				p.level = levelOf(text[start:end])
			}
			out = append(out, p)
		}
	}
	for i, r := range text {
		if r == firstStrongIsolate || r == popDirectionalIsolate {
			add(i)
			start, inside = i+1, r == firstStrongIsolate
		}
	}
	add(len(text))
	return out
}

func classOf(r rune) classes.Class {
	p, _ := classes.LookupRune(r)
	return p.Class()
}

// levelOf returns the level of a text by rules P2 and P3.
func levelOf(text []rune) bidi.Level {
	for _, r := range text {
		switch classOf(r) {
		case classes.L:
			return 0
		case classes.R, classes.AL:
			return 1
		}
	}
	return 0
}

// directions splits an isolated part of a text by level.
func (s *shaper) directions(text []rune, p part) (out []part) {
	base := bidi.LeftToRight
	if p.level == 1 {
		base = bidi.RightToLeft
	}
	runs := s.paragraph.Segment(text[p.start:p.end], base)
	for i := range runs.NumRuns() {
		r := runs.Run(i)
		next := part{p.start + r.Start, p.start + r.End, r.Level}
		// A run has one direction, but maybe two levels: 2 for a number that follows letters from right to left, and 0.
		if p.level == 0 && r.Level == 2 {
			rest := next
			next.end = next.start + number(text[next.start:next.end])
			rest.start, rest.level = next.end, 0
			out = append(out, next)
			next = rest
		}
		if next.start < next.end {
			out = append(out, next)
		}
	}
	return out
}

// number returns how many characters at the start of a text are a number, with the separators within (rule W4) and the signs
// at its ends (rule W5).
func number(text []rune) (n int) {
	isDigit := func(i int) bool {
		return i < len(text) && (classOf(text[i]) == classes.EN || classOf(text[i]) == classes.AN)
	}
	for n < len(text) {
		switch class := classOf(text[n]); {
		case isDigit(n), class == classes.ET, class == classes.NSM:
		case (class == classes.CS || class == classes.ES) && isDigit(n+1):
		default:
			return n
		}
		n++
	}
	return n
}

// inVisualOrder sorts runs from left to right: rule L2.
func inVisualOrder(runs []run) []run {
	highest := bidi.Level(0)
	for _, r := range runs {
		highest = max(highest, r.level)
	}
	for level := highest; level > 0; level-- {
		for i := 0; i < len(runs); {
			end := i
			for end < len(runs) && runs[end].level >= level {
				end++
			}
			slices.Reverse(runs[i:end])
			i = max(end, i+1)
		}
	}
	return runs
}
