package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strconv"

	"hashlog/analyze/units"
	"hashlog/log"
)

// printCuts prints the flags of nearly equal parts of the logs, a line each.
func (m *mapFlags) printCuts(ctx context.Context, env *env, files *log.Files) error {
	if files.Streams() {
		return usageError{errors.New("--cuts looks at the beginnings of logs, and a stream can be read only once: give files")}
	}
	o := &m.opts
	cuts, err := files.Cuts(ctx, int(m.cuts), log.Options{Since: o.Since, Until: o.Until, Formats: m.format.opts.Formats()})
	if err != nil {
		return err
	}
	return show(ctx, env.stdout, func(out io.Writer) error {
		for i := range len(cuts) + 1 {
			since, until := o.Since, o.Until
			if i > 0 {
				since = &cuts[i-1]
			}
			if i < len(cuts) {
				until = &cuts[i]
			}
			fmt.Fprintln(out, timeFlag("--since", since)+timeFlag("--until", until)+partName(i+1, len(cuts)+1))
		}
		return nil
	})
}

// timeFlag returns a flag with a time, which needs no quotes, and a space; "" without one.
func timeFlag(name string, t *float64) string {
	if t == nil {
		return ""
	}
	return name + " " + units.TimeArgument(*t) + " "
}

// partName returns -o and the name of a part. All names have as many digits.
func partName(number, parts int) string {
	const digits = 4
	return fmt.Sprintf("-o part-%0*d.sum", max(digits, len(strconv.Itoa(parts))), number)
}
