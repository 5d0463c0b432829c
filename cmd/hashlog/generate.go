package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"strings"
	"sync/atomic"
	"time"

	"github.com/spf13/cobra"

	"hashlog/analyze"
	"hashlog/analyze/units"
	"hashlog/cmd/hashlog/internal/atomicfile"
	"hashlog/cmd/hashlog/internal/progress"
	"hashlog/log"
	"hashlog/sim/workload"
	"hashlog/writer"
)

// stopTime is how long generate goes on after a signal with what it has made: it ends within a second.
const stopTime = 500 * time.Millisecond

// generateFlags are those of generate.
type generateFlags struct {
	opts          workload.Options
	writing       writer.Options
	bytesPerChunk int64
	json, quiet   bool
}

func newGenerateCommand(env *env) *cobra.Command {
	var g generateFlags
	cmd := &cobra.Command{
		Use:   "generate -o DIR --requests N",
		Short: "Generate a synthetic workload as logs",
		Long: `generate writes logs of synthetic traffic into DIR: users with conversations
that grow turn by turn, shared system prompts, some users and prompts far more
popular than others, Poisson arrivals, several models. Times and file names come
from the traffic, not from the clock: the same flags give the same files
everywhere.

--reuse is the share of chunks that have been looked up before: what an
unlimited cache would hit. It sets the length of conversations and system
prompts unless --turns, --system-tokens and --turn-tokens do. 5% is cold
traffic, 95% hot.

A model is NAME or NAME:WEIGHT; twice the weight means twice the conversations.
Chunks have the sizes of the model's own, for
  ` + strings.Join(workload.KnownModels(), "\n  ") + `
For other models they have the size of the first of these. --bytes-per-chunk
overrides both.

Nothing is ever deleted. A folder that already holds logs, or that another
generate or convert is writing to, is refused. An interrupted run leaves part of
the same logs in DIR, in whole lines.
` + generateExitHelp,
		Example: `  hashlog generate -o day --duration 1d --daily --rate 2
  hashlog generate -o hot --requests 1000000 --reuse 95% --compress zst
  hashlog generate -o two --requests 50000 --seed 7 --start 2025-06-01 \
      --model Llama-3.1-8B-Instruct:3,DeepSeek-V3`,
		Args:              usageArgs(cobra.NoArgs),
		ValidArgsFunction: cobra.NoFileCompletions,
		RunE: func(cmd *cobra.Command, _ []string) error {
			return runGenerate(cmd.Context(), env, &g)
		},
	}
	g.addFlags(cmd)
	return cmd
}

const generateExitHelp = `
Exit status: 0 done; 1 failed; 2 wrong usage; 130 interrupted.`

func (g *generateFlags) addFlags(cmd *cobra.Command) {
	flags, o := cmd.Flags(), &g.opts
	addOutput(flags, &g.writing.Dir, "folder to write to, created if it does not exist")
	flags.Var(parsed("N", "", &o.Requests, parsePositive), "requests", "number of requests")
	flags.Var(parsed("DURATION", "", &o.Duration, units.ParseDuration), "duration", "length in log time; with --requests, whichever ends first")
	flags.Uint64Var(&o.Seed, "seed", 0, "a different `N` gives different traffic of the same kind")
	flags.Var(parsed("TIME", "2024-01-01T00:00:00Z", &o.Start, parseStart), "start", "time of the first request: a date, RFC 3339 or Unix seconds")
	flags.Var(parsed("X", "5", &o.Rate, parseAboveZero), "rate", "requests a second on average")
	flags.BoolVar(&o.Daily, "daily", false, "vary the rate over the hours of the day (UTC), with little at night")
	flags.Var(parsed("PERCENT", "85%", &o.Reuse, parseReuse), "reuse", "share of chunks that have been looked up before, 0% to 99%")
	flags.Var(parsed("N", "1000", &o.Users, parseCount), "users", "number of users, each with one conversation at a time")
	flags.Var(parsed("X", "", &o.Turns, parseAboveZero), "turns", "average prompts per conversation (default follows from --reuse)")
	flags.Var(parsed("N", "16", &o.SystemPrompts, parsePrompts), "system-prompts", "number of system prompts, 0 for none")
	flags.Var(parsed("N", "", &o.SystemTokens, parseCount), "system-tokens", "average tokens of a system prompt (default follows from --reuse)")
	flags.Var(parsed("N", "", &o.TurnTokens, parseCount), "turn-tokens", "average tokens that a turn adds, question and answer (default 800, less for high --reuse)")
	flags.Var(parsed("N", "131072", &o.MaxTokens, parseCount), "max-tokens", "tokens of the longest prompt")
	flags.Var(parsed("N", "256", &o.ChunkSize, parseCount), "chunk-size", "tokens per chunk")
	flags.Var(parsed("8|32", "32", &o.HashBytes, parseCount).among("8", "32"), "hash-bytes", "bytes of a hash")
	flags.Var(listed("NAME[:WEIGHT][,...]", &o.Models, parseModel).among(workload.KnownModels()...), "model", "models (default a large one with weight 3 and a small one)")
	flags.Var(parsed("SIZE", "", &g.bytesPerChunk, units.ParseBytes), "bytes-per-chunk", "size of every chunk, whatever the model")
	addRotation(flags, &g.writing)
	flags.BoolVar(&g.json, "json", false, "print JSON")
	flags.BoolVar(&g.quiet, "quiet", false, "no progress")
}

