package main

import (
	"bytes"
	"context"
	"errors"

	"github.com/spf13/cobra"

	"hashlog/analyze"
)

func newSimulateCommand(env *env) *cobra.Command {
	var common commonFlags
	cmd := &cobra.Command{
		Use:   "simulate LOGS… --capacity SIZE[,SIZE…]",
		Short: "The hit rates that caches of given capacities would have",
		Long: `simulate replays the logs once and prints what caches of the given capacities
would have hit, and, for --target, the smallest capacity that reaches a rate.

LOGS are files, folders (their lookup_hashes_*.jsonl, .gz and .zst) or - for stdin.
Mooncake and Bailian (Qwen) traces are read too.
SIZE is 64GiB, 500GB, 1.5TiB, 4096 (bytes), 5000chunks or inf.
A target is a share of all tokens (80%) or of what an unlimited cache hits
(95%ofceiling).
` + exitHelp,
		Example: `  hashlog simulate /var/log/lmcache --capacity 64GiB,1TiB
  hashlog simulate /var/log/lmcache --target 80%,95%ofceiling --warmup 1h
  zcat old.jsonl.gz | hashlog simulate - --capacity 5000chunks --json`,
		Args: usageArgs(needLogs),
		RunE: func(cmd *cobra.Command, args []string) error {
			return runSimulate(cmd.Context(), env, &common, args)
		},
	}
	common.add(cmd.Flags())
	addCapacity(cmd, &common.opts.Capacities, "capacities to simulate")
	addTarget(cmd, &common.opts.Targets)
	return cmd
}

func addCapacity(cmd *cobra.Command, target *[]analyze.Capacity, usage string) {
	cmd.Flags().Var(listed("SIZE[,SIZE…]", target, analyze.ParseCapacity), "capacity", usage)
}

func addTarget(cmd *cobra.Command, target *[]analyze.Target) {
	cmd.Flags().Var(listed("80%[,95%ofceiling…]", target, analyze.ParseTarget), "target", "find the smallest capacity that reaches a token hit rate")
}

func runSimulate(ctx context.Context, env *env, common *commonFlags, logs []string) error {
	if err := common.check(logs); err != nil {
		return err
	}
	if len(common.opts.Capacities) == 0 && len(common.opts.Targets) == 0 {
		return usageError{errors.New("simulate needs --capacity (such as 64GiB,1TiB) or --target (such as 80%), or both")}
	}
	report, err := common.replay(ctx, env, logs)
	if err != nil {
		return err
	}
	err = show(env.stdout, func(out *bytes.Buffer) error {
		if common.json {
			return writeJSON(out, report)
		}
		simulateText(out, report, common.quiet)
		return nil
	})
	if err != nil {
		return err
	}
	return finish(env, report.Log)
}
