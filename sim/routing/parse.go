package routing

import (
	"fmt"
	"strconv"
	"strings"

	"hashlog/sim/option"
)

// Parse reads a routing, with its options behind it: "round-robin", "prefix:2", "prefix:2:bounded=1.25", "sglang:match=0.5".
// [All] lists the names and the options. An error is an [*option.UnknownError], an [*ArgumentError], an
// [*option.NameError] or an [*option.ValueError].
func Parse(text string) (Routing, error) {
	name, rest, more := strings.Cut(text, ":")
	k := find(name)
	if k == nil {
		return Routing{}, &option.UnknownError{Owner: owner(name), Known: forms()}
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
	given, err := option.Read(options, owner(about.Name), about.Options)
	for i, o := range about.Options {
		if value, ok := given[o.Name]; ok {
			r.values[i] = value
		}
	}
	return err
}

// owner is the routing of a name, as errors say it.
func owner(name string) option.Owner { return option.Owner{Kind: "routing", Name: name} }

// forms returns how the routings are written.
func forms() (forms []string) {
	for _, k := range kinds() {
		forms = append(forms, k.about.Form())
	}
	return forms
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
