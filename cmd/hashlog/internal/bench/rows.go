package main

import (
	"fmt"
	"math"
	"path/filepath"
	"slices"
	"strings"
)

// row is a row of the table.
type row struct {
	key    string // what -rows picks it by
	what   string
	metric metric
	unit   measure
	limit  limit
}

// limit is the bar that a row must meet and the aim beyond. Zero is none.
type limit struct {
	bar, aim float64
	higher   bool // is better
}

func atMost(bar, aim float64) limit { return limit{bar: bar, aim: aim} }

func atLeast(bar, aim float64) limit { return limit{bar: bar, aim: aim, higher: true} }

// everything is plot with its defaults: four pictures, four tables.
func everything(name, log string) command { return hashlog(name, "plot", log, "-o", plots) }

// oneCapacity is the simplest question about a log.
func oneCapacity(name, log string) command {
	return hashlog(name, "simulate", log, "--capacity", "1TiB")
}

// heats returns all measurements.
func heats(opts *options) []heat {
	return []heat{
		everythingHeat(), chartsHeat(), coldHeat(), decodeHeat(), replayHeat(), readingsHeat(), rollingHeat(), serverHeat(), boundedHeat(), segmentsHeat(), boundedSegmentsHeat(), stateHeat(), byHeat(), statsHeat(), exportHeat(), fleetHeat(), reportHeat(), unlikeHeat(), growthHeat(), objectsHeat(),
		packedHeat("zst", "zstd", atMost(2, 1.3)), packedHeat("gz", "gzip", atMost(1, 0.6)),
		referenceHeat(opts.reference), shuffledHeat(), comparedHeat(), largeHeat(opts.large),
	}
}

func everythingHeat() heat {
	return heat{name: "plot against tools that read alone", logs: []string{"medium"},
		commands: []command{everything("plot", "medium"), tool("wc", "-l", "medium/*.jsonl"), tool("sha1sum", "medium/*.jsonl")},
		rows: []row{
			{"everything/wc", "hashlog plot, everything, against wc -l", ratio("plot", "wc"), times, atMost(4.5, 3.5)},
			{"everything/sha1sum", "the same against sha1sum", ratio("plot", "sha1sum"), times, atMost(0.5, 0.4)},
			{"memory/medium", "peak memory of plot above 64 MiB, per unique chunk", perUnique("plot", "medium"), "B", atMost(48, 40)},
		}}
}

// chartsHeat compares all charts with the two that need no more than any plot counts.
func chartsHeat() heat {
	plot := func(name, charts string) command {
		return hashlog(name, "plot", "medium", "-o", plots, "--charts", charts)
	}
	return heat{name: "all charts", logs: []string{"medium"},
		commands: []command{plot("all", "all"), plot("two", "capacity,rolling")},
		rows:     []row{{"charts", "plot --charts all, against --charts capacity,rolling", ratio("all", "two"), times, atMost(1.5, 1.3)}}}
}

func decodeHeat() heat {
	return heat{name: "decoding alone", commands: []command{goBenchmark("decode", "hashlog/log", "^BenchmarkDecode$/^hash=32$")},
		rows: []row{{"decode", "decode, one core, fully validated", reported("decode", "MB/s", 1e-3), "GB/s", atLeast(3, 6)}}}
}

func replayHeat() heat {
	return heat{name: "replaying alone", commands: []command{goBenchmark("replay", "hashlog/sim", "^BenchmarkStack$/^head$")},
		rows: []row{{"replay", "replay, one core, working set far beyond the caches", reported("replay", "Mlookups/s", 1), "M lookups/s", atLeast(30, 50)}}}
}

func coldHeat() heat {
	return heat{name: "plot of cold traffic", logs: []string{"cold"}, commands: []command{everything("plot", "cold")},
		rows: []row{{"memory/cold", "the same of cold traffic, where 95 % of chunks are new", perUnique("plot", "cold"), "B", atMost(48, 40)}}}
}

// adding is the limit of each figure that is read from the same replay.
var adding = atMost(10, 3)

// readingsHeat compares with a curve that is read once. Every run counts the kinds of misses; here they are read too.
func readingsHeat() heat {
	return heat{name: "more readings of a curve", logs: []string{"medium"},
		commands: []command{
			hashlog("bare", "simulate", "medium", "--target", "50%"),
			hashlog("capacities", "simulate", "medium", "--target", "50%", "--capacity", multiples("%dGiB", 256, 100)),
			hashlog("targets", "simulate", "medium", "--target", "50%,"+multiples("%d%%ofceiling", 1, 100)),
		},
		rows: []row{
			{"adding/capacities", "adding 100 capacities, miss kinds and models at each", excess("capacities", "bare"), "%", adding},
			{"adding/targets", "adding 100 targets", excess("targets", "bare"), "%", adding},
		}}
}

