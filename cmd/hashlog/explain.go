package main

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"hashlog/analyze"
	"hashlog/analyze/geometry"
	"hashlog/analyze/reconcile"
	"hashlog/analyze/reconcile/measured"
	"hashlog/analyze/rows"
	"hashlog/log"
	"hashlog/log/foreign"
	"hashlog/sim"
	"hashlog/sim/option"
)

// The libraries know no flags: their errors state facts, and at most name an option. This file words them for whoever typed
// a command line. An error type that needs this has an entry in explanations; all others read well as they are.

// explanations find an error of one type in a chain, and word it in flags. They return nil where there is none.
var explanations = []func(error) (text string, found error){
	explanation(func(e *geometry.UnknownError) string { return e.Error() + ": give --bytes-per-chunk instead" }),
	explanation(func(e *geometry.UnsupportedError) string { return e.Error() + ": give --bytes-per-chunk instead" }),
	explanation(missingFields),
	explanation(func(e *geometry.DTypeError) string {
		return fmt.Sprintf("torch_dtype %q is not known: give --kv-dtype", e.DType)
	}),
	explanation(func(e *foreign.MixedSizesError) string {
		return e.Error() + ": choose with --model, --since and --until"
	}),
	explanation(nothingReplayed),
	explanation(func(e *analyze.UnknownSizeError) string {
		return e.Error() + ": give --model-config (a model's config.json) or --bytes-per-chunk, or the capacity in chunks"
	}),
	explanation(noRange),
	explanation(func(e *analyze.BeyondError) string {
		if e.Why != nil {
			return fmt.Sprintf("capacity %s beside --max-capacity %s: %s", e.Capacity, e.Max, e.Why)
		}
		return fmt.Sprintf("capacity %s is above --max-capacity %s: nothing is known beyond that", e.Capacity, e.Max)
	}),
	explanation(needsAll),
	explanation(func(e *analyze.ListedOnlyError) string {
		return fmt.Sprintf("--cache %s is simulated at listed capacities alone, with no %s: hashlog simulate --capacity, compare and reconcile replay it so", e.Cache, e.Lacks)
	}),
	advice(analyze.ErrCeilingUnknown, ": give a share of all tokens (80%), or leave out --max-capacity"),
	explanation(func(e *analyze.UnknownPresetError) string { return e.Error() + "; --cache help describes them" }),
	explanation(func(e *option.UnknownError) string { return seeHelp(e, e.Owner) }),
	explanation(func(e *option.NameError) string { return seeHelp(e, e.Of) }),
	explanation(func(e *option.ValueError) string { return seeHelp(e, e.Of) }),
	explanation(func(e *analyze.NotLogsError) string {
		return e.Error() + " (hashlog convert reads token ids and CSV)"
	}),
	advice(analyze.ErrTargetNeedsCurve, ": leave out --cache, or let hashlog plot --target find the smallest capacity of a grid"),
	explanation(func(e *analyze.TierOrderError) string {
		return e.Error() + "; with --tier-mode exclusive each chunk is in one tier, of any size"
	}),
	advice(analyze.ErrTiersNeedLRU, ": leave out --cache"),
	advice(analyze.ErrTTLsNeedLRU, ": leave out --cache, or give one --ttl"),
	advice(analyze.ErrRowsNeedLRU, ": leave out --cache"),
	explanation(func(e *rows.UnitError) string {
		return e.Error() + ": give --model-config or --bytes-per-chunk, or write .parquet, which has both units"
	}),
	explanation(func(e *analyze.OverlapError) string {
		return e.Error() + ": cut the parts by time (hashlog map --since and --until, or --cuts)"
	}),
	explanation(func(e *analyze.UnreadError) string { return e.Error() + ": map all parts of all logs" }),
	explanation(func(e *analyze.SizeConflictError) string {
		return e.Error() + " (hashlog map --bytes-per-chunk or --model-config)"
	}),
	explanation(func(e *analyze.RechunkError) string {
		return "--rechunk: " + e.Why.Error() + ": leave out --rechunk, or leave out the record (--since, --until, --model)"
	}),
	advice(analyze.ErrRechunkNeedsAll, ": leave out --rechunk or --max-capacity"),
	explanation(func(e *log.NotSameLogError) string {
		return e.Error() + ": restore it, or begin another state (--state)"
	}),
	explanation(func(e *measured.ChoiceError) string { return e.Error() + ": choose with --metric" }),
	explanation(func(e *measured.FormError) string { return e.Error() + ": give --measured-as counters or deltas" }),
	advice(reconcile.ErrNotMeasured, ": give --measured"),
	advice(sim.ErrTooManyChunks, ": replay less of the logs (--since, --until, --max-requests)"),
}

