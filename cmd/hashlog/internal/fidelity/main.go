// Command fidelity holds the models of package hashlog/sim/policy against real servers: it replays logs on redis-server and
// memcached, and prints what the servers hit beside what a plain LRU and the preset of the server predict at the capacity that
// the server turned out to have. Run it from the project's root:
//
//	make fidelity            # the reference conversation at its own pace, an hour; or go run ./cmd/hashlog/internal/fidelity LOGS
//	make fidelity FASTER=10  # ten times as fast
//
// The servers come from the PATH, and run on Unix sockets in temporary folders. A request is sent as a server of KV caches
// does: its chunks are looked up without touching them (EXISTS, or mg with u), and the leading ones that are there are its hit
// prefix. Then every chunk is read, or stored where it is not there, one after another in touch order.
//
// # Time
//
// A server evicts by its own clock. At a log's own pace that is the clock of the log. A replay that is n times as fast is a log
// whose times are divided by n: what such a server measures is held against what the model predicts for these times.
//
// A Redis with an LRU policy can be told the age of a key (RESTORE … IDLETIME), so it may be replayed as fast as it can, with
// the times of the log. Ages in the pool of eviction candidates don't grow meanwhile, which makes no difference that shows
// (docs/fidelity.md). Without ages, all keys of a fast replay would have about the same one.
//
// # Capacity
//
// maxmemory is what the server takes with the chunks that are aimed at, and memcached gets whole pages of 1 MiB. The capacity
// of the models is the number of chunks held, on average from the first eviction on.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"math"
	"os"
	"slices"
	"strconv"
	"strings"

	"hashlog/analyze"
	"hashlog/cmd/hashlog/internal/exit"
	"hashlog/sim"
)

// options are the flags.
type options struct {
	logs       []string
	servers    []kind
	capacities []int
	order      sim.Order
	faster     float64
	measured   string // a file of results, "" to measure
	json       bool
}

func main() {
	os.Exit(run(os.Args[1:], os.Stdout, os.Stderr))
}

// run is the whole program. It returns the exit status: 0 done, 1 failed, 2 wrong usage, 130 interrupted.
func run(args []string, stdout, stderr io.Writer) int {
	var opts *options
	parse := func() (err error) {
		opts, err = parseFlags(args, stderr)
		return err
	}
	return exit.Status("fidelity", stderr, parse, func(ctx context.Context) error { return fidelity(ctx, opts, stdout, stderr) })
}

func parseFlags(args []string, stderr io.Writer) (*options, error) {
	opts := &options{servers: kinds(), capacities: []int{1000, 3000, 8192, 20000, 50000}, faster: 1}
	flags := flag.NewFlagSet("fidelity", flag.ContinueOnError)
	flags.SetOutput(stderr)
	flags.Usage = func() {
		fmt.Fprintln(stderr, "usage: fidelity [flags] LOGS…")
		flags.PrintDefaults()
	}
	flags.Func("servers", "a `list` of servers, by their presets (default all)", func(s string) (err error) {
		opts.servers, err = kindsOf(s)
		return err
	})
	flags.Func("capacity", "a `list` of chunks that the servers hold (default 1000,3000,8192,20000,50000)", func(s string) (err error) {
		opts.capacities, err = parseCounts(s)
		return err
	})
	flags.Func("touch-order", "`head` or tail: which end of a request is touched first (default head)", func(s string) (err error) {
		opts.order, err = analyze.ParseTouchOrder(s)
		return err
	})
	flags.Func("faster", "replay `n` times as fast as the log (default 1)", func(s string) (err error) {
		opts.faster, err = strconv.ParseFloat(s, 64)
		if err == nil && !(opts.faster > 0 && opts.faster <= math.MaxFloat64) {
			err = errors.New("must be above 0 and finite")
		}
		return err
	})
	flags.StringVar(&opts.measured, "measured", "", "measure nothing; take the results from a `file` that -json wrote")
	flags.BoolVar(&opts.json, "json", false, "print the results as JSON, for -measured")
	err := flags.Parse(args)
	opts.logs = flags.Args()
	if err == nil && len(opts.logs) == 0 {
		err = errors.New("fidelity: no logs given")
		fmt.Fprintln(stderr, err)
	}
	return opts, err
}

// kindsOf returns the servers of a list of presets.
func kindsOf(list string) (all []kind, err error) {
	for name := range strings.SplitSeq(list, ",") {
		i := slices.IndexFunc(kinds(), func(k kind) bool { return k.preset == name })
		if i < 0 {
			return nil, fmt.Errorf("no server %q", name)
		}
		all = append(all, kinds()[i])
	}
	return all, nil
}

func parseCounts(list string) (counts []int, err error) {
	for text := range strings.SplitSeq(list, ",") {
		n, err := strconv.Atoi(text)
		if err != nil || n < 1 {
			return nil, fmt.Errorf("%q is no number of chunks", text)
		}
		counts = append(counts, n)
	}
	return counts, nil
}

// fidelity measures, or reads what was measured, and prints.
func fidelity(ctx context.Context, opts *options, stdout, stderr io.Writer) error {
	var results []result
	var err error
	if opts.measured != "" {
		if results, err = readResults(opts.measured); err != nil {
			return err
		}
	}
	w, err := readWorkload(ctx, opts.logs)
	if err != nil {
		return err
	}
	if opts.measured == "" {
		if results, err = measure(ctx, opts, w, stderr); err != nil {
			return err
		}
	}
	if opts.json {
		return writeResults(stdout, results)
	}
	rows, err := compareAll(ctx, w, results)
	if err != nil {
		return err
	}
	_, err = io.WriteString(stdout, table(rows))
	return err
}
