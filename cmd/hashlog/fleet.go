package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"slices"

	"github.com/spf13/cobra"

	"hashlog/analyze"
	"hashlog/analyze/chart"
	"hashlog/analyze/units"
	"hashlog/cmd/hashlog/internal/atomicfile"
	"hashlog/cmd/hashlog/internal/progress"
	"hashlog/log"
)

// fleetFlags are the flags of fleet.
type fleetFlags struct {
	commonFlags
	cache  cacheFlags
	deal   dealFlags
	shared sharedFlags
	files  chartFiles
	fleet  analyze.FleetOptions // without Options
}

func newFleetCommand(env *env) *cobra.Command {
	f := fleetFlags{files: chartFiles{stem: "fleet", tables: []string{"nodes"}}}
	cmd := &cobra.Command{
		Use:   "fleet LOGS… --nodes N --routing NAME --capacity SIZE [-o DIR]",
		Short: "Compute what many nodes hit, and what a pool or routing is worth",
		Long: `fleet replays the logs through the caches of many nodes: with --nodes sources
each of LOGS, or each source that records name, through a cache of its own, else
the requests of all logs, dealt to N nodes by each --routing. Beside them stands
one pool of the capacity of all nodes. A capacity is that of one node. With -o
it writes into DIR:

  fleet.png, fleet.csv         token hit rate against the capacity of all nodes,
                               a line for the pool and each routing
  nodes.csv                    each node's own curve
  shared.csv                   reads and writes of the --shared-tier over time

LOGS are files, folders (their lookup_hashes_*.jsonl, .gz and .zst), the same in
an object store (s3://bucket/prefix) or - for stdin. Mooncake, Bailian (Qwen)
and Dynamo traces are read too.
SIZE is 64GiB (or 64Gi), 500GB, 1.5TiB, 4096 (bytes), 5000chunks or inf.
DURATION is 90s, 30m, 1h30m or 7d.
A routing that looks at the caches is replayed at the listed capacities. It may
look at the load too: --node-prefill-rate, --decode-time, --load-window.
` + exitHelp,
		Example: `  hashlog fleet logs/node-* --nodes sources --capacity 512GiB
  hashlog fleet /var/log/lmcache --nodes 4,16 --capacity 256GiB,1TiB \
      --routing round-robin,prefix:2,sglang -o report
  hashlog fleet /var/log/lmcache --nodes 16 --capacity 256GiB \
      --routing dynamo --node-prefill-rate 8000/s --decode-time 5s
  hashlog fleet logs/node-* --nodes sources --capacity 256GiB \
      --shared-tier 10TiB --tier-bandwidth shared=20GiB/s
  hashlog fleet --routing help`,
		Annotations: map[string]string{
			"match-unit": ": a fleet counts hits to the chunk (hashlog simulate --match-unit)",
			"rechunk":    ": a fleet has the chunks of the log (hashlog simulate --rechunk)",
		},
		Args: usageArgs(func(cmd *cobra.Command, args []string) error { return f.deal.needLogsOrHelp(cmd, args, &f.cache) }),
		RunE: func(cmd *cobra.Command, args []string) error {
			return runFleet(cmd.Context(), env, &f, args)
		},
	}
	cmd.SetFlagErrorFunc(fleetFlagError)
	flags := cmd.Flags()
	f.deal.add(flags)
	addCapacity(cmd, &f.opts.Capacities, "capacities of one node to simulate")
	f.shared.add(flags)
	flags.BoolVar(&f.fleet.Elsewhere, "elsewhere", false, "tell apart the misses that another node would have hit; it asks all nodes at each miss")
	f.files.add(flags)
	f.cache.addCache(flags)
	f.cache.addBatches(flags)
	f.commonFlags.add(flags, env.now)
	return cmd
}

