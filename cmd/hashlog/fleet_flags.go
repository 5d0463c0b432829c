package main

import (
	"errors"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"hashlog/analyze"
	"hashlog/analyze/units"
	"hashlog/sim/routing"
)

// dealFlags are the flags that say which nodes there are, and how requests are dealt to them.
type dealFlags struct {
	nodes    nodesFlag
	routings routingFlag
	load     loadFlags
	seed     uint64
}

func (d *dealFlags) add(flags *pflag.FlagSet) {
	flags.Var(d.nodes.value(), "nodes", "numbers of nodes (1,4,16); sources: each of LOGS, or source that records name")
	flags.Var(d.routings.value(), "routing", "how requests are dealt to the nodes (round-robin,prefix:2); --routing help describes them")
	d.load.add(flags)
	flags.Uint64Var(&d.seed, "seed", 0, "a different `N` deals differently where a routing has a choice")
}

// needLogsOrHelp requires logs, except with --routing help and --cache help.
func (d *dealFlags) needLogsOrHelp(cmd *cobra.Command, args []string, cache *cacheFlags) error {
	if d.routings.help {
		return nil
	}
	return cache.needLogsOrHelp(cmd, args)
}

// describe prints what --routing help and --cache help ask for.
func (d *dealFlags) describe(w io.Writer, cache *cacheFlags) (done bool, err error) {
	if d.routings.help {
		return true, describeRoutings(w)
	}
	return cache.describe(w)
}

// apply sets the options, and finds flags that contradict each other.
func (d *dealFlags) apply(o *analyze.FleetOptions) error {
	switch {
	case !d.nodes.sources && len(d.nodes.counts) == 0:
		return usageError{errors.New("fleet needs --nodes: numbers of nodes (--nodes 4,16), or sources, each of LOGS being the log of a node")}
	case d.nodes.sources && len(d.nodes.counts) > 0:
		return usageError{errors.New("--nodes sources has as many nodes as there are LOGS: give no numbers beside it")}
	case d.nodes.sources && len(d.routings.routings) > 0:
		return usageError{errors.New("--nodes sources says that the requests of each log were dealt to one node: leave out --routing")}
	case !d.nodes.sources && len(d.routings.routings) == 0:
		return usageError{errors.New("--nodes with a number needs --routing (such as round-robin,prefix:2; --routing help describes them)")}
	}
	o.Sources, o.Nodes, o.Routings, o.Seed = d.nodes.sources, distinct(d.nodes.counts), distinct(d.routings.routings), d.seed
	return d.load.apply(o)
}

// sourceNodes is the value of --nodes that makes each log a node.
const sourceNodes = "sources"

// nodesFlag is --nodes.
type nodesFlag struct {
	sources bool
	counts  []int
}

func (n *nodesFlag) value() *value {
	return (&value{kind: "N[,...]", list: true, set: n.set}).among(sourceNodes + "\teach of LOGS is the log of a node")
}

func (n *nodesFlag) set(s string) error {
	for part := range strings.SplitSeq(s, ",") {
		if part == sourceNodes {
			n.sources = true
			continue
		}
		count, err := strconv.Atoi(part)
		if err != nil || count < 1 || count > analyze.MaxNodes {
			return fmt.Errorf("%q is neither a whole number from 1 to %s nor %s", part, units.Comma(analyze.MaxNodes), sourceNodes)
		}
		n.counts = append(n.counts, count)
	}
	return nil
}

// routingHelp is the value of --routing that lists the routings.
const routingHelp = "help"

// routingFlag is --routing.
type routingFlag struct {
	routings []routing.Routing
	help     bool // --routing help
}

func (r *routingFlag) value() *value {
	return (&value{kind: "NAME[,...]", list: true, set: r.set}).among(append(routingWords(), routingHelp+"\tdescribes the routings")...)
}

func (r *routingFlag) set(s string) error {
	for name := range strings.SplitSeq(s, ",") {
		if name == routingHelp {
			r.help = true
			continue
		}
		parsed, err := routing.Parse(name)
		if err != nil {
			return err
		}
		r.routings = append(r.routings, parsed)
	}
	return nil
}

// loadFlags model how long a request keeps its node busy.
type loadFlags struct {
	prefill float64
	decode  time.Duration
	window  time.Duration
	given   func(name string) bool
}

// defaultLoadWindow is how long a request counts as load where nothing is known of service times.
const defaultLoadWindow = 10 * time.Second