// rollingHeat compares with one window and one line. The cost of more includes their pictures and rows of CSV, which for a
// hundred lines, more than a picture is meant for, is most of it.
func rollingHeat() heat {
	plot := func(name, window, capacities string) command {
		return hashlog(name, "plot", "medium", "-o", plots, "--window", window, "--capacity", capacities)
	}
	return heat{name: "more windows and lines", logs: []string{"medium"},
		commands: []command{
			plot("bare", "1d", "inf"),
			plot("windows", "4s", "inf"),
			plot("10 lines", "5m", multiples("%dGiB", 2048, 10)),
			plot("100 lines", "5m", multiples("%dGiB", 256, 100)),
		},
		rows: []row{
			{"adding/windows", "adding 10,000 windows, drawn", excess("windows", "bare"), "%", adding},
			{"adding/lines", "adding 10 rolling lines of 134 windows, drawn", excess("10 lines", "bare"), "%", adding},
			{"adding/lines100", "adding 100 such lines, drawn", excess("100 lines", "bare"), "%", limit{}},
		}}
}

// serverHeat compares caches that evict in batches, and tiers, with a curve.
func serverHeat() heat {
	simulate := func(name string, args ...string) command {
		return hashlog(name, append([]string{"simulate", "medium"}, args...)...)
	}
	capacities := multiples("%dGiB", 256, 30)
	return heat{name: "caches as servers run them", logs: []string{"medium"},
		commands: []command{
			simulate("bare", "--target", "50%"),
			simulate("batched", "--cache", "lmcache-server", "--capacity", capacities),
			simulate("tiers", "--tiers", "gpu=40GiB,dram=512GiB,ssd=4TiB", "--tier-bandwidth", "dram=20GiB/s"),
			simulate("ttl", "--target", "50%", "--ttl", "1h"),
			simulate("delay", "--target", "50%", "--store-delay", "2s"),
			simulate("ttls", "--target", "50%", "--ttl", "1m,5m,15m,1h,6h,1d"),
		},
		rows: []row{
			{"server/batched", "--cache lmcache-server at 30 capacities, against the curve", ratio("batched", "bare"), times, atMost(3, 1.5)},
			{"server/tiers", "--tiers, three with their bandwidth", ratio("tiers", "bare"), times, atMost(1.3, 1.1)},
			{"server/ttl", "--ttl", ratio("ttl", "bare"), times, atMost(1.3, 1.1)},
			{"server/delay", "--store-delay", ratio("delay", "bare"), times, atMost(1.3, 1.1)},
			{"server/ttls", "--ttl, six at once", ratio("ttls", "bare"), times, atMost(1.25, 1.1)},
		}}
}

// boundedHeat forgets the chunks beyond a fifth and beyond a hundredth of the 4.1 million unique ones.
func boundedHeat() heat {
	simulate := func(name string, args ...string) command {
		return hashlog(name, append([]string{"simulate", "medium", "--capacity", "40000chunks"}, args...)...)
	}
	upTo := func(name string, chunks int64) command {
		return simulate(name, "--max-capacity", fmt.Sprintf("%dchunks", chunks))
	}
	return heat{name: "a largest capacity", logs: []string{"medium"},
		commands: []command{simulate("bare"), upTo("fifth", fifth), upTo("hundredth", hundredth)},
		rows: []row{
			{"bounded/memory", "--max-capacity at 20 % of the unique chunks: peak memory above 64 MiB, per chunk of it", perChunk("fifth", fifth), "B", atMost(96, 60)},
			{"bounded/time", "the same at 1 %, against simulate without", ratio("hundredth", "bare"), times, atMost(1.6, 1.2)},
		}}
}

// byHeat breaks the figures at one capacity down.
func byHeat() heat {
	by := func(name, dimensions string) command {
		return hashlog(name, "simulate", "medium", "--capacity", "1TiB", "--by", dimensions)
	}
	return heat{name: "figures by class", logs: []string{"medium"},
		commands: []command{oneCapacity("bare", "medium"), by("length", "length"), by("all", "length,model,source,hour,turn")},
		rows: []row{
			{"by/length", "simulate --by length, against simulate", ratio("length", "bare"), times, atMost(1.25, 1.1)},
			{"by/all", "simulate --by all five dimensions, against simulate", ratio("all", "bare"), times, limit{}},
		}}
}

