package policy

import (
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
)

// Parse reads the name of a cache that is no stack, and options behind it: "sieve", "s3fifo:small=0.2", "s3fifo:small=0.2:cap=1".
// [All] lists the names and the options. An error is an [*UnknownError], an [*OptionError] or a [*ValueError].
func Parse(text string) (Spec, error) {
	name, rest, more := strings.Cut(text, ":")
	var known []string
	for _, p := range policies() {
		known = append(known, p.about.Name)
	}
	if !slices.Contains(known, name) {
		return Spec{}, &UnknownError{name, known}
	}
	spec := Spec{Name: name, Options: map[string]float64{}}
	if !more {
		return spec, nil
	}
	return spec.With(rest)
}

// With returns the cache with other options, written "small=0.2:cap=1"; those that are not named stay. The cache must be a known
// one. An error is an [*OptionError] or a [*ValueError].
func (s Spec) With(options string) (Spec, error) {
	about, given := &find(s.Name).about, map[string]float64{}
	for text := range strings.SplitSeq(options, ":") {
		if err := about.read(text, given); err != nil {
			return Spec{}, err
		}
	}
	all := maps.Clone(s.Options)
	if all == nil {
		all = map[string]float64{}
	}
	maps.Copy(all, given)
	for _, o := range about.Options {
		if all[o.Name] == o.Default {
			delete(all, o.Name)
		}
	}
	spec := Spec{Name: s.Name, Options: all}
	if _, _, err := spec.resolve(); err != nil {
		return Spec{}, err
	}
	return spec, nil
}

// read reads an option, such as "small=0.2". given holds those that have been read.
func (a *About) read(text string, given map[string]float64) error {
	name, value, _ := strings.Cut(text, "=")
	option, err := a.option(name)
	if err != nil {
		return err
	}
	if _, twice := given[name]; twice {
		return &ValueError{a.Name, name, value, "given once"}
	}
	number, err := strconv.ParseFloat(value, 64)
	if err != nil || !option.valid(number) {
		return &ValueError{a.Name, name, value, option.Values}
	}
	given[name] = number
	return nil
}

// option returns the option of a name.
func (a *About) option(name string) (*Option, error) {
	var known []string
	for i := range a.Options {
		if a.Options[i].Name == name {
			return &a.Options[i], nil
		}
		known = append(known, a.Options[i].Name)
	}
	return nil, &OptionError{a.Name, name, known}
}

// resolve returns the policy of a Spec and all of its options.
func (s Spec) resolve() (*policy, map[string]float64, error) {
	p := find(s.Name)
	if p == nil {
		_, err := Parse(s.Name)
		return nil, nil, err
	}
	options := map[string]float64{}
	for _, o := range p.about.Options {
		options[o.Name] = o.Default
	}
	for _, name := range slices.Sorted(maps.Keys(s.Options)) {
		o, err := p.about.option(name)
		if err != nil {
			return nil, nil, err
		}
		if !o.valid(s.Options[name]) {
			return nil, nil, &ValueError{s.Name, name, fmt.Sprint(s.Options[name]), o.Values}
		}
		options[name] = s.Options[name]
	}
	if p.clash != nil {
		if name, want := p.clash(options); name != "" {
			return nil, nil, &ValueError{s.Name, name, fmt.Sprint(options[name]), want}
		}
	}
	return p, options, nil
}

// isPart reports whether a number is above 0 and at most 1, which partly says.
func isPart(v float64) bool { return v > 0 && v <= 1 }

const partly = "above 0 and at most 1"

// UnknownError says that no cache has a name.
type UnknownError struct {
	Name  string
	Known []string // the names that Parse knows
}

func (e *UnknownError) Error() string {
	return fmt.Sprintf("cache %q: must be %s", e.Name, either(e.Known))
}

// OptionError says that a cache has no such option.
type OptionError struct {
	Cache, Option string
	Known         []string // the options that it has
}

func (e *OptionError) Error() string {
	if len(e.Known) == 0 {
		return fmt.Sprintf("option %q of cache %s: it has no options", e.Option, e.Cache)
	}
	return fmt.Sprintf("option %q of cache %s: must be %s", e.Option, e.Cache, either(e.Known))
}

// ValueError says that an option has a value that it cannot have.
type ValueError struct {
	Cache, Option string
	Value         string
	Want          string // what it must be
}

func (e *ValueError) Error() string {
	return fmt.Sprintf("%s=%s of cache %s: must be %s", e.Option, e.Value, e.Cache, e.Want)
}

// either joins names: a, b or c.
func either(names []string) string {
	last := len(names) - 1
	if last < 1 {
		return strings.Join(names, "")
	}
	return strings.Join(names[:last], ", ") + " or " + names[last]
}
