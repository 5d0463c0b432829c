package main

import (
	"errors"
	"slices"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
)

// among gives the values that a shell offers for a flag: each a word, or a word, a tab and a description. In a list it offers
// each value once.
func (v *value) among(words ...string) *value {
	v.complete = func(_ *cobra.Command, _ []string, typed string) ([]cobra.Completion, cobra.ShellCompDirective) {
		if !v.list {
			return words, cobra.ShellCompDirectiveNoFileComp
		}
		before := typed[:strings.LastIndexByte(typed, ',')+1]
		var more []cobra.Completion
		for _, word := range words {
			if name, _, _ := strings.Cut(word, "\t"); !slices.Contains(strings.Split(before, ","), name) {
				more = append(more, before+word)
			}
		}
		return more, cobra.ShellCompDirectiveNoFileComp | cobra.ShellCompDirectiveNoSpace
	}
	return v
}

// file makes a shell offer files for a flag.
func (v *value) file() *value {
	v.complete = func(*cobra.Command, []string, string) ([]cobra.Completion, cobra.ShellCompDirective) {
		return nil, cobra.ShellCompDirectiveDefault
	}
	return v
}

// folder makes a shell offer folders for a flag.
func (v *value) folder() *value {
	v.complete = func(*cobra.Command, []string, string) ([]cobra.Completion, cobra.ShellCompDirective) {
		return nil, cobra.ShellCompDirectiveFilterDirs
	}
	return v
}

// completeFlags registers the completions of a command's flags. Flags without one complete to nothing.
func completeFlags(cmd *cobra.Command) (err error) {
	cmd.Flags().VisitAll(func(f *pflag.Flag) {
		v, ok := f.Value.(*value)
		if !ok {
			return
		}
		complete := v.complete
		if complete == nil {
			complete = cobra.NoFileCompletions
		}
		err = errors.Join(err, cmd.RegisterFlagCompletionFunc(f.Name, complete))
	})
	return err
}