// statsHeat adds statistics at one capacity.
func statsHeat() heat {
	return heat{name: "statistics", logs: []string{"medium"},
		commands: []command{oneCapacity("bare", "medium"), hashlog("stats", "simulate", "medium", "--capacity", "1TiB", "--stats")},
		rows:     []row{{"stats", "simulate --stats, against simulate", ratio("stats", "bare"), times, atMost(1.5, 1.25)}}}
}

// exportHeat compares a row a request with one capacity.
func exportHeat() heat {
	export := func(name, file string) command { return hashlog(name, "export", "medium", "-o", plots+"/"+file) }
	return heat{name: "a row a request", logs: []string{"medium"},
		commands: []command{oneCapacity("simulate", "medium"), export("csv", "rows.csv"), export("parquet", "rows.parquet")},
		rows: []row{
			{"export/csv", "hashlog export to CSV, 200,000 rows, against simulate", ratio("csv", "simulate"), times, atMost(3, 1.3)},
			{"export/parquet", "hashlog export to Parquet, the same", ratio("parquet", "simulate"), times, atMost(2, 1.3)},
		}}
}

// fleetHeat compares nodes with one cache. A fleet is always replayed through one cache for all too, beside its nodes.
func fleetHeat() heat {
	fleet := func(name, nodes, routing string, more ...string) command {
		return hashlog(name, append([]string{"fleet", "medium", "--nodes", nodes, "--routing", routing}, more...)...)
	}
	one := []string{"--capacity", "512GiB"}
	return heat{name: "many nodes", logs: []string{"medium"},
		commands: []command{
			hashlog("bare", append([]string{"simulate", "medium"}, one...)...),
			fleet("16", "16", "prefix:2", one...),
			fleet("elsewhere", "16", "prefix:2", append(one, "--elsewhere")...),
			fleet("1000", "1000", "prefix:2", one...),
			fleet("aware", "16", "dynamo", "--capacity", multiples("%dGiB", 128, 10)),
		},
		rows: []row{
			{"fleet/16", "fleet of 16 nodes by prefix:2, against simulate", ratio("16", "bare"), times, atMost(1.5, 1.2)},
			{"fleet/elsewhere", "the same with --elsewhere", ratio("elsewhere", "bare"), times, limit{}},
			{"fleet/1000", "fleet of 1,000 nodes by prefix:2", ratio("1000", "bare"), times, atMost(2, 1.5)},
			{"fleet/memory", "the same, peak memory", peakRatio("1000", "bare"), times, atMost(1.5, 1.2)},
			{"fleet/aware", "fleet of 16 nodes by dynamo at 10 capacities", ratio("aware", "bare"), times, atMost(20, 10)},
		}}
}

// reportHeat compares the page with plot, which draws the same charts as pictures. The page has more: classes of requests.
func reportHeat() heat {
	return heat{name: "the page", logs: []string{"million"},
		commands: []command{everything("plot", "million"), hashlog("report", "report", "million", "-o", plots+"/report.html")},
		rows:     []row{{"report", "hashlog report of a million requests, against plot", ratio("report", "plot"), times, atMost(1.3, 1.1)}}}
}

// geometric lists n numbers from one to another, each larger than the one before by the same factor.
func geometric(format string, from, to, n int) string {
	var list []string
	for i := range n {
		factor := math.Pow(float64(to)/float64(from), float64(i)/float64(n-1))
		list = append(list, fmt.Sprintf(format, int(math.Round(float64(from)*factor))))
	}
	return strings.Join(list, ",")
}

// multiples lists the first n multiples of step.
func multiples(format string, step, n int) string {
	var list []string
	for i := range n {
		list = append(list, fmt.Sprintf(format, (i+1)*step))
	}
	return strings.Join(list, ",")
}

// unlikeHeat replays chunks whose depths in bytes can be anywhere. A cache that evicts in batches has the most work with them.
func unlikeHeat() heat {
	return heat{name: "chunks of unlike sizes", logs: []string{"unlike", "medium"},
		commands: []command{
			oneCapacity("unlike", "unlike"), oneCapacity("medium", "medium"),
			hashlog("batched", "simulate", "unlike", "--cache", "lmcache-server", "--capacity", geometric("%dMiB", 1<<10, 1<<26, 200)),
		},
		rows: []row{
			{"unlike", "bytes, two models of unlike sizes, against equal sizes", ratio("unlike", "medium"), times, atMost(1.4, 1.2)},
			{"unlike/batched", "--cache lmcache-server at 200 capacities, unlike sizes", seconds("batched"), "s", atMost(5, 2.5)},
		}}
}

