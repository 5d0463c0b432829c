package main

import (
	"fmt"

	"github.com/spf13/pflag"

	"hashlog/analyze/chart"
	"hashlog/log/foreign"
)

// formatFlags describe the format of the logs.
type formatFlags struct{ opts foreign.Options }

func (f *formatFlags) add(flags *pflag.FlagSet) {
	flags.Var(parsed("FORMAT", string(foreign.Auto), &f.opts.Format, foreign.ParseLogFormat).among(
		"auto\tthe first record of each decides", "hashlog\tlookup-hash logs", "mooncake\tMooncake and Dynamo traces", "bailian\tQwen traces"),
		"log-format", "format of all logs: auto (the first record of each decides), hashlog (lookup-hash logs), mooncake or bailian")
	flags.Var(parsed("N", "", &f.opts.BlockSize, parsePositive), "block-size",
		"tokens per block in Mooncake and Bailian traces (default 512 and 16, or N if a Bailian file's name has blksz_N)")
	flags.BoolVar(&f.opts.KeepTail, "keep-tail", false, "in such traces, keep the id of a partial tail block as a chunk")
	inputGroup.put(flags, "--log-format mooncake", "--block-size 64", "--keep-tail")
}

// parsePicture reads the format of a picture. If it is the format of a log, the error names the right flag.
func parsePicture(s string) (chart.Format, error) {
	f, err := chart.ParseFormat(s)
	if _, notLog := foreign.ParseLogFormat(s); err != nil && notLog == nil {
		err = fmt.Errorf("%w; for the format of the logs use --log-format %s", err, s)
	}
	return f, err
}
