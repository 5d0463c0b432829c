package main

import (
	"fmt"

	"github.com/spf13/pflag"

	"hashlog/analyze/chart"
	"hashlog/log/foreign"
)

// formatFlags say in which form the logs are.
type formatFlags struct{ opts foreign.Options }

func (f *formatFlags) add(flags *pflag.FlagSet) {
	flags.Var(parsed("FORMAT", string(foreign.Auto), &f.opts.Format, foreign.ParseLogFormat).among(
		"auto\twhat the first record of each shows", "hashlog\tlookup-hash logs", "mooncake\tMooncake and Dynamo traces", "bailian\tQwen traces"),
		"log-format", "what all logs are: auto (what the first record of each shows), hashlog (the lookup-hash log), mooncake or bailian")
	flags.Var(parsed("N", "", &f.opts.BlockSize, parsePositive), "block-size",
		"tokens of a block in Mooncake and Bailian traces (default 512 and 16, or what blksz_N in a Bailian file's name says)")
	flags.BoolVar(&f.opts.KeepTail, "keep-tail", false, "keep the id of a partial tail block in such traces as a chunk")
	inputGroup.put(flags, "--log-format mooncake", "--block-size 64", "--keep-tail")
}

// parsePicture reads a picture's format, and tells where a log's belongs.
func parsePicture(s string) (chart.Format, error) {
	f, err := chart.ParseFormat(s)
	if _, notLog := foreign.ParseLogFormat(s); err != nil && notLog == nil {
		err = fmt.Errorf("%w; what the logs are goes into --log-format %s", err, s)
	}
	return f, err
}
