package main

import (
	"context"
	"errors"
	"fmt"
	"os"

	"github.com/spf13/cobra"

	"hashlog/analyze"
	"hashlog/cmd/hashlog/internal/progress"
	"hashlog/log"
	"hashlog/log/s3"
)

// mergeFlags are the flags of merge.
type mergeFlags struct {
	commonFlags
	output string
	beside bool
	gaps   bool
}

func newMergeCommand(env *env) *cobra.Command {
	var m mergeFlags
	cmd := &cobra.Command{
		Use:   "merge FILE… -o FILE [--beside]",
		Short: "Join summaries of parts of the logs",
		Long: `merge joins summaries that hashlog map has written, of parts of the logs, to one
of the whole. Parts may be given in any order; they are joined in order of time.
The outcome may be joined with others again, in any grouping.

One part after another is read: memory holds the whole so far and a block of the
next part.

With --beside, the summaries are those of nodes with a cache each. The figures
at a capacity are then sums over all nodes, each with a cache of that capacity.
Join the parts of each node first.

merge refuses parts with different settings or of overlapping times, the same
part twice, and gaps between parts (--gaps). - is stdin.
` + exitHelp,
		Example: `  hashlog merge part-*.sum -o year.sum
  hashlog merge march.sum april.sum -o - | hashlog simulate - --target 80%
  hashlog merge node-*.sum --beside -o apart.sum`,
		Args: usageArgs(needSummaries),
		RunE: func(cmd *cobra.Command, args []string) error {
			return runMerge(cmd.Context(), env, &m, args)
		},
	}
	flags := cmd.Flags()
	addOutput(flags, &m.output, "file to write, or - for stdout").file().kind = "FILE"
	flags.BoolVar(&m.beside, "beside", false, "add up caches of their own, each of the capacity asked")
	flags.BoolVar(&m.gaps, "gaps", false, "join parts with a time between them that no part was asked for")
	m.addRunning(flags)
	flags.Lookup("verbose").Usage = settingsHelp
	return cmd
}

// needSummaries requires at least one argument.
func needSummaries(_ *cobra.Command, args []string) error {
	if len(args) == 0 {
		return errors.New("FILE is missing: summaries that hashlog map has written")
	}
	return nil
}

// check finds contradictions in the command line.
func (m *mergeFlags) check(args []string) error {
	switch {
	case m.output == "":
		return usageError{errors.New("merge needs a file to write to: -o whole.sum, or -o - for stdout")}
	case m.beside && m.gaps:
		return usageError{errors.New("--gaps is about parts in order of time, and --beside has none")}
	}
	streams := 0
	for _, arg := range args {
		if arg == "-" {
			streams++
		}
	}
	if streams > 1 {
		return usageError{errors.New("- is given twice, and stdin can be read only once")}
	}
	if err := checkSummaryFile(m.output); err != nil {
		return err
	}
	return m.refuseOverwriting(args)
}

// refuseOverwriting fails if the output is one of the summaries.
func (m *mergeFlags) refuseOverwriting(args []string) error {
	out, err := os.Stat(m.output)
	for _, arg := range args {
		same := arg == m.output && s3.Is(arg)
		if info, gone := os.Stat(arg); err == nil && gone == nil {
			same = os.SameFile(out, info)
		}
		if same && arg != "-" {
			return usageError{fmt.Errorf("-o %s is one of the summaries: name another file", log.Quoted(m.output))}
		}
	}
	return nil
}

func runMerge(ctx context.Context, env *env, m *mergeFlags, args []string) error {
	if err := m.check(args); err != nil {
		return err
	}
	if m.json || m.output == "-" {
		if err := needsStdout(env); err != nil {
			return err
		}
	}
	parts, err := openParts(ctx, env, args)
	if err != nil {
		return err
	}
	defer closeParts(parts)
	if err := m.arrange(parts); err != nil {
		return err
	}
	return m.writeSummary(ctx, env, m.output, func(ctx context.Context, _ analyze.Options, bar *progress.Bar) (*analyze.Summary, error) {
		return m.fold(ctx, parts, bar)
	})
}

// fold joins the parts in their order, one after the other.
func (m *mergeFlags) fold(ctx context.Context, parts []*part, bar *progress.Bar) (whole *analyze.Summary, err error) {
	done := 0
	bar.Count("joining", func() (int64, int64) { return int64(done), int64(len(parts)) })
	for i, p := range parts {
		if ctx.Err() != nil {
			return nil, ctx.Err()
		}
		file, err := p.open(ctx)
		if err != nil {
			return nil, err
		}
		switch {
		case i == 0:
			if whole, err = file.Read(); err != nil {
				return nil, inSummary(&p.source, err)
			}
		case m.beside:
			err = beside(whole, file)
		default:
			err = whole.ThenFile(file)
		}
		if err != nil {
			err = between(parts[i-1], p, err)
		}
		p.close()
		if err != nil {
			return nil, err
		}
		done++
	}
	return whole, nil
}
