package log

import "hashlog/log/internal/line"

// Object finds the members of lines that hold one JSON object each, for a [Format]. Its rules
// are those of the package comment: names are case-sensitive, the last of duplicate names
// wins, null means missing, and invalid UTF-8 is an error.
type Object struct{ members line.Object }

// NewObject returns an Object that finds the members of these names.
func NewObject(names ...string) *Object { return &Object{*line.NewObject(names...)} }

// Parse checks that a line is one JSON object, and finds its members. [IsNotJSON] tells its
// errors apart.
func (o *Object) Parse(text []byte) error { return o.members.Parse(text) }

// Value returns the JSON of the member of the i-th name in the last line. It is nil if the
// member is missing, if the line was not a JSON object, and before the first line. It aliases
// the line.
func (o *Object) Value(i int) []byte { return o.members.Value(i) }

// Excerpt returns the beginning of bad input for an error message, quoted if it holds
// anything but printable ASCII.
func Excerpt(value []byte) string { return line.Excerpt(value) }
