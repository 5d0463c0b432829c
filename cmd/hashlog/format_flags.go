package main

import (
	"fmt"
	"strings"

	"github.com/spf13/pflag"

	"hashlog/analyze"
	"hashlog/analyze/chart"
	"hashlog/log/foreign"
)

// formatFlags describe the format of the logs.
type formatFlags struct{ opts foreign.Options }

func (f *formatFlags) add(flags *pflag.FlagSet) {
	flags.Var(parsed("FORMAT", string(foreign.Auto), &f.opts.Format, foreign.ParseLogFormat).among(
		logFormats("%s\t%s")...), "log-format", "format of all logs: "+strings.Join(logFormats("%s (%s)"), ", "))
	flags.Var(parsed("N", "", &f.opts.BlockSize, parsePositive), "block-size",
		"tokens per block in Mooncake and Bailian traces (default 512 and 16, or N if a Bailian file's name has blksz_N; Dynamo's say it)")
	flags.BoolVar(&f.opts.KeepTail, "keep-tail", false, "in such traces, keep the id of a partial tail block as a chunk")
	inputGroup.put(flags, "--log-format mooncake", "--block-size 64", "--keep-tail")
}

// blocks returns how the blocks of traces become chunks.
func (f *formatFlags) blocks() analyze.Blocks {
	return analyze.Blocks{Size: f.opts.BlockSize, KeepTail: f.opts.KeepTail}
}

// use makes the blocks of traces those of a state.
func (f *formatFlags) use(b analyze.Blocks) { f.opts.BlockSize, f.opts.KeepTail = b.Size, b.KeepTail }

// logFormats prints the formats of logs, each as its name and a few words about it.
func logFormats(format string) (list []string) {
	for _, f := range foreign.LogFormats() {
		list = append(list, fmt.Sprintf(format, f.Name, f.About))
	}
	return list
}

// parsePicture reads the format of a picture. If it is the format of a log, the error names the right flag.
func parsePicture(s string) (chart.Format, error) {
	f, err := chart.ParseFormat(s)
	if _, notLog := foreign.ParseLogFormat(s); err != nil && notLog == nil {
		err = fmt.Errorf("%w; for the format of the logs use --log-format %s", err, s)
	}
	return f, err
}
