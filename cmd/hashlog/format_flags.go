package main

import (
	"fmt"
	"strings"

	"github.com/spf13/pflag"

	"hashlog/analyze/chart"
	"hashlog/log/foreign"
)

// formatFlags say in which form the logs are.
type formatFlags struct{ opts foreign.Options }

const logFormats = "auto|hashlog|mooncake|bailian"

func (f *formatFlags) add(flags *pflag.FlagSet) {
	flags.Var(parsed(logFormats, "auto", &f.opts.Format, foreign.ParseLogFormat), "format",
		"what all logs are; auto goes by the first record of each, and hashlog is the lookup-hash log")
	flags.Var(parsed("N", "", &f.opts.BlockSize, parsePositive), "block-size",
		"tokens of a block in Mooncake and Bailian traces (default 512 and 16, or what blksz_N in a Bailian file's name says)")
	flags.BoolVar(&f.opts.KeepTail, "keep-tail", false, "keep the id of a partial tail block in such traces as a chunk")
}

// withPictures makes --format take formats of pictures too: no two have one name.
func (f *formatFlags) withPictures(flags *pflag.FlagSet, pictures *[]chart.Format) {
	flag := flags.Lookup("format")
	flag.Usage = "picture formats (default png); also " + logFormats + ", what all logs are: auto goes by the first record of each, and hashlog is the lookup-hash log"
	flag.DefValue = ""
	flag.Value = &value{kind: "png|svg|pdf[,...]", set: func(s string) error {
		for _, part := range strings.Split(s, ",") {
			if err := f.setEither(part, pictures); err != nil {
				return err
			}
		}
		return nil
	}}
}

func (f *formatFlags) setEither(s string, pictures *[]chart.Format) error {
	if name, err := foreign.ParseLogFormat(s); err == nil {
		f.opts.Format = name
		return nil
	}
	picture, err := chart.ParseFormat(s)
	if err != nil {
		return fmt.Errorf("%w; or, for what the logs are, auto, hashlog, mooncake or bailian", err)
	}
	*pictures = append(*pictures, picture)
	return nil
}
