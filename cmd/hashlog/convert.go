package main

import (
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"hashlog/analyze"
	"hashlog/analyze/units"
	"hashlog/cmd/hashlog/internal/convert"
	"hashlog/cmd/hashlog/internal/progress"
	"hashlog/log"
	"hashlog/log/foreign"
	"hashlog/log/s3"
	"hashlog/writer"
)

// convertFlags are the flags of convert.
type convertFlags struct {
	from, to    foreign.Name // one of the two
	format      formatFlags
	chunkSize   int64
	startEvery  time.Duration
	output      string
	filter      analyze.Filter
	ignoreModel bool
	strict      bool
	writing     writer.Options
	json, quiet bool
}

func newConvertCommand(env *env) *cobra.Command {
	var c convertFlags
	cmd := &cobra.Command{
		Use:   "convert --from FORMAT FILE… -o DIR | --to FORMAT LOGS…",
		Short: "Convert traces to logs, or logs to a trace",
		Long: `convert --from turns other traces into lookup-hash logs in DIR:

  mooncake  JSONL with timestamp (ms), input_length and hash_ids; also Dynamo's
            rows; optionally request_id and session_id; a turn of a session may
            have a delay (ms) since the turn before in place of its time
  bailian   the traces of Qwen models: like mooncake, but with chat_id and
            parent_chat_id (the session is the root), and timestamp in seconds
  dynamo    Dynamo's request trace, with the worker that answered as source and
            the tokens that it found cached
  weka      AgentX conversations, one a line: id, block_size and requests with
            t, in and hash_ids; their ids live within a conversation
  tokens    JSONL with token_ids, optionally request_id, timestamp (s),
            session_id and cache_salt; convert chunks and hashes the tokens
            (SHA-256)
  csv       general cache traces: columns time (s) and key, optionally size
            (bytes) and request, named in the first row; each key is a chunk of
            one token

Records are written in order of time; those of csv keep the order of the files
and rows, those of weka that of conversations. FILEs may be compressed, and - is
stdin. mooncake, bailian and dynamo need no conversion: inspect, simulate and
plot read them directly.

convert --to mooncake turns logs into a trace for load generators, on stdout or
in the file that -o names. Times are milliseconds since the first request, ids
number the chunks (model, salt and hash) in the order they first appear, and
output_length, which lookups don't record, is 1. convert prints the flags that
make a replay of the trace hit the same. An existing file is replaced, unless it
is one of the logs. --log-format and --ignore-model only work with --to.

A folder that already holds logs, or that another convert or generate is writing
to, is refused. An interrupted or failed run leaves part of the logs in DIR, in
whole lines.
` + exitHelp,
		Example: `  hashlog convert --from mooncake conversation_trace.jsonl -o logs
  hashlog convert --from bailian qwen_traceA_blksz_16.jsonl -o logs
  hashlog convert --from weka traces/*.json --start-every 30s -o logs
  hashlog convert --from csv accesses.csv -o logs
  zcat tokens.gz | hashlog convert --from tokens --chunk-size 512 - -o logs
  hashlog convert --to mooncake /var/log/lmcache -o trace.jsonl`,
		Args: usageArgs(needLogs),
		RunE: func(cmd *cobra.Command, args []string) error {
			if err := c.check(cmd.Flags()); err != nil {
				return err
			}
			if c.from != "" {
				return c.runFrom(cmd.Context(), env, args)
			}
			return c.runTo(cmd.Context(), env, args)
		},
	}
	c.addFlags(cmd.Flags(), env.now)
	return cmd
}

func (c *convertFlags) addFlags(flags *pflag.FlagSet, now time.Time) {
	flags.Var(parsed("FORMAT", "", &c.from, foreign.ParseTraceFormat).among(traceFormats()...), "from", "format of the files: "+strings.Join(traceFormats(), ", "))
	flags.Var(parsed("FORMAT", "", &c.to, parseTarget).among("mooncake"), "to", "format to turn the logs into: mooncake")
	c.addOutput(flags)
	flags.Var(parsed("N", "256", &c.chunkSize, parsePositive), "chunk-size", "tokens per chunk, with --from tokens")
	flags.Var(parsed("DURATION", "0s", &c.startEvery, units.ParseDelay), "start-every", "with --from weka, time from the beginning of a conversation to that of the next one (0s: all begin at once)")
	addRotation(flags, &c.writing)
	flags.BoolVar(&c.json, "json", false, "print JSON")
	flags.BoolVar(&c.quiet, "quiet", false, quietHelp)
	addFilter(flags, &c.filter, now)
	addIgnoreModel(flags, &c.ignoreModel)
	addStrict(flags, &c.strict)
	c.format.add(flags)
}

// traceFormats are the names of the formats that can be converted to logs.
func traceFormats() (names []string) {
	for _, n := range foreign.TraceFormats() {
		names = append(names, string(n))
	}
	return names
}