func growthHeat() heat {
	return heat{name: "a log that grows", logs: []string{"medium", "medium2M"},
		commands: []command{oneCapacity("medium", "medium"), oneCapacity("medium2M", "medium2M")},
		rows:     []row{{"growth", "cost per lookup (time of simulate), 20 M lookups against 2 M", perLookup("medium", "medium2M"), times, atMost(1.5, 1.2)}}}
}

// objectsHeat reads the same logs from files and from an object store. That runs on the same processors, and takes its part.
func objectsHeat() heat {
	return heat{name: "logs in an object store", logs: []string{"medium", "cold"}, objects: true,
		commands: []command{
			hashlog("files", "simulate", "medium", "cold", "--capacity", "1TiB"),
			hashlog("objects", "simulate", "s3://bucket/medium", "s3://bucket/cold", "--capacity", "1TiB"),
		},
		rows: []row{{"objects", "speed of simulate with 2.8 GB in an object store, against files", ratio("files", "objects"), times, atLeast(0.5, 0.8)}}}
}

func packedHeat(log, unpack string, l limit) heat {
	return heat{name: "." + log + " segments", logs: []string{log},
		commands: []command{everything("plot", log), unpacked("unpack", unpack, log+"/*."+log)},
		rows:     []row{{log, fmt.Sprintf("hashlog plot of .%s segments against %s -dc and wc -l", log, unpack), ratio("plot", "unpack"), times, l}}}
}

func referenceHeat(dir string) heat {
	h := heat{name: "the reference conversation",
		rows: []row{{"reference", "hashlog simulate of the reference conversation", seconds("simulate"), "s", atMost(0.1, 0.05)}}}
	path, err := filepath.Abs(dir)
	if dir == "" || err != nil {
		h.skip = "needs the folder of the reference conversation: REFERENCE=folder make bench"
		return h
	}
	h.commands = []command{hashlog("simulate", "simulate", path, "--capacity", "10000chunks")}
	return h
}

func shuffledHeat() heat {
	return heat{name: "JSON that is not canonical", logs: []string{"shuffled", "medium2M"},
		commands: []command{oneCapacity("shuffled", "shuffled"), oneCapacity("canonical", "medium2M")},
		rows:     []row{{"shuffled", "fields shuffled, other spacing, against canonical", ratio("shuffled", "canonical"), times, atMost(4, 2.5)}}}
}

// comparedCaches are those whose replays are timed one by one.
var comparedCaches = []string{"lru", "lmcache-server", "fifo", "sieve", "s3fifo", "arc", "radix", "random", "opt"}

// comparedHeat times each cache at two capacities, one of which holds a fortieth of the chunks and one an eighth. What reading
// the logs takes is that of simulate. That is much more than a replay, so a cache is replayed eight times at each capacity. The
// optimum is not, since what it needs at every capacity is found once; reading the logs counts as part of it.
func comparedHeat() heat {
	const capacities = "3TiB,16TiB"
	h := heat{name: "caches that are no stack", logs: []string{"medium"}, commands: []command{hashlog("bare", "simulate", "medium", "--capacity", capacities)}}
	for _, name := range comparedCaches {
		times, speed, bars := 8, replays(name, "bare", "medium", 16), atLeast(5, 20)
		if name == "opt" {
			times, speed, bars = 1, replaysAndReading(name, "medium", 2), atLeast(1.5, 5)
		}
		all := strings.Join(slices.Repeat([]string{capacities}, times), ",")
		h.commands = append(h.commands, hashlog(name, "compare", "medium", "--capacity", all, "--cache", name))
		h.rows = append(h.rows, row{"compare/" + name, "compare --cache " + name + " at two capacities, one core", speed, "M lookups/s", bars})
	}
	return h
}

func largeHeat(wanted bool) heat {
	h := heat{name: "a large log", logs: []string{"large", "medium"},
		commands: []command{everything("large", "large"), everything("medium", "medium"),
			hashlog("bounded", "simulate", "large", "--capacity", "400000chunks", "--max-capacity", "400000chunks")},
		rows: []row{
			{"large/memory", "200 M lookups of 40 M unique chunks: peak memory of plot", gibibytes("large"), "GiB", limit{bar: 3}},
			{"large/unique", "the same above 64 MiB, per unique chunk", perUnique("large", "large"), "B", limit{}},
			{"large/cost", "the same, cost per lookup (8-byte hashes) against medium (32-byte)", perLookup("large", "medium"), times, limit{}},
			{"large/bounded", "200 M lookups with --max-capacity of 400,000 chunks: peak memory", gibibytes("bounded"), "GiB", limit{bar: 0.25}},
		}}
	if !wanted {
		h.skip = "5 GB of logs: make bench-large"
	}
	return h
}
