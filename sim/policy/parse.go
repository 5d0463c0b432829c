package policy

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"hashlog/sim/option"
)

// Parse reads the name of a cache that is no stack, and options behind it: "sieve", "s3fifo:small=0.2", "s3fifo:small=0.2:cap=1".
// [All] lists the names and the options. An error is an [*option.UnknownError], an [*option.NameError] or an
// [*option.ValueError].
func Parse(text string) (Spec, error) {
	name, rest, more := strings.Cut(text, ":")
	var known []string
	for _, p := range policies() {
		known = append(known, p.about.Name)
	}
	if !slices.Contains(known, name) {
		return Spec{}, &option.UnknownError{Owner: owner(name), Known: known}
	}
	spec := Spec{Name: name, Options: map[string]float64{}}
	if !more {
		return spec, nil
	}
	return spec.With(rest)
}

// With returns the cache with other options, written "small=0.2:cap=1"; those that are not named stay. The cache must be a known
// one. An error is an [*option.NameError] or an [*option.ValueError].
func (s Spec) With(options string) (Spec, error) {
	about := &find(s.Name).about
	given, err := option.Read(options, owner(s.Name), about.Options)
	if err != nil {
		return Spec{}, err
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

// owner is the cache of a name, as errors say it.
func owner(name string) option.Owner { return option.Owner{Kind: "cache", Name: name} }

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
		i, err := option.Find(name, owner(s.Name), p.about.Options)
		if err != nil {
			return nil, nil, err
		}
		if o := &p.about.Options[i]; !o.Valid(s.Options[name]) {
			return nil, nil, &option.ValueError{Of: owner(s.Name), Option: name, Value: fmt.Sprint(s.Options[name]), Want: o.Values}
		}
		options[name] = s.Options[name]
	}
	if p.clash != nil {
		if name, want := p.clash(options); name != "" {
			return nil, nil, &option.ValueError{Of: owner(s.Name), Option: name, Value: fmt.Sprint(options[name]), Want: want}
		}
	}
	return p, options, nil
}

// isPart reports whether a number is above 0 and at most 1, which partly says.
func isPart(v float64) bool { return v > 0 && v <= 1 }

const partly = "above 0 and at most 1"
