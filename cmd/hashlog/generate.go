package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"
	"sync/atomic"

	"github.com/spf13/cobra"

	"hashlog/analyze"
	"hashlog/analyze/units"
	"hashlog/cmd/hashlog/internal/atomicfile"
	"hashlog/cmd/hashlog/internal/progress"
	"hashlog/log"
	"hashlog/sim/workload"
	"hashlog/writer"
)

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
	defer removeEmptyFolders(missing, &err) // before another run may claim the folder
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
	if err := cause(ctx, working, err); err != nil {
		return err
	}
	return showSummary(ctx, env, g.json, func(out io.Writer) error {
		if g.json {
			return writeJSON(out, done)
		}
		done.text(out)
		return nil
	})
}

// trafficSummary is the summary of generate.
type trafficSummary struct {
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

func (d *trafficSummary) text(out io.Writer) {
	fmt.Fprintf(out, "%s in %s, %s\n", units.Count(d.Requests, "request"), units.Count(d.Files, "file"),
		units.Period{First: d.FirstTimestamp, Last: d.LastTimestamp})
	fmt.Fprintf(out, "%s; %s of %s, so %s were looked up before\n", units.Count(d.TotalTokens, "token"), units.Count(d.ChunkLookups, "chunk lookup"),
		units.Count(d.UniqueChunks, "unique chunk"), units.FormatPercent(analyze.Rate(d.ChunkLookups-d.UniqueChunks, d.ChunkLookups)))
	fmt.Fprintf(out, "%s holds %s of records\n", log.Quoted(d.Output), units.FormatBytes(d.Bytes))
}

// write passes all requests to the writer, and closes it.
func (g *generateFlags) write(ctx context.Context, env *env, traffic *workload.Generator, w *writer.Writer) (*trafficSummary, error) {
	done := &trafficSummary{Output: g.writing.Dir}
	var made atomic.Int64
	bar := &progress.Bar{}
	if !g.quiet {
		bar = progress.New(env.stderr)
	}
	bar.Count("generating", func() (int64, int64) { return made.Load(), g.expected() })
	err := done.pass(ctx, traffic, w, &made)
	closing, cancel := withGrace(ctx, stopTime)
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

// expected returns the number of requests, −1 if it is not known.
func (g *generateFlags) expected() int64 {
	if g.opts.Requests > 0 {
		return g.opts.Requests
	}
	return -1
}

// pass writes all requests and notes the first and the last timestamp.
func (d *trafficSummary) pass(ctx context.Context, traffic *workload.Generator, w *writer.Writer, made *atomic.Int64) error {
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
