package page

import (
	"bytes"
	"cmp"
	"fmt"
	"slices"
	"strings"
	"unicode"

	"hashlog/analyze"
	"hashlog/analyze/chart"
	"hashlog/analyze/units"
)

// about says what was replayed, in a few words each.
func (f *facts) about() []string {
	in, s := f.report.Input, f.report.Settings
	parts := []string{units.Count(in.Requests, "request"), units.Count(in.TotalTokens, "token")}
	if in.Requests > 0 {
		span := units.FormatSpanBriefly(in.LastTimestamp - in.FirstTimestamp)
		if f.data.Undated {
			parts = append(parts, span+" of an undated trace")
		} else {
			parts = append(parts, fmt.Sprintf("%s to %s (%s)", timeText(in.FirstTimestamp), timeText(in.LastTimestamp), span))
		}
	}
	parts = append(parts, units.Count(*in.UniqueChunks, "unique chunk"))
	if cache := cleanName(s.Cache); s.Cache != "" {
		parts = append(parts, "cache: "+cache+", "+s.TouchOrder+" first")
	}
	if s.Warmup != nil {
		parts = append(parts, "warm-up "+cleanName(warmupText(*s.Warmup))+": replayed, not counted")
	}
	return parts
}

// warmupText returns a warm-up of the settings as it follows that word: "1h", "until 2024-03-31T20:00:00Z".
func warmupText(setting string) string {
	if w, err := analyze.ParseWarmup(setting); err == nil && w.Until != nil {
		return "until " + setting
	}
	return setting
}

// timeText prints a time to the minute, in UTC.
func timeText(t float64) string {
	if date, ok := units.UTC(t); ok {
		return date.Format("2006-01-02 15:04") + " UTC"
	}
	return units.FormatTime(t)
}

// mostModels is the most models that the head of the page names.
const mostModels = 6

// models returns the names of the models, or their number if there are many.
func (f *facts) models() (names []string) {
	models := f.report.Input.Models
	if len(models) > mostModels {
		return []string{units.Count(int64(len(models)), "model")}
	}
	for _, m := range models {
		if len(models) == 1 && m.Name == "" {
			break // traces have no names
		}
		names = append(names, cleanName(m.Name))
	}
	return names
}

// windowText prints the length of a window: "15 min", "1 d".
func windowText(seconds float64) string {
	for _, u := range []struct {
		seconds float64
		name    string
	}{{86400, "d"}, {3600, "h"}, {60, "min"}, {1, "s"}} {
		if n := seconds / u.seconds; n >= 1 && n == float64(int64(n)) {
			return fmt.Sprintf("%d %s", int64(n), u.name)
		}
	}
	return fmt.Sprintf("%g s", seconds)
}

// cleanText is cleanName for sentences, which are kept whole up to a thousand letters.
func cleanText(s string) string {
	s = strings.Map(func(r rune) rune {
		switch {
		case unicode.IsSpace(r):
			return ' '
		case unicode.Is(unicode.C, r):
			return -1
		}
		return r
	}, s)
	const most = 1000
	if letters := []rune(s); len(letters) > most {
		s = string(letters[:most/2]) + " … " + string(letters[len(letters)-most/2:])
	}
	return s
}

// comparison draws the caches of a comparison; nil if there is none, or none at several capacities.
func (f *facts) comparison() (*figure, error) {
	grid, unit := f.comparedGrid()
	if len(grid) < 2 {
		return nil, nil
	}
	var b bytes.Buffer
	c := &analyze.Comparison{Report: f.report, Grid: grid, GridUnit: unit, Settings: f.report.Settings, Ceiling: *f.report.Ceiling, TotalTokens: f.compared.TotalTokens}
	if err := chart.Caches(&b, chart.SVG, c); err != nil {
		return nil, err
	}
	const heading, about = "Caches side by side", "What other ways to evict would hit with the same memory."
	svg, err := inline(b.Bytes(), "compared-", heading+". "+about)
	return &figure{ID: "compared", Heading: heading, About: about, SVG: svg}, err
}

// comparedGrid returns the capacities of a comparison that have all caches, rising, and their unit.
func (f *facts) comparedGrid() (grid []analyze.ComparedCapacity, unit units.Unit) {
	if f.compared == nil {
		return nil, 0
	}
	unit = units.Chunks
	if slices.ContainsFunc(f.compared.Capacities, func(at analyze.ComparedCapacity) bool { return at.Bytes != nil }) {
		unit = units.Bytes
	}
	first := f.compared.Capacities[0].Caches
	for _, at := range f.compared.Capacities {
		sameName := func(a, b analyze.CacheResult) bool { return a.Cache == b.Cache }
		if at.In(unit) != nil && slices.EqualFunc(at.Caches, first, sameName) {
			for i := range at.Caches {
				at.Caches[i].Cache = cleanName(at.Caches[i].Cache)
			}
			grid = append(grid, at)
		}
	}
	slices.SortStableFunc(grid, func(a, b analyze.ComparedCapacity) int { return cmp.Compare(*a.In(unit), *b.In(unit)) })
	return grid, unit
}