func (l *loadFlags) add(flags *pflag.FlagSet) {
	l.window, l.given = defaultLoadWindow, flags.Changed
	flags.Var(parsed("TOKENS/s", "", &l.prefill, parseTokenRate), "node-prefill-rate", "tokens a second that a node computes: a request is load until those that it misses are done")
	flags.Var(parsed("DURATION", "", &l.decode, units.ParseDuration), "decode-time", "time that a request is load besides, while its answer is decoded")
	flags.Var(parsed("DURATION", units.FormatDuration(defaultLoadWindow), &l.window, units.ParseDuration), "load-window", "without these two, how long a request is load from its arrival on")
}

// apply sets the load model.
func (l *loadFlags) apply(o *analyze.FleetOptions) error {
	o.Load = routing.LoadModel{PrefillRate: l.prefill, DecodeTime: l.decode, Window: l.window}
	served := l.prefill > 0 || l.decode > 0
	looks := func(r routing.Routing) bool { return r.About().Load != "" }
	serves := func(r routing.Routing) bool { return looks(r) && r.CacheAware() }
	counts := func(r routing.Routing) bool { return looks(r) && !r.CacheAware() }
	switch asked := o.Routings; {
	case served && !slices.ContainsFunc(asked, serves):
		return usageError{errors.New("--node-prefill-rate and --decode-time are for a --routing that knows what nodes compute: " + strings.Join(loadedRoutings(true), ", "))}
	case served && l.given("load-window") && !slices.ContainsFunc(asked, counts):
		return usageError{errors.New("--load-window is for a load without service times: leave it out, or --node-prefill-rate and --decode-time")}
	case l.given("load-window") && !slices.ContainsFunc(asked, looks):
		return usageError{errors.New("--load-window is for a --routing that looks at the load of nodes: " + strings.Join(loadedRoutings(false), ", "))}
	}
	return nil
}

// parseTokenRate reads tokens a second: "8000" or "8000/s".
func parseTokenRate(s string) (float64, error) {
	rate, err := strconv.ParseFloat(strings.TrimSuffix(s, "/s"), 64)
	if err != nil || !(rate > 0) || rate > 1e18 {
		return 0, fmt.Errorf("%q is not a number of tokens a second above zero: write 8000 or 8000/s", s)
	}
	return rate, nil
}

// sharedFlags describe the tier that nodes share.
type sharedFlags struct {
	capacity   *units.Capacity // nil: none
	bandwidths []analyze.TierBandwidthOf
	window     time.Duration
}

// sharedTier is the name of the tier that nodes share.
const sharedTier = "shared"

func (s *sharedFlags) add(flags *pflag.FlagSet) {
	flags.Var(parsed("SIZE", "", &s.capacity, optional(units.ParseCapacity)), "shared-tier", "a pool behind the nodes, which all of them write through and read what they lack from")
	flags.Var(listed("NAME=SIZE/s[,...]", &s.bandwidths, analyze.ParseTierBandwidth), "tier-bandwidth", "bandwidth of that pool, for reads and writes together (shared=20GiB/s) or for each (shared=6GiB/s:3GiB/s)")
	flags.Var(parsed("DURATION", "", &s.window, parseWindow), "window", "length of the windows in which reads and writes of that pool are measured (default the shortest that gives at most 200 windows)")
}

// apply sets the options.
func (s *sharedFlags) apply(o *analyze.FleetOptions) error {
	switch {
	case s.capacity == nil && len(s.bandwidths) > 0:
		return usageError{errors.New("--tier-bandwidth needs --shared-tier")}
	case s.capacity == nil && s.window > 0:
		return usageError{errors.New("--window needs --shared-tier")}
	case len(s.bandwidths) > 1:
		return usageError{errors.New("--tier-bandwidth: there is one tier, " + sharedTier + ": give one bandwidth")}
	}
	for _, b := range s.bandwidths {
		if b.Name != sharedTier {
			return usageError{fmt.Errorf("--tier-bandwidth %s: there is no such tier; the one of --shared-tier is called %s", b.Name, sharedTier)}
		}
		o.SharedBandwidth, o.SharedWriteBandwidth = b.BytesPerSecond, b.WriteBytesPerSecond
	}
	o.SharedTier, o.Window = s.capacity, s.window
	return nil
}

// noFleetFlags are flags of other commands that a fleet does not have, and why.
var noFleetFlags = map[string]string{
	"admit": "the nodes of a fleet store each chunk from its first lookup on",
	"tiers": "each node of a fleet has one cache; --shared-tier puts a pool behind them",
}

// fleetFlagError explains flags that one may expect of fleet.
func fleetFlagError(cmd *cobra.Command, err error) error {
	var unknown *pflag.NotExistError
	if errors.As(err, &unknown) {
		if why, ok := noFleetFlags[unknown.GetSpecifiedName()]; ok {
			return usageError{fmt.Errorf("fleet has no --%s: %s", unknown.GetSpecifiedName(), why)}
		}
	}
	return flagError(cmd, err)
}