// seeHelp names what describes the options of a cache or a routing: the help of the flag of that name.
func seeHelp(err error, of option.Owner) string {
	return fmt.Sprintf("%v; --%s help describes them", err, of.Kind)
}

// explanation makes an entry of explanations for errors of type E.
func explanation[E error](say func(E) string) func(error) (string, error) {
	return func(err error) (string, error) {
		var found E
		if !errors.As(err, &found) {
			return "", nil
		}
		return say(found), found
	}
}

// advice makes an entry of explanations that says, behind all that an error says, what to do about it.
func advice(about error, what string) func(error) (string, error) {
	return func(err error) (string, error) {
		if !errors.Is(err, about) {
			return "", nil
		}
		return err.Error() + what, err
	}
}

// explained is an error in other words.
type explained struct {
	error
	text string
}

func (e explained) Error() string { return e.text }
func (e explained) Unwrap() error { return e.error }

// explain words an error in flags. What wraps the library's error, such as the name of a file, stays around it.
func explain(err error) error {
	for _, find := range explanations {
		if text, found := find(err); found != nil {
			err = explained{err, strings.Replace(err.Error(), found.Error(), text, 1)}
		}
	}
	return err
}

func missingFields(e *geometry.MissingError) string {
	are, dtype := "are", ""
	if len(e.Missing) == 1 {
		are = "is"
	}
	if e.LacksDType() {
		dtype = "; --kv-dtype can give the dtype"
	}
	return fmt.Sprintf("architecture %q: %s %s missing%s", e.Architecture, joinAnd(e.Missing), are, dtype)
}

func noRange(e *analyze.RangeError) string {
	switch {
	case e.End == "":
		return fmt.Sprintf("nothing lies between the capacities %s and %s: --from must be below --to", e.From, e.To)
	case errors.Is(e, analyze.ErrSizesUnknown):
		return "--" + e.Error() + ": give --model-config or --bytes-per-chunk, or the size in chunks"
	}
	return "--" + e.Error()
}

// needsAll names the flag that asks for what --max-capacity forgets.
func needsAll(e *analyze.NeedsAllError) string {
	flag := map[string]string{"Stats": "--stats", "Requests": "--charts requests", "Reuse": "--charts reuse", "By turn": "--by turn", "Admit": "--admit"}[e.Option]
	if flag == "" {
		return e.Error()
	}
	return flag + " needs all chunks, and with --max-capacity those beyond it are forgotten: leave out one of them"
}

func nothingReplayed(e *analyze.NothingError) string {
	text := e.Error()
	for _, f := range e.Log.Foreign {
		text = strings.Replace(text, f.String(), readAs(f, traceFlags), 1)
	}
	return text
}

// Flags that change what a log is read as.
const (
	traceFlags = "--block-size and --keep-tail"
	tokenFlags = "--chunk-size"

	dynamoFlags = "--keep-tail"
)

// readAs says in which format a log is read, and which flags change how.
func readAs(f log.Foreign, flags string) string {
	if strings.HasPrefix(f.As, foreign.DynamoTrace) {
		flags = dynamoFlags
	}
	return fmt.Sprintf("%s (change with %s)", f, flags)
}

// explainNotes words the notes of a report in flags.
func explainNotes(r *analyze.Report) {
	for _, f := range r.Log.Foreign {
		is := func(n analyze.Note) bool { return n.Text == f.String() }
		if i := slices.IndexFunc(r.Notes, is); i >= 0 {
			r.Notes[i].Text = readAs(f, traceFlags)
		}
	}
	for i := range r.Notes {
		n := &r.Notes[i]
		if strings.HasSuffix(n.Text, reconcile.OneForAll) {
			n.Text += " --nodes sources gives each a cache of its own, of --capacity."
		}
		switch n.Kind {
		case analyze.SizesUnknown:
			n.Text = strings.TrimSuffix(n.Text, ".") + "; --model-config or --bytes-per-chunk gives bytes."
		case analyze.ManyModels:
			n.Text = strings.TrimSuffix(n.Text, ".") + ": --model NAME replays one."
		}
	}
}
