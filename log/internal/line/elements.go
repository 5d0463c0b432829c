package line

import "github.com/go-json-experiment/json/jsontext"

// elementList iterates over the elements of a valid JSON list. It only looks for their ends.
type elementList struct {
	rest  []byte
	value jsontext.Value // the element
}

func elements(list jsontext.Value) elementList {
	return elementList{rest: list[1 : len(list)-1]}
}

// next moves to the next element.
func (l *elementList) next() bool {
	start := 0
	for start < len(l.rest) && isSeparator(l.rest[start]) {
		start++
	}
	if start == len(l.rest) {
		return false
	}
	end := valueEnd(l.rest, start)
	l.value, l.rest = l.rest[start:end], l.rest[end:]
	return true
}

func isSeparator(b byte) bool {
	return b == ' ' || b == ',' || b == '\t' || b == '\r' || b == '\n'
}

// valueEnd returns the end of the JSON value at start.
func valueEnd(text []byte, start int) int {
	depth := 0
	for i := start; i < len(text); i++ {
		switch text[i] {
		case '"':
			i = stringEnd(text, i)
			if depth == 0 {
				return i + 1
			}
		case '[', '{':
			depth++
		case ']', '}':
			if depth--; depth == 0 {
				return i + 1
			}
		case ' ', ',', '\t', '\r', '\n':
			if depth == 0 {
				return i
			}
		}
	}
	return len(text)
}

// stringEnd returns the index of the closing quote of the string at start.
func stringEnd(text []byte, start int) int {
	i := start + 1
	i += plainLen(text[min(i, len(text)):])
	for i < len(text)-1 && text[i] != '"' {
		if text[i] == '\\' {
			i++
		}
		i++
	}
	return min(i, len(text)-1)
}
