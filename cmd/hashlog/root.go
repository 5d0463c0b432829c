package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"runtime/debug"
	"syscall"
	"time"

	"github.com/spf13/cobra"

	"hashlog/cmd/hashlog/internal/memory"
)

// Exit statuses. Scripts rely on them.
const (
	exitDone        = 0
	exitFailed      = 1
	exitUsage       = 2
	exitPartial     = 3
	exitInterrupted = 130
)

// exitHelp ends every command's help.
const exitHelp = `
Exit status: 0 done; 1 failed; 2 wrong usage; 3 done, but part of the input was
damaged, skipped or late (located on stderr); 130 interrupted.`

// errPartial says that the output is complete, but part of the input was unusable. The details have been printed.
var errPartial = errors.New("part of the input was damaged, skipped or late")

// env is the environment of a command.
type env struct {
	stdin          io.Reader
	stdout, stderr io.Writer
	machine        memory.Machine
	now            time.Time // when the program began
}

// run is the whole program. It returns the exit status.
func run(args []string, stdin io.Reader, stdout, stderr io.Writer) int {
	if err := checkDescriptors(); err != nil {
		return status(err, stderr)
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	context.AfterFunc(ctx, stop) // a second signal ends the program at once
	out := newOutput(stdout, stderr)
	root := newRootCommand(&env{stdin, out, stderr, memory.Find(), time.Now()})
	root.SetArgs(args)
	root.SetIn(stdin)
	root.SetErr(stderr)
	return status(cmp.Or(root.ExecuteContext(ctx), out.failed()), stderr)
}

// status prints an error and returns its exit status.
func status(err error, stderr io.Writer) int {
	var usage usageError
	switch {
	case err == nil:
		return exitDone
	case errors.Is(err, errPartial):
		return exitPartial
	case errors.Is(err, context.Canceled):
		fmt.Fprintln(stderr, "hashlog: interrupted")
		return exitInterrupted
	case errors.As(err, &usage):
		fmt.Fprintf(stderr, "hashlog: %s\n", message(explain(err)))
		return exitUsage
	}
	fmt.Fprintf(stderr, "hashlog: %s\n", message(explain(err)))
	return exitFailed
}

func newRootCommand(env *env) *cobra.Command {
	root := &cobra.Command{
		Use:   "hashlog",
		Short: "How large must a KV cache be?",
		Long: `hashlog replays the lookup-hash logs of KV-cache servers such as LMCache and
computes the exact token hit rate at every cache capacity in one pass.
` + exitHelp,
		Example: `  hashlog inspect  /var/log/lmcache
  hashlog simulate /var/log/lmcache --capacity 64GiB,1TiB --target 80%
  hashlog plot     /var/log/lmcache -o report
  hashlog report   /var/log/lmcache -o report.html
  hashlog compare  /var/log/lmcache --capacity 256GiB
  hashlog fleet    node-* --nodes sources --capacity 512GiB
  hashlog reconcile /var/log/lmcache --capacity 1TiB --measured hits.csv
  hashlog export   /var/log/lmcache -o rows.parquet
  some-server | hashlog record -o /var/log/kv
  hashlog generate -o day --duration 1d --daily --rate 2
  hashlog convert  --from mooncake trace.jsonl -o logs`,
		Version:       version(),
		SilenceErrors: true,
		SilenceUsage:  true,
		Args:          func(cmd *cobra.Command, args []string) error { return unknownCommand(cmd, args) },
		RunE:          func(cmd *cobra.Command, _ []string) error { return showText(env.stdout, commandHelp(cmd)) },
	}
	root.SetFlagErrorFunc(flagError)
	root.SetHelpFunc(func(cmd *cobra.Command, _ []string) { fmt.Fprint(env.stdout, commandHelp(cmd)) })
	root.AddCommand(newInspectCommand(env), newSimulateCommand(env), newPlotCommand(env), newReportCommand(env), newCompareCommand(env), newFleetCommand(env), newReconcileCommand(env), newExportCommand(env), newMapCommand(env), newMergeCommand(env), newRecordCommand(env), newGenerateCommand(env), newConvertCommand(env))
	root.SetHelpCommand(newHelpCommand(root, env.stdout))
	root.InitDefaultHelpCmd()
	root.SetOut(env.stdout)
	if out, ok := env.stdout.(*output); ok {
		root.SetOut(ignoreErrors{out}) // of help, version and completion, which keeps what it is set to here
	}
	root.InitDefaultCompletionCmd()
	for _, cmd := range root.Commands() {
		cmd.Flags().SortFlags = false
		if err := completeFlags(cmd); err != nil {
			panic(err) // a flag is completed twice
		}
		if cmd.Name() == "completion" {
			cmd.Args = cobra.ArbitraryArgs
			cmd.RunE = func(*cobra.Command, []string) error {
				return usageError{errors.New("completion needs the name of a shell: bash, zsh, fish or powershell")}
			}
		}
	}
	return root
}

// version returns the module's version, or the commit it was built from.
func version() string {
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return "unknown"
	}
	v := info.Main.Version
	for _, s := range info.Settings {
		switch {
		case s.Key == "vcs.revision" && v == "(devel)":
			v = "devel-" + s.Value[:min(12, len(s.Value))]
		case s.Key == "vcs.modified" && s.Value == "true":
			v += " (modified)"
		}
	}
	return fmt.Sprintf("%s, %s", v, info.GoVersion)
}
