package main

import (
	"errors"
	"fmt"
	"slices"
	"time"
	_ "time/tzdata" // so that --timezone knows the same zones on every machine

	"github.com/spf13/pflag"

	"hashlog/analyze"
)

// byFlags are the flags that break figures down by classes of requests.
type byFlags struct {
	dimensions []analyze.Dimension
	lengths    []int64
	zone       *time.Location // nil: not given
}

func (b *byFlags) add(flags *pflag.FlagSet) {
	var names []string
	for _, d := range analyze.Dimensions() {
		names = append(names, string(d))
	}
	flags.Var(listed("DIMENSION[,...]", &b.dimensions, analyze.ParseDimension).among(names...), "by", "break every figure down by length, model, source, hour, turn or salt")
	flags.Var(listed("TOKENS[,...]", &b.lengths, analyze.ParseLengthClass), "length-classes", "lower bounds of the classes of --by length (default powers of two)")
	flags.Var(parsed("ZONE", "UTC", &b.zone, analyze.ParseTimeZone), "timezone", "time zone of --by hour, such as Europe/Berlin")
	byGroup.put(flags, "--by length,hour", "--length-classes 4096,32768", "--timezone Europe/Berlin")
}

// apply sets the options.
func (b *byFlags) apply(o *analyze.Options) error {
	o.By, o.LengthClasses, o.TimeZone = distinct(b.dimensions), b.lengths, b.zone
	for i := 1; i < len(b.lengths); i++ {
		if b.lengths[i] <= b.lengths[i-1] {
			return usageError{fmt.Errorf("--length-classes: %d after %d: the lower bounds must rise", b.lengths[i], b.lengths[i-1])}
		}
	}
	return nil
}

// check finds flags without the figures that they are about. orElse are words for what shows lengths besides --by.
func (b *byFlags) check(o *analyze.Options, orElse string) error {
	switch {
	case len(b.lengths) > 0 && !o.Requests && !slices.Contains(o.By, analyze.ByLength):
		return usageError{errors.New("--length-classes needs --by length" + orElse)}
	case b.zone != nil && !slices.Contains(o.By, analyze.ByHour):
		return usageError{errors.New("--timezone needs --by hour")}
	}
	return nil
}