// optionFlags are the flags behind the fields of workload.Options.
var optionFlags = map[string]string{
	"Requests": "requests", "Duration": "duration", "Start": "start", "Rate": "rate", "Reuse": "reuse", "Users": "users",
	"Turns": "turns", "SystemPrompts": "system-prompts", "SystemTokens": "system-tokens", "TurnTokens": "turn-tokens",
	"MaxTokens": "max-tokens", "ChunkSize": "chunk-size", "HashBytes": "hash-bytes", "Models": "model",
}

// traffic returns what makes the requests, and finds what is wrong with the flags together.
func (g *generateFlags) traffic() (*workload.Generator, error) {
	if g.writing.Dir == "" {
		return nil, usageError{errors.New("generate needs a folder to write to: -o DIR")}
	}
	if err := makesFolder("generate", g.writing.Dir); err != nil {
		return nil, err
	}
	if g.opts.Requests == 0 && g.opts.Duration == 0 {
		return nil, usageError{errors.New("generate needs --requests N (such as 10000) or --duration DURATION (such as 1d), or both")}
	}
	if g.bytesPerChunk > 0 {
		g.sizeModels()
	}
	traffic, err := workload.New(g.opts)
	var field *workload.FieldError
	if errors.As(err, &field) {
		err = usageError{fmt.Errorf("--%s: %s", optionFlags[field.Field], field.Reason)}
	}
	return traffic, err
}

// sizeModels gives every model the size asked for.
func (g *generateFlags) sizeModels() {
	if len(g.opts.Models) == 0 {
		g.opts.Models = workload.DefaultModels()
	}
	for i := range g.opts.Models {
		g.opts.Models[i].DTypes, g.opts.Models[i].Shapes = []string{"torch.uint8"}, [][]int64{{g.bytesPerChunk}}
	}
}

func runGenerate(ctx context.Context, env *env, g *generateFlags) (err error) {
	traffic, err := g.traffic()
	if err != nil {
		return err
	}
	missing := atomicfile.Missing(g.writing.Dir)
	release, err := claimFolder(g.writing.Dir)
	if err != nil {
		return err
	}
	defer release()
	defer removeMade(missing, &err) // before another run may claim the folder
	if g.json {
		if err := needsStdout(env); err != nil {
			return err
		}
	}
	working, stop := context.WithCancelCause(ctx)
	defer stop(nil)
	g.writing.MaxFiles = -1
	g.writing.FollowTimestamps = true
	g.writing.OnError = func(err error) { stop(err) } // nobody waits for a disk to have room again
	w, err := writer.New(g.writing)
	if err != nil {
		return err
	}
	done, err := g.write(working, env, traffic, w)
	if err := ended(ctx, working, err); err != nil {
		return err
	}
	return sumUp(ctx, env, g.json, func(out io.Writer) error {
		if g.json {
			return writeJSON(out, done)
		}
		done.text(out)
		return nil
	})
}

