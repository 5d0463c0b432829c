package main

import (
	"errors"
	"fmt"
	"strings"

	"hashlog/analyze"
	"hashlog/sim"
)

// replayText returns what an error of a replay says, with the flags that help.
func replayText(err error, text string) string {
	var (
		size   *analyze.UnknownSizeError
		ends   *analyze.RangeError
		preset *analyze.UnknownPresetError
		logs   *analyze.NotLogsError
	)
	switch {
	case errors.As(err, &size):
		return text + ": give --model-config (a model's config.json) or --bytes-per-chunk, or the capacity in chunks"
	case errors.As(err, &ends):
		said := "--" + ends.Error()
		switch {
		case ends.End == "":
			said = fmt.Sprintf("nothing lies between the capacities %s and %s: --from must be below --to", ends.From, ends.To)
		case errors.Is(err, analyze.ErrSizesUnknown):
			said += ": give --model-config or --bytes-per-chunk, or the size in chunks"
		}
		return strings.Replace(text, ends.Error(), said, 1)
	case errors.As(err, &preset):
		return text + "; --cache help describes them"
	case errors.As(err, &logs):
		return text + " (for token ids and CSV there is hashlog convert)"
	case errors.Is(err, analyze.ErrTargetNeedsCurve):
		return text + ": leave out --cache, or let hashlog plot --target find the smallest of a grid of capacities"
	case errors.Is(err, analyze.ErrTiersNeedLRU):
		return text + ": leave out --cache"
	case errors.Is(err, sim.ErrTooManyChunks):
		return text + ": replay less of the logs (--since, --until, --max-requests)"
	}
	return text
}

// adviseNotes adds to the notes of a report what flags there are to do something about them.
func adviseNotes(r *analyze.Report) {
	for i := range r.Notes {
		n := &r.Notes[i]
		switch n.Kind {
		case analyze.SizesUnknown:
			n.Text = strings.TrimSuffix(n.Text, ".") + "; --model-config or --bytes-per-chunk gives bytes."
		case analyze.ManyModels:
			n.Text = strings.TrimSuffix(n.Text, ".") + ": --model NAME replays one."
		}
	}
}
