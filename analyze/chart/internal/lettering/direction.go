package lettering

import (
	"strings"
	"unicode"
)

// Characters without a shape that isolate a text from the direction of the text around it.
const (
	firstStrongIsolate    = '\u2068'
	popDirectionalIsolate = '\u2069'
)

// rightToLeft are the blocks of scripts written from right to left.
var rightToLeft = &unicode.RangeTable{
	R16: []unicode.Range16{{Lo: 0x590, Hi: 0x8ff, Stride: 1}, {Lo: 0xfb1d, Hi: 0xfdff, Stride: 1}, {Lo: 0xfe70, Hi: 0xfeff, Stride: 1}},
	R32: []unicode.Range32{{Lo: 0x10800, Hi: 0x10fff, Stride: 1}, {Lo: 0x1e800, Hi: 0x1efff, Stride: 1}},
}

// Isolate returns a name such that it doesn't reorder the text around it, and that text not the name.
func Isolate(s string) string {
	if !strings.ContainsFunc(s, func(r rune) bool { return unicode.Is(rightToLeft, r) }) {
		return s
	}
	return string(firstStrongIsolate) + s + string(popDirectionalIsolate)
}

// StripIsolates removes the marks of [Isolate].
func StripIsolates(s string) string {
	return strings.Map(func(r rune) rune {
		if r == firstStrongIsolate || r == popDirectionalIsolate {
			return -1
		}
		return r
	}, s)
}

// Plain reports whether the font has all letters of a text, and draws them correctly one by one from left to right.
func Plain(f *Font, s string) bool {
	return !strings.ContainsFunc(s, func(r rune) bool { return !simple(r) || !f.has(r) })
}

// simple reports whether a letter neither joins its neighbours nor changes their order, and has a width.
func simple(r rune) bool {
	switch {
	case r < 0x300:
		return true
	case r < 0x370, r >= 0x590 && r < 0x1e00: // combining marks, and scripts with rules of their own
		return false
	}
	return !unicode.In(r, rightToLeft, unicode.M, unicode.Cf)
}