// addOutput adds -o, which names a folder or a file.
func (c *convertFlags) addOutput(flags *pflag.FlagSet) {
	v := addOutput(flags, &c.output, "folder for the logs, created if it does not exist; with --to the file to write (default, or -: stdout)")
	v.kind = "DIR|FILE"
	v.complete = func(*cobra.Command, []string, string) ([]cobra.Completion, cobra.ShellCompDirective) {
		if c.to != "" {
			return nil, cobra.ShellCompDirectiveDefault
		}
		return nil, cobra.ShellCompDirectiveFilterDirs
	}
}

// parseTarget reads the name of a format that logs can be converted to.
func parseTarget(s string) (foreign.Name, error) {
	if n := foreign.Name(s); n == foreign.Mooncake {
		return n, nil
	}
	return "", fmt.Errorf("format %q: must be mooncake", s)
}

// check finds contradictions between flags.
func (c *convertFlags) check(flags *pflag.FlagSet) error {
	f := c.filter
	if c.to != "" && c.output == "-" {
		c.output = ""
	}
	switch {
	case (c.from == "") == (c.to == ""):
		return usageError{errors.New("convert needs either --from " + strings.Join(traceFormats(), "|") + " or --to mooncake")}
	case c.from != "" && c.output == "":
		return usageError{errors.New("convert --from needs a folder to write to: -o DIR")}
	case c.from != "" && (c.output == "-" || s3.Is(c.output)):
		return checkLogFolder("convert --from", c.output)
	case c.to != "" && c.json && c.output == "":
		return usageError{errors.New("convert --to writes the trace to stdout: for --json, name a file for the trace with -o")}
	case f.Since != nil && f.Until != nil && *f.Since >= *f.Until:
		return usageError{errors.New("--since must be before --until: nothing lies between them")}
	}
	return c.checkAlien(flags)
}

// checkAlien refuses flags that have no effect in this conversion.
func (c *convertFlags) checkAlien(flags *pflag.FlagSet) error {
	blocks := c.to != "" || c.from == foreign.Mooncake || c.from == foreign.Bailian || c.from == foreign.Dynamo
	for _, f := range []struct {
		name, with string
		fits       bool
	}{
		{"log-format", "--to", c.to != ""},
		{"ignore-model", "--to", c.to != ""},
		{"block-size", "Mooncake, Bailian and Dynamo traces", blocks},
		{"keep-tail", "Mooncake, Bailian and Dynamo traces", blocks},
		{"chunk-size", "--from tokens", c.from == foreign.Tokens},
		{"start-every", "--from weka", c.from == foreign.Weka},
		{"rotate-interval", "--from", c.from != ""},
		{"rotate-size", "--from", c.from != ""},
		{"compress", "--from", c.from != ""},
	} {
		if flags.Changed(f.name) && !f.fits {
			return usageError{fmt.Errorf("--%s works only with %s", f.name, f.with)}
		}
	}
	return nil
}

// input returns what is to be converted. convert --from sets other formats.
func (c *convertFlags) input(env *env, files *log.Files) convert.Input {
	bar := &progress.Bar{}
	if !c.quiet {
		bar = progress.New(env.stderr)
	}
	return convert.Input{Files: files, Formats: c.format.opts.Formats(), Filter: c.filter, Strict: c.strict, Bar: bar}
}

// nothing prints the problems and returns why there was nothing to convert.
func (c *convertFlags) nothing(env *env, files *log.Files, read convert.Read) error {
	s, stats := read.Sieve, read.Stats
	printProblems(env.stderr, stats)
	switch {
	case (s.Read > 0 || stats.Beyond != nil) && s.Passed == 0:
		return s.Nothing(stats)
	case len(stats.Foreign) > 0:
		return fmt.Errorf("no usable record: %s", c.readAs(stats.Foreign[0]))
	case stats.EmptyFiles == int64(files.Len()):
		return fmt.Errorf("no usable record: %s", stats.EmptyNote())
	}
	var names []string
	for _, path := range files.Paths()[:min(3, files.Len())] {
		names = append(names, log.Quoted(path))
	}
	return fmt.Errorf("no usable record in %s", strings.Join(names, ", "))
}

// notes are remarks on the input.
func (c *convertFlags) notes(files *log.Files, stats log.Stats) []string {
	notes := append([]string{}, files.Notes()...)
	for _, f := range stats.Foreign {
		notes = append(notes, c.readAs(f))
	}
	if empty := stats.EmptyNote(); empty != "" {
		notes = append(notes, empty)
	}
	if unread := stats.UnreadNote(); unread != "" {
		notes = append(notes, unread)
	}
	return notes
}

// readAs says what a log is read as, and which flags change that.
func (c *convertFlags) readAs(f log.Foreign) string {
	if c.from == foreign.Tokens {
		return readAs(f, tokenFlags)
	}
	return readAs(f, traceFlags)
}

// emptyNote returns a note on the records that were left out because they are empty, if there are any.
func emptyNote(n int64) []string {
	if n == 0 {
		return nil
	}
	return []string{units.Count(n, "record") + " with neither chunks nor tokens left out."}
}
