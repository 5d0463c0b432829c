// Package option reads the options behind the name of a cache or a routing, such as "small=0.2:cap=1" of "s3fifo:small=0.2:cap=1".
package option

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// Option is a parameter of a cache or a routing.
type Option struct {
	Name    string
	Text    string // what it means, in a line
	Default float64
	Values  string // which ones there are, in words
	Valid   func(float64) bool
}

// Owner is what has options: the cache sieve, the routing dynamo.
type Owner struct {
	Kind, Name string
}

func (o Owner) String() string { return o.Kind + " " + o.Name }

// Read reads options of a list that an owner has, written "small=0.2:cap=1", and returns their values by name. An error is a
// [*NameError] or a [*ValueError].
func Read(text string, of Owner, options []Option) (map[string]float64, error) {
	given := map[string]float64{}
	for one := range strings.SplitSeq(text, ":") {
		name, value, _ := strings.Cut(one, "=")
		i, err := Find(name, of, options)
		if err != nil {
			return nil, err
		}
		if _, twice := given[name]; twice {
			return nil, &ValueError{of, name, value, "given once"}
		}
		number, err := strconv.ParseFloat(value, 64)
		if err != nil || !options[i].Valid(number) {
			return nil, &ValueError{of, name, value, options[i].Values}
		}
		given[name] = number
	}
	return given, nil
}

// Find returns the index of the option of a name, or a [*NameError].
func Find(name string, of Owner, options []Option) (int, error) {
	i := slices.IndexFunc(options, func(o Option) bool { return o.Name == name })
	if i >= 0 {
		return i, nil
	}
	e := &NameError{Of: of, Option: name}
	for _, o := range options {
		e.Known = append(e.Known, o.Name)
	}
	return i, e
}

// UnknownError says that no cache or routing has a name. Owner.Name is that.
type UnknownError struct {
	Owner
	Known []string // how those that there are are written
}

func (e *UnknownError) Error() string {
	return fmt.Sprintf("%s %q: must be %s", e.Kind, e.Name, either(e.Known))
}

// NameError says that a cache or a routing has no such option.
type NameError struct {
	Of     Owner
	Option string
	Known  []string // the options that it has
}

func (e *NameError) Error() string {
	if len(e.Known) == 0 {
		return fmt.Sprintf("option %q of %s: it has no options", e.Option, e.Of)
	}
	return fmt.Sprintf("option %q of %s: must be %s", e.Option, e.Of, either(e.Known))
}

// ValueError says that an option has a value that it cannot have.
type ValueError struct {
	Of     Owner
	Option string
	Value  string
	Want   string // what it must be
}

func (e *ValueError) Error() string {
	return fmt.Sprintf("%s=%s of %s: must be %s", e.Option, e.Value, e.Of, e.Want)
}

// either joins names: a, b or c.
func either(names []string) string {
	last := len(names) - 1
	if last < 1 {
		return strings.Join(names, "")
	}
	return strings.Join(names[:last], ", ") + " or " + names[last]
}
