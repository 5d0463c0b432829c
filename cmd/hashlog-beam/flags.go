package main

import (
	"errors"
	"flag"
	"fmt"
	"io"
	"path/filepath"
	"strconv"
	"strings"

	"hashlog/analyze"
	"hashlog/analyze/units"
	"hashlog/log/s3"
)

const usage = `Usage: hashlog-beam --logs FOLDER… --work DIR -o DIR [flags] [flags of Beam]

hashlog-beam replays the logs of many nodes in a pipeline of Apache Beam, each
node through a cache of its own, and all of them through one pool. It writes
into -o:

  fleet.csv       the token hit rate by the capacity of a node: of nodes apart,
                  of one pool of the capacity of all nodes, and of one pool of
                  the capacity of one node
  nodes/NAME.sum  a summary a node
  apart.sum       that of all nodes with caches of their own
  pooled.sum      that of one pool

hashlog simulate, plot and inspect read the summaries.

  --logs FOLDER…        folders of logs, one a node, or patterns of them, also in
                        an object store ('s3://logs/fleet/*')
  --work DIR            a folder for plans and summaries that all workers share;
                        a job that is started again finds there what it has done
  -o DIR                output folder
  --cuts N              cut the time that the logs cover into about N parts, which
                        are replayed at the same time (default 1)
  --max-capacity SIZE   the largest capacity of a node that is asked about; memory
                        follows it rather than the logs (default: none)
  --max-pool SIZE       the same of the pool (default: that of all nodes)
  --capacity SIZE,…     capacities of a node to report beside those of the grid

  --since TIME, --until TIME   only records from a time on, or before one
  --warmup TIME         replay the records before without counting them
  --model NAME          only records of this model
  --ignore-model        let models share chunks with equal hashes
  --bytes-per-chunk SIZE, --ranks N   sizes of chunks instead of the logged ones
  --touch-order head|tail   which end of a request is touched first (default head)
  --ttl DURATION        how long a chunk is kept after its last touch
  --window DURATION     length of the time windows in the summaries
  --verbose             print what Beam logs

SIZE is 64GiB (or 64Gi), 500GB, 1.5TiB, 4096 (bytes), 5000chunks or inf.
TIME is 2024-03-31T20:00 (UTC) or seconds since the Unix epoch.
DURATION is 90s, 30m, 1h30m or 7d.

Of Beam's own flags the most important are --runner prism|flink|dataflow
(default prism, in this process), --endpoint, --parallelism, --environment_type,
--project, --region, --staging_location and --temp_location. --beam-help lists
them all.

Exit status: 0 done, 1 failed, 2 wrong command line, 3 done, but part of the logs
was unusable, 130 interrupted.
`

// flags are those of the command, beside those of Beam.
type flags struct {
	logs         []string
	work, output string
	cuts         int
	opts         analyze.Options // of a node
	maxPool      units.Capacity
	verbose      bool
	beamHelp     bool
}

// parse parses a command line. It returns flag.ErrHelp if help is asked for.
func (f *flags) parse(set *flag.FlagSet, args []string) error {
	set.Init("hashlog-beam", flag.ContinueOnError)
	set.SetOutput(io.Discard)
	set.Usage = func() {}
	f.add(set)
	if err := set.Parse(spread(args)); err != nil {
		return err
	}
	if set.NArg() > 0 {
		return fmt.Errorf("%q is no flag: folders of logs follow --logs", set.Arg(0))
	}
	return nil
}

// add adds the flags to a set.
func (f *flags) add(set *flag.FlagSet) {
	o := &f.opts
	set.Func("logs", "", func(text string) error { f.logs = append(f.logs, text); return nil })
	set.StringVar(&f.work, "work", "", "")
	set.StringVar(&f.output, "o", "", "")
	f.cuts = 1
	set.Func("cuts", "", into(&f.cuts, parsePositive[int]))
	set.Func("max-capacity", "", into(&o.MaxCapacity, units.ParseCapacity))
	set.Func("max-pool", "", into(&f.maxPool, units.ParseCapacity))
	set.Func("capacity", "", f.addCapacities)
	set.Func("since", "", intoNew(&o.Since, units.ParseTime))
	set.Func("until", "", intoNew(&o.Until, units.ParseTime))
	set.Func("warmup", "", intoNew(&o.Warmup.Until, units.ParseTime))
	set.Func("model", "", intoNew(&o.Model, func(name string) (string, error) { return name, nil }))
	set.BoolVar(&o.IgnoreModel, "ignore-model", false, "")
	set.Func("bytes-per-chunk", "", into(&o.BytesPerChunk, units.ParseBytes))
	set.Func("ranks", "", into(&o.Ranks, parsePositive[int64]))
	set.Func("touch-order", "", into(&o.TouchOrder, analyze.ParseTouchOrder))
	set.Func("ttl", "", into(&o.Cache.TTL, units.ParseDuration))
	o.Rolling = &analyze.RollingOptions{}
	set.Func("window", "", into(&o.Rolling.Window, units.ParseDuration))
	set.BoolVar(&f.verbose, "verbose", false, "")
	set.BoolVar(&f.beamHelp, "beam-help", false, "")
}

// into returns a flag that parses its text into a value.
func into[T any](value *T, parse func(string) (T, error)) func(string) error {
	return func(text string) (err error) {
		*value, err = parse(text)
		return err
	}
}

// intoNew is into for a value that is nil unless it is given.
func intoNew[T any](value **T, parse func(string) (T, error)) func(string) error {
	return func(text string) error {
		*value = new(T)
		return into(*value, parse)(text)
	}
}

func parsePositive[T int | int64](text string) (T, error) {
	n, err := strconv.ParseInt(text, 10, 0)
	if err != nil || n < 1 {
		return 0, fmt.Errorf("%q is not a whole number above zero", text)
	}
	return T(n), nil
}

func (f *flags) addCapacities(text string) error {
	for part := range strings.SplitSeq(text, ",") {
		c, err := units.ParseCapacity(part)
		if err != nil {
			return err
		}
		f.opts.Capacities = append(f.opts.Capacities, c)
	}
	return nil
}

// spread lets several values follow --logs, as a shell makes of a pattern: --logs a b becomes --logs a --logs b.
func spread(args []string) (out []string) {
	following := false
	for _, arg := range args {
		isFlag := strings.HasPrefix(arg, "-")
		if following && !isFlag {
			out = append(out, "--logs="+arg)
			continue
		}
		if following = arg == "--logs" || arg == "-logs"; !following {
			out = append(out, arg)
		}
	}
	return out
}

// check finds what is missing, and makes paths hold in other working folders.
func (f *flags) check() (err error) {
	switch {
	case len(f.logs) == 0:
		return errors.New("name the folders of logs, one a node: --logs 's3://logs/fleet/*'")
	case f.work == "":
		return errors.New("name a folder that all workers share: --work DIR")
	case f.output == "":
		return errors.New("name an output folder: -o DIR")
	case f.opts.Since != nil && f.opts.Until != nil && *f.opts.Since >= *f.opts.Until:
		return errors.New("--since must be before --until: nothing lies between them")
	}
	for _, folder := range []*string{&f.work, &f.output} {
		if !s3.Is(*folder) {
			if *folder, err = filepath.Abs(*folder); err != nil {
				return err
			}
		}
	}
	return nil
}
