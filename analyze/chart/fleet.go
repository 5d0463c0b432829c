package chart

import (
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"

	"hashlog/analyze"
	"hashlog/analyze/units"
)

// Fleet draws the token hit rate of one pool and of every routing by the capacity of all nodes together, with a label at the end
// of each line. Straight lines join the points. Where only these are known, because a cache-aware routing deals differently at
// each capacity, they are marked. Points without bound are left out, and so are those whose capacity is not known in the unit of
// the axis, bytes or chunks, in which most are known. A note names the routings of the latter.
//
// It fails if the report has no points, if f is not a known format or if w fails. Nothing is written before the picture is
// complete.
func Fleet(w io.Writer, f Format, r *analyze.FleetReport) error {
	if r == nil || r.Report == nil {
		return errors.New("draw a fleet: there is no report")
	}
	ch, err := newFleetChart(r)
	if err != nil {
		return fmt.Errorf("draw a fleet: %w", err)
	}
	return ch.picture().write(w, f)
}

// fleetChart is a picture of a fleet under construction.
type fleetChart struct {
	report *analyze.FleetReport
	lines  []*fleetLine // those of the pools first
	hidden []string     // routings with points whose capacity is not known in the unit of the axis

	plane
	labels []endLabel // in the order of the lines until they are spread
}

// fleetLine is the line of a routing and a number of nodes.
type fleetLine struct {
	routing string
	nodes   int
	style   draw.LineStyle
	curve   rateCurve
	marked  bool // whether nothing is known between the points

	points []vg.Point
}

// poolStyle is that of one cache for all requests.
var poolStyle = draw.LineStyle{Color: ink, Width: 1.5}

// fleetMark is the radius of the mark of a point.
const fleetMark vg.Length = 1.9

// newFleetChart collects the lines.
func newFleetChart(r *analyze.FleetReport) (*fleetChart, error) {
	ch := &fleetChart{report: r}
	ch.across.unit = fleetUnit(r.Points)
	for i := range r.Points {
		p := &r.Points[i]
		switch at := p.FleetCapacity.In(ch.across.unit); {
		case at != nil:
			ch.line(p.Routing, p.Nodes).add(*at, p)
		case p.FleetCapacity != analyze.Size{} && !slices.Contains(ch.hidden, p.Routing):
			ch.hidden = append(ch.hidden, p.Routing)
		}
	}
	if len(ch.lines) == 0 {
		return nil, errors.New("no capacity has a bound")
	}
	ch.across.Axis = ch.axis()
	slices.SortStableFunc(ch.lines, func(a, b *fleetLine) int { return a.place() - b.place() })
	ch.style()
	return ch, nil
}

// fleetUnit returns the unit in which most capacities are known, bytes rather than chunks.
func fleetUnit(points []analyze.FleetPoint) units.Unit {
	bytes, chunks := 0, 0
	for i := range points {
		if points[i].FleetCapacity.Bytes != nil {
			bytes++
		}
		if points[i].FleetCapacity.Chunks != nil {
			chunks++
		}
	}
	if chunks > bytes {
		return units.Chunks
	}
	return units.Bytes
}

// line returns the line of a routing and a number of nodes.
func (ch *fleetChart) line(routing string, nodes int) *fleetLine {
	i := slices.IndexFunc(ch.lines, func(l *fleetLine) bool { return l.routing == routing && l.nodes == nodes })
	if i < 0 {
		i = len(ch.lines)
		ch.lines = append(ch.lines, &fleetLine{routing: routing, nodes: nodes, curve: rateCurve{joined: true}})
	}
	return ch.lines[i]
}

// add adds a point.
func (l *fleetLine) add(capacity int64, p *analyze.FleetPoint) {
	i, _ := slices.BinarySearch(l.curve.capacities, capacity) // those of a list come in the order asked
	l.curve.capacities = slices.Insert(l.curve.capacities, i, capacity)
	l.curve.rates = slices.Insert(l.curve.rates, i, p.TokenHitRate())
	l.marked = l.marked || !p.Exact
}

// axis covers all capacities.
func (ch *fleetChart) axis() Axis {
	var all []int64
	for _, l := range ch.lines {
		all = append(all, l.curve.capacities...)
	}
	a := Axis{From: slices.Min(all), To: slices.Max(all)}
	a.To = max(a.To, a.From+1)
	return a
}

// style gives each routing a colour and, if there are several, each number of nodes a dash. Where colours repeat, the dashes
// behind those of all numbers of nodes tell routings apart.
func (ch *fleetChart) style() {
	var routings []string
	var counts []int
	for _, l := range ch.lines {
		if l.isPool() {
			continue
		}
		if !slices.Contains(routings, l.routing) {
			routings = append(routings, l.routing)
		}
		if !slices.Contains(counts, l.nodes) {
			counts = append(counts, l.nodes)
		}
	}
	for _, l := range ch.lines {
		l.style = poolStyle
		if !l.isPool() {
			nth := slices.Index(routings, l.routing)
			l.style = cacheStyle(nth)
			l.style.Dashes = lineDashes[(nth/len(cacheColors)*len(counts)+slices.Index(counts, l.nodes))%len(lineDashes)]
		}
		ch.labels = append(ch.labels, endLabel{text: l.label(len(counts) > 1), value: percent(l.last()), style: l.style, rank: l.last()})
	}
}

