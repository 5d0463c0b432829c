package main

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
)

// flagError makes an error about flags one about usage, with the flag that may have been meant. The root command has no
// flags to speak of: behind a word that is no command it is that word which is wrong.
func flagError(cmd *cobra.Command, err error) error {
	var unknown *pflag.NotExistError
	var invalid *pflag.InvalidValueError
	hint, see := "", cmd.CommandPath()+" --help"
	switch {
	case errors.As(err, &unknown) && !cmd.HasParent() && cmd.Flags().NArg() > 0:
		return unknownCommand(cmd, cmd.Flags().Args())
	case errors.As(err, &unknown) && unknown.GetSpecifiedShortnames() == "":
		hint = didYouMean(unknown.GetSpecifiedName(), flagNames(cmd), "--")
	case errors.As(err, &invalid) && groupOf(invalid.GetFlag()) != "":
		see = "hashlog help " + groupOf(invalid.GetFlag())
	}
	return usageError{fmt.Errorf("%s%s (see '%s')", oneLine(err.Error()), hint, see)}
}

// unknownCommand is the error of a word that is no command, nil if there is none.
func unknownCommand(root *cobra.Command, args []string) error {
	if len(args) == 0 {
		return nil
	}
	return usageError{fmt.Errorf("unknown command %q%s (see 'hashlog --help')", args[0], didYouMean(args[0], commandNames(root), ""))}
}

func flagNames(cmd *cobra.Command) (names []string) {
	cmd.Flags().VisitAll(func(f *pflag.Flag) { names = append(names, f.Name) })
	return names
}

func commandNames(root *cobra.Command) (names []string) {
	for _, cmd := range root.Commands() {
		names = append(names, cmd.Name())
	}
	return names
}

// didYouMean asks for the names that are most like what was typed, "" if none is.
func didYouMean(typed string, names []string, dashes string) string {
	const most = 3
	alike := meant(strings.ToLower(typed), names)
	if len(alike) == 0 {
		return ""
	}
	return "; did you mean " + dashes + strings.Join(alike[:min(len(alike), most)], " or "+dashes) + "?"
}

// meant returns the names with the fewest typing errors; where all have too many to be meant, those that hold what was typed.
func meant(typed string, names []string) (alike []string) {
	fewest := min(2, (len(typed)-1)/2)
	for _, name := range names {
		if max(len(typed), len(name))-min(len(typed), len(name)) > fewest {
			continue // that many errors at least
		}
		d := typingErrors(typed, name)
		if d < fewest {
			fewest, alike = d, nil
		}
		if d == fewest {
			alike = append(alike, name)
		}
	}
	if len(alike) == 0 && len(typed) >= 3 {
		alike = slices.DeleteFunc(slices.Clone(names), func(name string) bool { return !strings.Contains(name, typed) })
	}
	return alike
}

// typingErrors returns how many letters must be put in, left out, replaced or swapped with the next one to make a of b.
func typingErrors(a, b string) int {
	var before []int // the row before the last
	last := make([]int, len(b)+1)
	for j := range last {
		last[j] = j
	}
	for i := 1; i <= len(a); i++ {
		row := make([]int, len(b)+1)
		row[0] = i
		for j := 1; j <= len(b); j++ {
			same := 1
			if a[i-1] == b[j-1] {
				same = 0
			}
			row[j] = min(last[j]+1, row[j-1]+1, last[j-1]+same)
			if i > 1 && j > 1 && a[i-1] == b[j-2] && a[i-2] == b[j-1] {
				row[j] = min(row[j], before[j-2]+1)
			}
		}
		before, last = last, row
	}
	return last[len(b)]
}
