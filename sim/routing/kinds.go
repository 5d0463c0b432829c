package routing

import (
	"slices"

	"hashlog/sim/option"
)

// maxOptions is how many options a routing may have.
const maxOptions = 6

// About describes a routing.
type About struct {
	Name       string
	Argument   string // what stands behind the name and a colon, such as "K"; "" if nothing does
	Text       string // how it chooses, in a sentence or a few
	Load       string // what the load of a node is counted in, such as "requests"; "" if it doesn't matter
	LoadOption string // the option that must not be 0 for the load to matter; "" if it matters whatever the options are
	Instead    string // what stands for what the router knows and a log does not; "" if nothing has to
	Source     string // the paper or the code that defines it
	Date       string // when the source was read
	CacheAware bool
	Options    []Option
}

// Option is a parameter of a routing.
type Option = option.Option

// All describes the routings that [Parse] knows, in the order of their presentation.
func All() (all []About) {
	for _, k := range kinds() {
		all = append(all, k.about.clone())
	}
	return all
}

// Form returns how the routing is written without its options, such as "prefix:K".
func (a *About) Form() string {
	if a.Argument == "" {
		return a.Name
	}
	return a.Name + ":" + a.Argument
}

func (a *About) clone() About {
	c := *a
	c.Options = slices.Clone(a.Options)
	return c
}

// kind is a kind of routing.
type kind struct {
	about        About
	needsSession bool
	make         func(config) Router
}

// kinds returns all kinds, the oblivious ones first.
func kinds() []*kind {
	return []*kind{&roundRobin, &random, &prefix, &session, &longestPrefix, &dynamo, &sglang, &aibrix, &llmd, &productionStack}
}

// find returns the kind of a name, nil if there is none.
func find(name string) *kind {
	for _, k := range kinds() {
		if k.about.Name == name {
			return k
		}
	}
	return nil
}