func (l *fleetLine) isPool() bool { return l.routing == analyze.PoolRouting }

// place puts the pool before all routings.
func (l *fleetLine) place() int {
	if l.isPool() {
		return 0
	}
	return 1
}

// last returns the rate at the end of a line.
func (l *fleetLine) last() float64 { return l.curve.rates[len(l.curve.rates)-1] }

// label names a line, with its number of nodes if lines differ in it.
func (l *fleetLine) label(several bool) string {
	name := routingLabel(l.routing)
	if several && !l.isPool() {
		name += " × " + units.Comma(int64(l.nodes))
	}
	return name
}

// routingLabel names a routing.
func routingLabel(name string) string {
	if name == analyze.PoolRouting {
		return "one pool"
	}
	return shorten(axisFace, clean(name), widestCache)
}

func (ch *fleetChart) picture() picture {
	r := ch.report.Report
	ch.up = ratesUpTo(r.Ceiling.TokenHitRate)
	f := frame{
		title:    "Token hit rate of a fleet by the capacity of all nodes",
		subtitle: append(subtitle(r), ch.nodesText()...),
		figures:  append(capacityFigures(r), ch.figures()...),
		notes:    ch.notes(),
		footnote: footnote(r),
		yLabel:   "Token hit rate",
		side:     endLabelsWidth(ch.labels),
		minimum:  endLine * vg.Length(len(ch.labels)+2),
	}
	f.xLabel = strings.Replace(ch.across.label(ch.across.ticks(f.panelWidth())), "Cache capacity", "Capacity of all nodes together", 1)
	ch.layout = f.lay(1)
	for i, l := range ch.lines {
		for j, c := range l.curve.capacities {
			l.points = append(l.points, ch.point(c, l.curve.rates[j]))
		}
		ch.labels[i].end = l.points[len(l.points)-1].Y
	}
	spread(ch.labels, ch.panel.Min.Y+4, ch.panel.Max.Y-4)
	return picture{width: pageWidth, height: ch.height, draw: ch.draw}
}

// nodesText says how many nodes there are: "4 nodes", "2, 4 and 8 nodes".
func (ch *fleetChart) nodesText() []string {
	var counts []int
	for _, l := range ch.lines {
		if !l.isPool() && !slices.Contains(counts, l.nodes) {
			counts = append(counts, l.nodes)
		}
	}
	switch len(counts) {
	case 0:
		return nil
	case 1:
		return []string{units.Count(int64(counts[0]), "node")}
	}
	var texts []string
	for _, n := range counts {
		texts = append(texts, units.Comma(int64(n)))
	}
	last := len(texts) - 1
	return []string{strings.Join(texts[:last], ", ") + " and " + texts[last] + " nodes"}
}

// figures say where each line ends.
func (ch *fleetChart) figures() (out []string) {
	for i, l := range ch.lines {
		end := units.Capacity{N: l.curve.capacities[len(l.curve.capacities)-1], Unit: ch.across.unit}
		out = append(out, fmt.Sprintf("%s: %s at %s", ch.labels[i].text, percent(l.last()), end))
	}
	return out
}

// notes say what a mark is, if there are any, and what is left out.
func (ch *fleetChart) notes() (notes [][]string) {
	if slices.ContainsFunc(ch.lines, func(l *fleetLine) bool { return l.marked }) {
		notes = append(notes, []string{"Lines with dots are known at the dots alone"})
	}
	if len(ch.hidden) > 0 {
		unit, parts := "bytes", slices.Clone(ch.hidden)
		if ch.across.unit == units.Chunks {
			unit = "chunks"
		}
		for i := range parts {
			parts[i] = routingLabel(parts[i])
		}
		parts[0] = "Capacities that are not known in " + unit + " are left out: " + parts[0]
		notes = append(notes, parts)
	}
	return notes
}

// leadStyle is that of what leads from a line that ends early to its label.
var leadStyle = draw.LineStyle{Color: rule, Width: 0.5, Dashes: []vg.Length{1, 2}}

// lead joins lines that end early to the edge, where their labels are.
func (ch *fleetChart) lead(c *draw.Canvas) {
	for _, l := range ch.lines {
		if end := l.points[len(l.points)-1]; end.X < ch.panel.Max.X {
			c.StrokeLine2(leadStyle, end.X, end.Y, ch.panel.Max.X, end.Y)
		}
	}
}

func (ch *fleetChart) draw(c *draw.Canvas) {
	ch.drawPlane(c)
	ch.lead(c)
	ch.drawCeiling(c, ch.report.Ceiling.TokenHitRate)
	for _, l := range slices.Backward(ch.lines) { // the pool lies on top
		c.StrokeLines(l.style, l.points)
		if l.marked || len(l.points) == 1 {
			for _, at := range l.points {
				disc(c, l.style.Color, at, fleetMark)
			}
		}
	}
	ch.drawEndLabels(c, ch.labels)
	ch.sayWhyEmpty(c, ch.report.Report, countedTokens(ch.report.Report))
}
