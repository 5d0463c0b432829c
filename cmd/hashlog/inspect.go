package main

import (
	"cmp"
	"context"
	"fmt"
	"io"

	"github.com/spf13/cobra"

	"hashlog/analyze"
	"hashlog/analyze/units"
	"hashlog/cmd/hashlog/internal/table"
	"hashlog/log"
)

func newInspectCommand(env *env) *cobra.Command {
	var common commonFlags
	cmd := &cobra.Command{
		Use:   "inspect LOGS…",
		Short: "Show what the logs hold and what is wrong with them",
		Long: `inspect reads the logs once and prints what they hold (requests, models, how
large a cache of everything would be, how much is shared) and what is wrong with
them (damage, gaps, missing files, records out of order or repeated).

LOGS are files, folders (their lookup_hashes_*.jsonl, .gz and .zst), the same in
an object store (s3://bucket/prefix) or - for stdin. Mooncake, Bailian (Qwen)
and Dynamo traces are read too. A summary (hashlog map) may stand in their
place: then inspect prints what it is a summary of, and what it fixes.
` + exitHelp,
		Example: `  hashlog inspect /var/log/lmcache
  hashlog inspect day.sum
  hashlog inspect lookup_hashes_20240331_200000_000001.jsonl.zst --json`,
		Args: usageArgs(needLogs),
		RunE: func(cmd *cobra.Command, args []string) error {
			return runInspect(cmd.Context(), env, &common, args)
		},
	}
	common.add(cmd.Flags(), env.now)
	return cmd
}

// inspection is the JSON of inspect.
type inspection struct {
	Input    analyze.Input    `json:"input"`
	Settings analyze.Settings `json:"settings"`
	Ceiling  *analyze.Ceiling `json:"ceiling"`
	*analyze.Audit
	Problems     []log.Problem  `json:"problems"` // the first ten
	ProblemCount int64          `json:"problem_count"`
	TornAt       []log.Problem  `json:"torn_at"`
	Notes        []analyze.Note `json:"notes"`
	Assumptions  []string       `json:"assumptions"`
	// Summary is nil unless a summary was inspected. Audit is nil then.
	Summary *inspectedSummary `json:"summary,omitempty"`
}

func runInspect(ctx context.Context, env *env, common *commonFlags, logs []string) error {
	if err := common.useSummary(ctx, env, logs); err != nil {
		return err
	}
	defer common.closeSummary()
	if common.input != nil {
		return inspectSummary(ctx, env, common)
	}
	if err := cmp.Or(common.check(ctx, logs), needsStdout(env)); err != nil {
		return err
	}
	common.opts.Audit = true
	report, err := common.replay(ctx, env, logs, func(ctx context.Context, report *analyze.Report) error {
		if note := common.memoryBounds(env.machine).estimateNote(report.Audit.ReplayMemoryBytes); note != "" {
			report.Notes = append(report.Notes, analyze.Note{Text: note})
		}
		return show(ctx, env.stdout, func(out io.Writer) error {
			if common.json {
				return writeJSON(out, inspected(report))
			}
			inspectText(out, report, common.remarks)
			return nil
		})
	})
	if err != nil {
		return err
	}
	return finish(env, report.Log)
}

// inspected returns the JSON of what a report says of its input.
func inspected(r *analyze.Report) inspection {
	return inspection{Input: r.Input, Settings: r.Settings, Ceiling: r.Ceiling, Audit: r.Audit,
		Problems: notNil(r.Log.Problems), ProblemCount: r.Log.ProblemCount, TornAt: notNil(r.Log.TornAt), Notes: r.Notes, Assumptions: r.Assumptions}
}

// notNil makes JSON print an empty list as [].
func notNil[T any](list []T) []T {
	if list == nil {
		return []T{}
	}
	return list
}

// inspectText prints what is in the logs and what is wrong with them.
func inspectText(w io.Writer, r *analyze.Report, how remarks) {
	inputText(w, r.Input)
	if r.Audit.RequestsPerSecond > 0 {
		fmt.Fprintf(w, "%.4g requests a second on average\n", r.Audit.RequestsPerSecond)
	}
	inspectField(w, "session", r.Audit.Sessions, r.Audit.SessionRequests, r.Input.Requests)
	inspectField(w, "cache salt", r.Audit.CacheSalts, r.Audit.SaltedRequests, r.Input.Requests)
	inspectMeasured(w, &r.Audit.Measured, r.Input.Requests)
	fmt.Fprintln(w)
	inspectModels(w, r.Input)
	fmt.Fprintln(w)
	inspectSharing(w, r)
	fmt.Fprintln(w)
	inspectFaults(w, r)
	remarksText(w, r, how)
}

// inspectField prints how many different values a field has that requests may lack, unless all do.
func inspectField(w io.Writer, field string, values, with, requests int64) {
	if values > 0 {
		fmt.Fprintf(w, "%s in %s of %s\n", units.Count(values, field), units.Comma(with), units.Count(requests, "request"))
	}
}

// inspectMeasured prints what servers hit as the log says, if it does.
func inspectMeasured(w io.Writer, m *analyze.Measured, requests int64) {
	if m.TokenHitRate != nil {
		fmt.Fprintf(w, "cached tokens in %s of %s: measured token hit rate %s\n", units.Comma(m.Requests), units.Count(requests, "request"), units.FormatPercent(*m.TokenHitRate))
	}
}

