package routing

import (
	"strconv"
	"strings"

	"hashlog/sim/option"
)

// Routing is a way to deal requests to nodes, with its options. [Parse] makes one. It can be compared with ==.
type Routing struct {
	name   string
	k      int                 // the number behind the name; 0 if it takes none
	values [maxOptions]float64 // of all options, in the order of About.Options
}

// Settings are what the routers of a fleet share.
type Settings struct {
	Seed       uint64 // of random choices, such as those between equal nodes
	Load       LoadModel
	NodeChunks int64 // the capacity of a node in chunks; 0 if it is unlimited or not known
}

// String returns what Parse reads: the name and the options that differ from the default, such as "prefix:2:bounded=1.25".
func (r Routing) String() string {
	var text strings.Builder
	text.WriteString(r.name)
	if r.k > 0 {
		text.WriteString(":" + strconv.Itoa(r.k))
	}
	if k := find(r.name); k != nil {
		for i, o := range k.about.Options {
			if v := r.values[i]; v != o.Default {
				text.WriteString(":" + o.Name + "=" + strconv.FormatFloat(v, 'g', -1, 64))
			}
		}
	}
	return text.String()
}

// CacheAware reports whether the router asks what the nodes hold, or how busy they are with what they don't. One that is not is
// oblivious: it deals alike at every capacity.
func (r Routing) CacheAware() bool { return r.kind().about.CacheAware }

// NeedsSession reports whether the routing means nothing for a log in which no request has a session.
func (r Routing) NeedsSession() bool { return r.kind().needsSession }

// About describes the routing. The defaults of its options are the values that it has, and Load is "" if they leave it out.
func (r Routing) About() About {
	k := r.kind()
	about := k.about.clone()
	for i := range about.Options {
		about.Options[i].Default = r.values[i]
		if about.Options[i].Name == about.LoadOption && r.values[i] == 0 {
			about.Load = ""
		}
	}
	return about
}

// MaxNodes is the largest number of nodes.
const MaxNodes = 1 << nodeBits

// New returns a router that has seen no request. It panics unless 1 ≤ nodes ≤ MaxNodes.
func (r Routing) New(nodes int, s Settings) Router {
	if nodes < 1 || nodes > MaxNodes {
		panic("routing: a fleet of " + strconv.Itoa(nodes) + " nodes")
	}
	k := r.kind()
	return k.make(config{Settings: s, nodes: nodes, k: r.k, about: &k.about, values: r.values})
}

// kind returns the routing's kind. It panics if the routing was not made with Parse.
func (r Routing) kind() *kind {
	k := find(r.name)
	if k == nil {
		panic("routing: a Routing that Parse has not made")
	}
	return k
}

// config is what a router is made of.
type config struct {
	Settings
	nodes  int
	k      int
	about  *About
	values [maxOptions]float64
}

// option returns the value of an option, which the routing must have.
func (c *config) option(name string) float64 {
	i, err := option.Find(name, owner(c.about.Name), c.about.Options)
	if err != nil {
		panic("routing: " + err.Error())
	}
	return c.values[i]
}
