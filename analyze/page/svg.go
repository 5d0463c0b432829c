package page

import (
	"bytes"
	"encoding/xml"
	"fmt"
	"html/template"
	"io"
	"strconv"
	"strings"

	"hashlog/analyze/chart"
)

// inline returns a picture as an element of the page. Its ids begin with prefix, so that those of several pictures differ, and
// label is what a screen reader says in its place. Coordinates are rounded to a tenth of a point, and fonts are those of the style
// sheet.
//
// The picture is parsed and written anew with known elements and attributes alone, so nothing in it can load or run anything.
// Declarations in style attributes, which the page's policy forbids, become attributes.
func inline(svg []byte, prefix, label string) (template.HTML, error) {
	in := inliner{prefix: prefix, label: label}
	decoder := xml.NewDecoder(bytes.NewReader(svg))
	for {
		token, err := decoder.Token()
		if err == io.EOF {
			return template.HTML(in.out.String()), nil
		}
		if err != nil {
			return "", fmt.Errorf("reading a picture: %w", err)
		}
		in.token(token)
	}
}

// inliner writes a picture as a part of the page.
type inliner struct {
	prefix, label string
	out           strings.Builder
	skipped       int     // depth inside an element that is left out
	root          bool    // whether the root has been written
	open          bool    // whether the tag at hand lacks its end
	lettering     bool    // whether it is that of a text
	size          float64 // of its font, in points
	bold          bool
}

// elements are those that a picture may have. Its title and description become the label.
var elements = map[string]bool{"svg": true, "g": true, "path": true, "text": true, "tspan": true, "defs": true, "clipPath": true, "rect": true,
	"circle": true, "line": true, "polyline": true, "polygon": true, "linearGradient": true, "stop": true, "pattern": true, "image": true}

// attributes are those that an element may have, besides ids and references.
var attributes = map[string]bool{"d": true, "x": true, "y": true, "x1": true, "y1": true, "x2": true, "y2": true, "cx": true, "cy": true, "r": true, "dx": true, "dy": true,
	"width": true, "height": true, "points": true, "transform": true, "viewBox": true, "offset": true, "fill": true, "fill-opacity": true, "fill-rule": true,
	"stroke": true, "stroke-width": true, "stroke-opacity": true, "stroke-dasharray": true, "stroke-dashoffset": true, "stroke-linecap": true,
	"stroke-linejoin": true, "stroke-miterlimit": true, "opacity": true, "font-size": true, "font-weight": true, "font-style": true, "text-anchor": true,
	"clip-path": true, "stop-color": true, "stop-opacity": true, "gradientUnits": true, "patternUnits": true, "preserveAspectRatio": true,
	"direction": true, "image-rendering": true, "shape-rendering": true}

// initial are declarations that say what holds anyway.
var initial = map[string]bool{"font-variant:normal": true, "font-style:normal": true, "font-weight:normal": true, "stroke-dashoffset:0": true}

func (in *inliner) token(token xml.Token) {
	switch t := token.(type) {
	case xml.StartElement:
		if in.skipped > 0 || !elements[t.Name.Local] {
			in.skipped++
			return
		}
		in.closeTag(">")
		in.start(t)
	case xml.EndElement:
		switch {
		case in.skipped > 0:
			in.skipped--
		case in.open:
			in.closeTag("/>")
		default:
			in.out.WriteString("</" + t.Name.Local + ">")
		}
	case xml.CharData:
		if in.skipped == 0 && len(bytes.TrimSpace(t)) > 0 {
			in.fit(string(t))
			in.closeTag(">")
			in.out.WriteString(template.HTMLEscapeString(string(t)))
		}
	}
}

// closeTag ends the tag at hand, if it lacks its end.
func (in *inliner) closeTag(end string) {
	if in.open {
		in.out.WriteString(end)
		in.open = false
	}
}

// fit says how wide a text is in the font it was laid out with, so that it takes the same room in any other.
func (in *inliner) fit(s string) {
	if in.open && in.lettering && in.size > 0 {
		in.attribute("textLength", strconv.FormatFloat(chart.TextWidth(s, in.size, in.bold), 'f', 1, 64))
		in.attribute("lengthAdjust", "spacingAndGlyphs")
	}
}

// start writes the tag of an element, but for its end.
func (in *inliner) start(e xml.StartElement) {
	in.out.WriteString("<" + e.Name.Local)
	in.open, in.lettering, in.size, in.bold = true, e.Name.Local == "text", 0, false
	root := !in.root
	in.root = true
	for _, a := range e.Attr {
		switch name := a.Name.Local; {
		case root && (name == "width" || name == "height"): // it takes the width of the page
		case name == "style":
			in.declarations(a.Value)
		case name == "id":
			in.attribute("id", in.prefix+a.Value)
		case name == "href" && strings.HasPrefix(a.Value, "data:image/png;base64,"):
			in.attribute("href", a.Value)
		case attributes[name]:
			in.attribute(name, in.value(name, a.Value))
		}
	}
	if root {
		in.attribute("role", "img")
		in.attribute("aria-label", in.label)
	}
}

// declarations writes those of a style attribute as attributes.
func (in *inliner) declarations(style string) {
	for declaration := range strings.SplitSeq(style, ";") {
		name, value, ok := strings.Cut(strings.TrimSpace(declaration), ":")
		if name, value = strings.TrimSpace(name), strings.TrimSpace(value); ok && attributes[name] && !initial[name+":"+value] {
			in.attribute(name, in.value(name, value))
		}
	}
}

// value returns the value of an attribute: numbers rounded, references within the picture alone.
func (in *inliner) value(name, value string) string {
	switch {
	case strings.Contains(value, "url("):
		if id, ok := strings.CutPrefix(strings.TrimSpace(value), "url(#"); ok {
			return "url(#" + in.prefix + id
		}
		return "none"
	case name == "d":
		return compactPath(value)
	}
	return roundNumbers(value)
}

func (in *inliner) attribute(name, value string) {
	switch name {
	case "font-size":
		in.size, _ = strconv.ParseFloat(strings.TrimSuffix(value, "px"), 64)
	case "font-weight":
		in.bold = value == "bold"
	}
	in.out.WriteString(" " + name + `="` + template.HTMLEscapeString(value) + `"`)
}

// roundNumbers rounds the decimals in a text to two places.
func roundNumbers(s string) string {
	if !strings.Contains(s, ".") {
		return s
	}
	out := make([]byte, 0, len(s))
	for i := 0; i < len(s); {
		end := i
		for end < len(s) && (s[end] >= '0' && s[end] <= '9' || s[end] == '.') {
			end++
		}
		if x, err := strconv.ParseFloat(s[i:end], 64); err == nil {
			n := len(out)
			out = strconv.AppendFloat(out, x, 'f', 2, 64)
			out = append(out[:n], bytes.TrimSuffix(bytes.TrimRight(out[n:], "0"), []byte("."))...)
			i = end
			continue
		}
		out = append(out, s[i])
		i++
	}
	return string(out)
}
