package chart

import (
	"math"
	"slices"

	"gonum.org/v1/plot/vg"

	"hashlog/analyze"
)

// slot is what a chart shows at one place of its time axis: a window or, if windows are too narrow to be told apart, those of
// a column.
type slot struct {
	from, to vg.Length
	tokens   extent    // of a window
	thin     bool      // all windows have little traffic
	rates    []extent  // hit rates of the windows, by series; nil if they have no tokens
	sums     []float64 // cumulative hit rates at the end, by series
}

// extent is the median and the range of some numbers.
type extent struct{ low, median, high float64 }

// extentOf sorts numbers, of which there must be one, and returns their extent.
func extentOf(numbers []float64) extent {
	slices.Sort(numbers)
	last := len(numbers) - 1
	return extent{numbers[0], (numbers[last/2] + numbers[(last+1)/2]) / 2, numbers[last]}
}

// littleTraffic is the share of the median window's tokens below which a window has little traffic.
const littleTraffic = 0.25

// thinBelow returns the number of tokens below which a window has little traffic. Windows without tokens don't count for
// the median.
func thinBelow(windows []analyze.Window) float64 {
	var tokens []float64
	for i := range windows {
		if n := windows[i].TotalTokens; n > 0 {
			tokens = append(tokens, float64(n))
		}
	}
	if len(tokens) == 0 {
		return 0
	}
	return littleTraffic * extentOf(tokens).median
}

// legible is the least width of a window that is drawn on its own: three pixels of a screen.
const legible = 3 * vg.Inch / 96

// columns cut a time axis into columns of a whole number of windows, each wide enough to be seen.
type columns struct {
	left    vg.Length
	width   vg.Length
	windows float64 // in a column; 1 if each window is drawn on its own
}

// columnsOf returns the columns for windows of a width that begin at left.
func columnsOf(left, window vg.Length) columns {
	if window >= legible {
		return columns{left, window, 1}
	}
	n := math.Ceil(float64(2 * legible / window))
	width := window * vg.Length(n)
	if !(width >= legible && width <= 3*legible) { // the windows of an absurd time range are too narrow for arithmetic
		width = 2 * legible
	}
	return columns{left, width, n}
}

// of returns the number of the column that contains a place.
func (c columns) of(x vg.Length) float64 { return math.Floor(float64((x - c.left) / c.width)) }

// slotter turns windows into slots, in time order.
type slotter struct {
	lines  []int // indices in Rolling.Lines, by series
	thin   float64
	slots  []slot
	hits   []int64
	hit    []int64 // of all windows so far, by series
	total  int64
	column float64
	held   held
}

// held are the figures of the windows of the current slot.
type held struct {
	tokens []float64
	all    [][]float64 // hit rates of windows with tokens, by series
	busy   [][]float64 // of those without little traffic
}

// slotsOf cuts windows into slots. place returns where a window begins and ends on the page.
func slotsOf(windows []analyze.Window, lines []int, c columns, right vg.Length, place func(w *analyze.Window) (from, to vg.Length)) []slot {
	s := &slotter{lines: lines, thin: thinBelow(windows), hit: make([]int64, len(lines)), column: -1,
		held: held{all: make([][]float64, len(lines)), busy: make([][]float64, len(lines))}}
	for i := range windows {
		w := &windows[i]
		from, to := place(w)
		switch at := c.of((from + to) / 2); {
		case c.windows == 1:
			s.flush()
			s.slots = append(s.slots, slot{from: from, to: to})
		case i == 0 || at != s.column:
			s.flush()
			s.column = at
			s.slots = append(s.slots, s.columnSlot(c, right))
		}
		s.add(w)
	}
	s.flush()
	return s.slots
}

// columnSlot returns the slot of the current column. The last column, which right cuts off, is wide enough to be seen if the
// one before it is empty.
func (s *slotter) columnSlot(c columns, right vg.Length) slot {
	now := slot{from: c.left + vg.Length(s.column)*c.width, to: min(c.left+vg.Length(s.column+1)*c.width, right)}
	now.from = min(now.from, right-legible)
	if n := len(s.slots); n > 0 {
		now.from = max(now.from, s.slots[n-1].to)
	}
	return now
}

// add adds a window to the current slot.
func (s *slotter) add(w *analyze.Window) {
	tokens := float64(w.TotalTokens)
	s.held.tokens = append(s.held.tokens, tokens)
	s.total += w.TotalTokens
	s.hits = w.Hits(s.hits)
	for i, line := range s.lines {
		if line >= len(s.hits) || w.TotalTokens <= 0 {
			continue
		}
		s.hit[i] += s.hits[line]
		rate := ratio(s.hits[line], w.TotalTokens)
		s.held.all[i] = append(s.held.all[i], rate)
		if tokens >= s.thin {
			s.held.busy[i] = append(s.held.busy[i], rate)
		}
	}
}

// flush completes the current slot. Windows with little traffic are left out where there are others.
func (s *slotter) flush() {
	if len(s.held.tokens) == 0 {
		return
	}
	now := &s.slots[len(s.slots)-1]
	now.tokens = extentOf(s.held.tokens)
	now.thin = now.tokens.high < s.thin
	for i := range s.lines {
		rates := s.held.busy[i]
		if now.thin {
			rates = s.held.all[i]
		}
		if len(rates) > 0 {
			now.rates = append(now.rates, extentOf(rates))
		}
		now.sums = append(now.sums, ratio(s.hit[i], s.total))
		s.held.all[i], s.held.busy[i] = s.held.all[i][:0], s.held.busy[i][:0]
	}
	s.held.tokens = s.held.tokens[:0]
	if len(now.rates) < len(s.lines) {
		now.rates = nil
	}
	if s.total == 0 {
		now.sums = nil
	}
}
