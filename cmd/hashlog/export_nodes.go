package main

import (
	"context"
	"errors"
	"fmt"

	"hashlog/analyze"
	"hashlog/log"
)

// dealtRows are the flags of export that deal requests to nodes.
type dealtRows struct {
	deal  dealFlags
	fleet *analyze.FleetOptions // without Options; nil: one cache for all requests
}

// dealingFlags say how requests are dealt to the nodes of --nodes.
var dealingFlags = []string{"routing", "node-prefill-rate", "decode-time", "load-window", "seed"}

// apply sets the options if --nodes is given, and finds flags that contradict each other.
func (d *dealtRows) apply(given func(flag string) bool, capacities int) error {
	if !given("nodes") {
		for _, name := range dealingFlags {
			if given(name) {
				return usageError{fmt.Errorf("--%s needs --nodes", name)}
			}
		}
		return nil
	}
	d.fleet = &analyze.FleetOptions{}
	if err := d.deal.apply(d.fleet); err != nil {
		return err
	}
	switch o := d.fleet; {
	case len(o.Nodes) > 1:
		return usageError{errors.New("export takes one number of --nodes: a row says what a request hits on its node")}
	case len(o.Routings) > 1:
		return usageError{errors.New("export takes one --routing: a row says what a request hits on its node")}
	case len(o.Routings) == 1 && o.Routings[0].CacheAware() && capacities != 1:
		return usageError{fmt.Errorf("--routing %s looks at the caches, so export needs one --capacity with it, that of a node", o.Routings[0])}
	case given("admit"):
		return usageError{errors.New("--admit goes with one cache: " + noFleetFlags["admit"])}
	}
	return nil
}

// check finds contradictions between the options of the nodes and those of a replay.
func (d *dealtRows) check(opts analyze.Options) error {
	if d.fleet == nil {
		return nil
	}
	if err := d.with(opts).Check(); err != nil {
		return usageError{err}
	}
	return nil
}

// with returns the options of the nodes with those of a replay.
func (d *dealtRows) with(opts analyze.Options) *analyze.FleetOptions {
	whole := *d.fleet
	whole.Options = opts
	return &whole
}

// run replays the logs through the nodes, or through one cache, which has no report of a fleet.
func (d *dealtRows) run(ctx context.Context, files *log.Files, opts analyze.Options) (*analyze.Report, *analyze.FleetReport, error) {
	if d.fleet == nil {
		report, err := analyze.Run(ctx, files, opts)
		return report, nil, err
	}
	fleet, err := analyze.Fleet(ctx, files, *d.with(opts))
	if err != nil {
		return nil, nil, err
	}
	return fleet.Report, fleet, nil
}
