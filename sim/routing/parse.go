package routing

import (
	"fmt"
	"strconv"
	"strings"
)

// Parse reads a routing, with its options behind it: "round-robin", "prefix:2", "prefix:2:bounded=1.25", "sglang:match=0.5".
// [All] lists the names and the options. An error is an [*UnknownError], an [*ArgumentError], an [*OptionError] or a
// [*ValueError].
func Parse(text string) (Routing, error) {
	name, rest, more := strings.Cut(text, ":")
	k := find(name)
	if k == nil {
		return Routing{}, &UnknownError{name, forms()}
	}
	r := Routing{name: name}
	for i, o := range k.about.Options {
		r.values[i] = o.Default
	}
	if k.about.Argument != "" {
		var number string
		number, rest, more = strings.Cut(rest, ":")
		n, err := strconv.Atoi(number)
		if err != nil || n < 1 {
			return Routing{}, &ArgumentError{name, number, k.about.Form()}
		}
		r.k = n
	}
	if !more {
		return r, nil
	}
	return r, r.read(&k.about, rest)
}

// read sets options, written "match=0.5:load=64".
func (r *Routing) read(about *About, options string) error {
	given := map[int]bool{}
	for text := range strings.SplitSeq(options, ":") {
		name, value, _ := strings.Cut(text, "=")
		i, err := about.option(name)
		if err != nil {
			return err
		}
		if given[i] {
			return &ValueError{about.Name, name, value, "given once"}
		}
		given[i] = true
		number, err := strconv.ParseFloat(value, 64)
		if err != nil || !about.Options[i].valid(number) {
			return &ValueError{about.Name, name, value, about.Options[i].Values}
		}
		r.values[i] = number
	}
	return nil
}

// option returns the number of the option of a name.
func (a *About) option(name string) (int, error) {
	var known []string
	for i, o := range a.Options {
		if o.Name == name {
			return i, nil
		}
		known = append(known, o.Name)
	}
	return 0, &OptionError{a.Name, name, known}
}

// forms returns how the routings are written.
func forms() (forms []string) {
	for _, k := range kinds() {
		forms = append(forms, k.about.Form())
	}
	return forms
}

// UnknownError says that no routing has a name.
type UnknownError struct {
	Name  string
	Known []string // those that Parse knows, such as "prefix:K"
}

func (e *UnknownError) Error() string {
	return fmt.Sprintf("routing %q: must be %s", e.Name, either(e.Known))
}

// ArgumentError says that the number behind the name of a routing is missing or cannot be.
type ArgumentError struct {
	Name  string
	Value string // "" if there is none
	Form  string // such as "prefix:K"
}

func (e *ArgumentError) Error() string {
	if e.Value == "" {
		return fmt.Sprintf("routing %q: must be %s with a number of chunks, such as %s:2", e.Name, e.Form, e.Name)
	}
	return fmt.Sprintf("routing \"%s:%s\": must be %s with a whole number of chunks, at least 1", e.Name, e.Value, e.Form)
}

// OptionError says that a routing has no such option.
type OptionError struct {
	Routing, Option string
	Known           []string // the options that it has
}

func (e *OptionError) Error() string {
	if len(e.Known) == 0 {
		return fmt.Sprintf("option %q of routing %s: it has no options", e.Option, e.Routing)
	}
	return fmt.Sprintf("option %q of routing %s: must be %s", e.Option, e.Routing, either(e.Known))
}

// ValueError says that an option has a value that it cannot have.
type ValueError struct {
	Routing, Option string
	Value           string
	Want            string // what it must be
}

func (e *ValueError) Error() string {
	return fmt.Sprintf("%s=%s of routing %s: must be %s", e.Option, e.Value, e.Routing, e.Want)
}

// either joins names: a, b or c.
func either(names []string) string {
	last := len(names) - 1
	if last < 1 {
		return strings.Join(names, "")
	}
	return strings.Join(names[:last], ", ") + " or " + names[last]
}