// check finds contradictions between flags.
func (f *fleetFlags) check(ctx context.Context, logs []string) error {
	if err := cmp.Or(f.deal.apply(&f.fleet), f.shared.apply(&f.fleet), f.cache.apply(&f.opts)); err != nil {
		return err
	}
	switch {
	case len(f.opts.Capacities) == 0:
		return usageError{errors.New("fleet needs --capacity, that of one node (such as 512GiB)")}
	case f.fleet.SharedTier != nil && f.opts.Cache.Watermark != nil:
		return usageError{fmt.Errorf("--shared-tier needs nodes that evict one chunk at a time, and --cache %s evicts in batches: leave out one of them", f.opts.Cache.Name)}
	case f.opts.TTLs != nil:
		return usageError{errors.New("the nodes of a fleet have one TTL: give --ttl one duration")}
	}
	if err := f.files.check("fleet"); err != nil {
		return err
	}
	if f.fleet.SharedTier != nil {
		f.files.tables = append(f.files.tables, "shared")
	}
	if f.files.folder != "" {
		bounded := func(c units.Capacity) bool { return c.Unit != units.Unlimited }
		switch {
		case f.opts.Cache.Watermark == nil:
			f.opts.Grid = &analyze.GridOptions{}
		case !slices.ContainsFunc(f.opts.Capacities, bounded):
			return usageError{fmt.Errorf("-o draws --cache %s at the capacities listed, which needs one with a bound: add one to --capacity", f.opts.Cache.Name)}
		}
	}
	if err := f.commonFlags.check(ctx, logs); err != nil {
		return err
	}
	whole := f.options(f.opts)
	if err := whole.Check(); err != nil {
		return usageError{err}
	}
	return nil
}

// options returns the options of the fleet with those of a replay.
func (f *fleetFlags) options(replay analyze.Options) analyze.FleetOptions {
	whole := f.fleet
	whole.Options = replay
	return whole
}

func runFleet(ctx context.Context, env *env, f *fleetFlags, logs []string) error {
	if done, err := f.deal.describe(env.stdout, &f.cache); done {
		return err
	}
	if err := cmp.Or(f.check(ctx, logs), needsStdout(env)); err != nil {
		return err
	}
	if err := refuseSummaries(ctx, env, "fleet", logs); err != nil {
		return err
	}
	var fleet *analyze.FleetReport
	_, err := f.chart(ctx, env, logs, &f.files, charted{
		replay: func(ctx context.Context, files *log.Files, opts analyze.Options, _ *progress.Bar) (_ *analyze.Report, err error) {
			if fleet, err = analyze.Fleet(ctx, files, f.options(opts)); err != nil {
				return nil, err
			}
			return fleet.Report, nil
		},
		files: func(*analyze.Report) []atomicfile.File {
			return f.files.contents(
				func(out io.Writer, format chart.Format) error { return chart.Fleet(out, format, fleet) },
				func(out io.Writer) error { return analyze.WriteFleetCSV(out, fleet) },
				func(out io.Writer) error { return analyze.WriteNodesCSV(out, fleet) },
				func(out io.Writer) error { return analyze.WriteSharedCSV(out, fleet) })
		},
		show: func(ctx context.Context) error { return f.show(ctx, env, fleet) },
	})
	if err != nil {
		return err
	}
	return finishFleet(env, fleet)
}

// show prints the figures.
func (f *fleetFlags) show(ctx context.Context, env *env, r *analyze.FleetReport) error {
	return showSummary(ctx, env, f.json, func(out io.Writer) error {
		if f.json {
			return writeJSON(out, r)
		}
		fleetText(out, r, f.remarks)
		f.files.text(out)
		return nil
	})
}

// finishFleet reports on stderr what was wrong with the input, and which nodes are unusable. It returns errPartial if
// anything was.
func finishFleet(env *env, r *analyze.FleetReport) error {
	err := finish(env, r.Log)
	for _, n := range r.Unusable {
		done := "is left out"
		if n.Kept {
			done = "counts as a node without requests, since a stream can be read only once"
		}
		fmt.Fprintf(env.stderr, "hashlog: node %s %s: %s\n", log.Quoted(n.Node), done, oneLine(n.Why))
		err = errPartial
	}
	return err
}