func inspectModels(w io.Writer, in analyze.Input) {
	var t table.Table
	t.Row("model", "requests", "tokens", "share", "chunk size", "bytes per chunk")
	for _, m := range in.Models {
		chunkSize := "mixed"
		if m.ChunkSize != nil {
			chunkSize = units.Comma(*m.ChunkSize)
		}
		bytes := "unknown or mixed"
		if m.BytesPerChunk != nil {
			bytes = units.FormatBytes(*m.BytesPerChunk)
		}
		t.Row(log.Quoted(m.Name), units.Comma(m.Requests), units.Comma(m.TotalTokens), units.FormatPercent(analyze.Rate(m.TotalTokens, in.TotalTokens)), chunkSize, bytes)
	}
	t.Write(w)
}

// inspectSharing prints how much there is to cache, and how much of it is looked up again.
func inspectSharing(w io.Writer, r *analyze.Report) {
	unique := uniqueText(r.Input)
	if r.Audit.UniqueBytes != nil {
		unique += fmt.Sprintf(", %s to cache them all", units.FormatBytes(*r.Audit.UniqueBytes))
	}
	fmt.Fprintln(w, unique)
	fmt.Fprintf(w, "%s (%s) seen once\n", units.Comma(r.Audit.ChunksSeenOnce), units.FormatPercent(analyze.Rate(r.Audit.ChunksSeenOnce, *r.Input.UniqueChunks)))
	ceilingText(w, r)
	fmt.Fprintf(w, "a replay takes about %s of memory\n", units.FormatBytes(r.Audit.ReplayMemoryBytes))
}

// shownGaps is the number of gaps and holes that the text lists.
const shownGaps = 5

// inspectFaults prints what is, or may be, wrong with the logs.
func inspectFaults(w io.Writer, r *analyze.Report) {
	a := r.Audit
	leftOutText(w, r.Input)
	for _, p := range r.Log.TornAt {
		fmt.Fprintf(w, "  %s\n", p)
	}
	fmt.Fprintf(w, "%s dropped by the writer\n", units.Comma(a.Dropped))
	fmt.Fprintf(w, "%s out of order, %s of them too late to be reordered\n", units.Comma(a.OutOfOrder), units.Comma(r.Input.Late))
	fmt.Fprintf(w, "%s with more hashes than seq_len covers, %s with a different chunk size than before\n",
		units.Count(a.SurplusHashes, "request"), units.Comma(a.SizeDisagreements))
	fmt.Fprintf(w, "%s with a request_id seen before%s\n", units.Count(a.RepeatedIDs, "request"), amongTheLast(r.Input.Requests))
	for _, rep := range a.Repeats {
		fmt.Fprintf(w, "  %s:%d: %q\n", log.Quoted(rep.File), rep.Line, rep.RequestID)
	}
	inspectGaps(w, a, r.Input.Period())
	fmt.Fprintf(w, "%s in the sequence of files\n", units.Count(int64(len(a.Holes)), "hole"))
	for _, h := range a.Holes[:min(len(a.Holes), shownGaps)] {
		fmt.Fprintf(w, "  %s missing between %s and %s\n", units.Comma(h.Missing), log.Quoted(h.After), log.Quoted(h.Before))
	}
	inspectStarts(w, a.MissingStarts)
}

// inspectStarts lists the folders whose first files are missing, if there are any.
func inspectStarts(w io.Writer, starts []analyze.MissingStart) {
	switch len(starts) {
	case 0:
		return
	case 1:
		fmt.Fprintln(w, "1 sequence of files does not begin at number 0")
	default:
		fmt.Fprintf(w, "%s sequences of files do not begin at number 0\n", units.Comma(int64(len(starts))))
	}
	for _, s := range starts[:min(len(starts), shownGaps)] {
		are := "are"
		if s.Missing == 1 {
			are = "is"
		}
		fmt.Fprintf(w, "  %s %s missing: the first one here is %s\n", units.Count(s.Missing, "earlier file"), are, log.Quoted(s.Before))
	}
}

// amongTheLast says how far back a request_id is looked for; it is empty if that is all the way.
func amongTheLast(requests int64) string {
	if requests <= analyze.RepeatWindow {
		return ""
	}
	return fmt.Sprintf(", among the %s requests before", units.Comma(analyze.RepeatWindow))
}

func inspectGaps(w io.Writer, a *analyze.Audit, period units.Period) {
	about := ""
	if !a.UsualSpacingExact {
		about = "about "
	}
	fmt.Fprintf(w, "%s longer than ten times the usual spacing of %s%s\n", units.Count(a.GapCount, "gap"), about, units.FormatSpan(a.UsualSpacing))
	for _, g := range a.Gaps[:min(len(a.Gaps), shownGaps)] {
		fmt.Fprintf(w, "  %s from %s on\n", units.FormatSpan(g.Seconds), period.FormatTime(g.Start))
	}
	if more := a.GapCount - shownGaps; more > 0 {
		fmt.Fprintf(w, "  … and %s\n", units.Count(more, "shorter one"))
	}
}
