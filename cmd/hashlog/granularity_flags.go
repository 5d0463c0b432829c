package main

import (
	"errors"
	"fmt"
	"strconv"

	"github.com/spf13/pflag"

	"hashlog/analyze"
)

// granularityFlags are the flags that say how finely prefixes are stored and matched.
type granularityFlags struct {
	units    []analyze.MatchUnit
	rechunks []int
}

func (g *granularityFlags) add(flags *pflag.FlagSet) {
	flags.Var(listed("N|Ntokens[,...]", &g.units, analyze.ParseMatchUnit), "match-unit", "count a hit only in whole units of N chunks or, such as 784tokens, of N tokens; several (1,2,4) add their figures to those without a unit")
	sizesGroup.put(flags, "--match-unit 784tokens")
	g.addRechunk(flags)
}

// addRechunk adds --rechunk alone.
func (g *granularityFlags) addRechunk(flags *pflag.FlagSet) {
	flags.Var(listed("N[,...]", &g.rechunks, parseRechunk), "rechunk", "replay the log as if N consecutive chunks were one, which needs chained hashes; several (1,2,4) add their figures to those of the log's own chunks")
	sizesGroup.put(flags, "--rechunk 4")
}

func parseRechunk(s string) (int, error) {
	n, err := strconv.Atoi(s)
	switch {
	case err != nil:
		return 0, fmt.Errorf("%q is not a whole number of chunks", s)
	case n < 1:
		return 0, fmt.Errorf("%q: at least one chunk becomes one", s)
	}
	return n, nil
}

// several reports whether a flag has a list of several.
func (g *granularityFlags) several() bool { return len(g.units) > 1 || len(g.rechunks) > 1 }

// apply sets the options: for all figures where a flag has one value, for figures by granularity where it has several.
func (g *granularityFlags) apply(o *analyze.Options) error {
	if len(g.units) > 1 && len(g.rechunks) > 1 {
		return usageError{errors.New("--match-unit and --rechunk both have several values: give one value to one of them")}
	}
	if len(g.units) == 1 {
		o.MatchUnit = g.units[0]
	}
	if len(g.rechunks) == 1 {
		o.Rechunk = g.rechunks[0]
	}
	switch {
	case len(g.units) > 1:
		for _, unit := range g.units {
			o.Granularities = append(o.Granularities, analyze.Granularity{MatchUnit: unit, Rechunk: o.Rechunk})
		}
	case len(g.rechunks) > 1:
		for _, n := range g.rechunks {
			o.Granularities = append(o.Granularities, analyze.Granularity{MatchUnit: o.MatchUnit, Rechunk: n})
		}
	case len(g.units)+len(g.rechunks) > 0:
		o.Granularities = []analyze.Granularity{{MatchUnit: o.MatchUnit, Rechunk: o.Rechunk}}
	}
	return nil
}

// applyOne is apply for a command that shows one granularity. what says why.
func (g *granularityFlags) applyOne(o *analyze.Options, what string) error {
	if g.several() {
		return usageError{errors.New("several values of --match-unit or --rechunk: " + what + "; hashlog simulate and hashlog plot take several")}
	}
	err := g.apply(o)
	o.Granularities = nil
	return err
}
