package page

import (
	"math"
	"strconv"
	"strings"
)

// compactPath shortens a path of straight lines: coordinates are rounded to a tenth of a point, relative to the point before,
// and horizontal and vertical lines have one.
// Lines that go on in the same of these directions become one. Rounding errors do not add up. Other paths are rounded alone.
func compactPath(d string) string {
	if strings.Trim(d, "MLZ0123456789.,- \n") != "" {
		return roundNumbers(d)
	}
	p := pathWriter{}
	for rest := d; rest != ""; {
		command := rest[0]
		end := 1 + strings.IndexAny(rest[1:], "MLZ")
		if end == 0 {
			end = len(rest)
		}
		x, y, ok := point(rest[1:end])
		rest = rest[end:]
		switch {
		case command == 'Z':
			p.straight(0, 0)
			p.out = append(p.out, 'z')
			p.x, p.y = p.startX, p.startY
		case !ok:
			return roundNumbers(d)
		case command == 'M':
			p.move(x, y)
		default:
			p.line(x, y)
		}
	}
	p.straight(0, 0)
	return string(p.out)
}

// point reads the coordinates of a point, in tenths.
func point(s string) (x, y int, ok bool) {
	a, b, found := strings.Cut(strings.TrimSpace(s), ",")
	v, err := strconv.ParseFloat(a, 64)
	w, err2 := strconv.ParseFloat(b, 64)
	return int(math.Round(10 * v)), int(math.Round(10 * w)), found && err == nil && err2 == nil
}

// pathWriter writes a path. Coordinates are in tenths.
type pathWriter struct {
	out            []byte
	x, y           int // the point at hand
	startX, startY int
	runX, runY     int // a horizontal or vertical line that is not written yet
}

// straight begins or continues a horizontal or vertical line. One that ends is written.
func (p *pathWriter) straight(dx, dy int) {
	if dx*p.runX > 0 || dy*p.runY > 0 {
		p.runX, p.runY = p.runX+dx, p.runY+dy
		return
	}
	if p.runX != 0 {
		p.out = appendTenths(append(p.out, 'h'), p.runX)
	}
	if p.runY != 0 {
		p.out = appendTenths(append(p.out, 'v'), p.runY)
	}
	p.runX, p.runY = dx, dy
}

func (p *pathWriter) move(x, y int) {
	p.straight(0, 0)
	p.out = appendTenths(append(appendTenths(append(p.out, 'M'), x), ','), y)
	p.x, p.y, p.startX, p.startY = x, y, x, y
}

func (p *pathWriter) line(x, y int) {
	dx, dy := x-p.x, y-p.y
	switch {
	case dy == 0 && dx == 0:
	case dy == 0, dx == 0:
		p.straight(dx, dy)
	default:
		p.straight(0, 0)
		p.out = appendTenths(append(appendTenths(append(p.out, 'l'), dx), ','), dy)
	}
	p.x, p.y = x, y
}

func appendTenths(out []byte, n int) []byte {
	if n < 0 {
		out, n = append(out, '-'), -n
	}
	if n >= 10 || n == 0 {
		out = strconv.AppendInt(out, int64(n/10), 10)
	}
	if n%10 > 0 {
		out = append(out, '.', byte('0'+n%10))
	}
	return out
}