// refuseLogs fails if a folder holds logs: nobody wants made-up traffic among real one.
func refuseLogs(dir string) error {
	entries, err := os.ReadDir(dir)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("looking for logs in the output folder: %w", err)
	}
	for _, e := range entries {
		if strings.HasPrefix(e.Name(), "lookup_hashes_") {
			return fmt.Errorf("%s holds logs already (%s): name another folder", log.Quoted(dir), e.Name())
		}
	}
	return nil
}

// generated is what generate tells at the end.
type generated struct {
	Output         string  `json:"output"`
	Files          int64   `json:"files"`
	Bytes          int64   `json:"bytes"` // before compression
	Requests       int64   `json:"requests"`
	TotalTokens    int64   `json:"total_tokens"`
	ChunkLookups   int64   `json:"chunk_lookups"`
	UniqueChunks   int64   `json:"unique_chunks"`
	FirstTimestamp float64 `json:"first_timestamp"`
	LastTimestamp  float64 `json:"last_timestamp"`
}

func (d *generated) text(out io.Writer) {
	fmt.Fprintf(out, "%s in %s, %s to %s (%s)\n", units.Count(d.Requests, "request"), units.Count(d.Files, "file"),
		units.FormatTime(d.FirstTimestamp), units.FormatTime(d.LastTimestamp), units.FormatSpan(d.LastTimestamp-d.FirstTimestamp))
	fmt.Fprintf(out, "%s; %s of %s, so %s were looked up before\n", units.Count(d.TotalTokens, "token"), units.Count(d.ChunkLookups, "chunk lookup"),
		units.Count(d.UniqueChunks, "unique chunk"), units.FormatPercent(analyze.Rate(d.ChunkLookups-d.UniqueChunks, d.ChunkLookups)))
	fmt.Fprintf(out, "%s holds %s of records\n", log.Quoted(d.Output), units.FormatBytes(d.Bytes))
}

// write hands all requests to the writer, and closes it.
func (g *generateFlags) write(ctx context.Context, env *env, traffic *workload.Generator, w *writer.Writer) (*generated, error) {
	done := &generated{Output: g.writing.Dir}
	var made atomic.Int64
	bar := &progress.Bar{}
	if !g.quiet {
		bar = progress.New(env.stderr)
	}
	bar.Count("generating", func() (int64, int64) { return made.Load(), g.expected() })
	err := done.pass(ctx, traffic, w, &made)
	closing, cancel := afterwards(ctx, stopTime)
	defer cancel()
	if closed := w.Close(closing); err == nil {
		err = closed
	}
	bar.Stop()
	if err == nil && made.Load() == 0 {
		err = errors.New("no request falls within the duration: raise --duration or --rate")
	}
	s, of := w.Stats(), traffic.Stats()
	done.Files, done.Bytes = s.Segments, s.Bytes
	done.Requests, done.TotalTokens, done.ChunkLookups, done.UniqueChunks = of.Requests, of.Tokens, of.Lookups, of.Unique
	return done, err
}

// expected returns about how many requests there will be.
func (g *generateFlags) expected() int64 {
	if g.opts.Requests > 0 {
		return g.opts.Requests
	}
	return -1
}

// pass writes all requests, and keeps their times.
func (d *generated) pass(ctx context.Context, traffic *workload.Generator, w *writer.Writer, made *atomic.Int64) error {
	models := traffic.Models()
	var r workload.Request
	for traffic.Next(&r) {
		if err := ctx.Err(); err != nil {
			return err
		}
		m := &models[r.Model]
		err := w.RecordWait(ctx, writer.Lookup{Timestamp: r.Timestamp, RequestID: string(r.RequestID), ModelName: m.Name,
			ChunkSize: r.ChunkSize, SeqLen: r.SeqLen, DTypes: m.DTypes, Shapes: m.Shapes, Hashes: r.Hashes})
		if err != nil {
			return err
		}
		if made.Add(1) == 1 {
			d.FirstTimestamp = r.Timestamp
		}
		d.LastTimestamp = r.Timestamp
	}
	return nil
}

// ended returns what ended a work, and not what came of that: the end of ctx, or the cause for which working ended, which
// comes of ctx, or else its error.
func ended(ctx, working context.Context, err error) error {
	switch {
	case ctx.Err() != nil:
		return ctx.Err()
	case working.Err() != nil:
		return context.Cause(working)
	}
	return err
}
