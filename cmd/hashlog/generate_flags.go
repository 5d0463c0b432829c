package main

import (
	"errors"
	"fmt"
	"math"
	"strconv"
	"strings"
	"time"

	"hashlog/analyze/units"
	"hashlog/sim/workload"
	"hashlog/writer"

	"github.com/spf13/cobra"
)

// generateFlags are the flags of generate.
type generateFlags struct {
	opts          workload.Options
	writing       writer.Options
	bytesPerChunk int64
	json, quiet   bool
}

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

// optionFlags maps the fields of workload.Options to flags.
var optionFlags = map[string]string{
	"Requests": "requests", "Duration": "duration", "Start": "start", "Rate": "rate", "Reuse": "reuse", "Users": "users",
	"Turns": "turns", "SystemPrompts": "system-prompts", "SystemTokens": "system-tokens", "TurnTokens": "turn-tokens",
	"MaxTokens": "max-tokens", "ChunkSize": "chunk-size", "HashBytes": "hash-bytes", "Models": "model",
}

// traffic returns the generator of the requests, and finds contradictions between flags.
func (g *generateFlags) traffic() (*workload.Generator, error) {
	if g.writing.Dir == "" {
		return nil, usageError{errors.New("generate needs a folder to write to: -o DIR")}
	}
	if err := checkLogFolder("generate", g.writing.Dir); err != nil {
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

// sizeModels gives the chunks of every model the size of --bytes-per-chunk.
func (g *generateFlags) sizeModels() {
	if len(g.opts.Models) == 0 {
		g.opts.Models = workload.DefaultModels()
	}
	for i := range g.opts.Models {
		g.opts.Models[i].DTypes, g.opts.Models[i].Shapes = []string{"torch.uint8"}, [][]int64{{g.bytesPerChunk}}
	}
}

// parseModel reads NAME or NAME:WEIGHT. The part after the last colon is a weight if it is a number.
func parseModel(s string) (workload.Model, error) {
	name, weight := s, int64(0)
	if i := strings.LastIndexByte(s, ':'); i >= 0 {
		if n, err := strconv.ParseInt(s[i+1:], 10, 32); err == nil {
			name, weight = s[:i], n
			if n < 1 {
				return workload.Model{}, fmt.Errorf("model %q: a weight must be above zero", s)
			}
		}
	}
	if name == "" {
		return workload.Model{}, errors.New("the name of the model is missing")
	}
	return workload.Model{Name: name, Weight: int(weight)}, nil
}

// parseReuse reads a share in percent. The workload takes a negative number for none.
func parseReuse(s string) (float64, error) {
	number, ok := strings.CutSuffix(s, "%")
	percent, err := strconv.ParseFloat(number, 64)
	switch {
	case !ok || err != nil || !(percent >= 0 && percent <= 99):
		return 0, fmt.Errorf("%q is not a percentage from 0%% to 99%%", s)
	case percent == 0:
		return -1, nil
	}
	return percent / 100, nil
}

// parsePrompts reads a number of system prompts. The workload takes a negative number for none.
func parsePrompts(s string) (int, error) {
	if s == "0" {
		return -1, nil
	}
	return parseCount(s)
}

func parseCount(s string) (int, error) {
	n, err := parsePositive(s)
	if err == nil && n > math.MaxInt32 {
		err = fmt.Errorf("%q is too large", s)
	}
	return int(n), err
}

func parseAboveZero(s string) (float64, error) {
	x, err := strconv.ParseFloat(s, 64)
	if err != nil || !(x > 0 && x <= math.MaxFloat64) {
		return 0, fmt.Errorf("%q is not a number above zero", s)
	}
	return x, nil
}

func parseStart(s string) (time.Time, error) {
	seconds, err := units.ParseTime(s)
	if err == nil && math.Abs(seconds) > 1e10 {
		err = fmt.Errorf("time %q: must be from 1971 to 2200", s)
	}
	if err != nil {
		return time.Time{}, err
	}
	return time.UnixMicro(int64(math.Round(seconds * 1e6))).UTC(), nil
}
