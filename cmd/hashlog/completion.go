package main

import (
	"errors"
	"slices"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
)

// among says which values a flag takes, as a shell completes them: each a word, or a word, a tab and what it means. In a
// list each stands once.
func (v *value) among(words ...string) *value {
	v.complete = func(_ *cobra.Command, _ []string, typed string) ([]cobra.Completion, cobra.ShellCompDirective) {
		if !v.list {
			return words, cobra.ShellCompDirectiveNoFileComp
		}
		before := typed[:strings.LastIndexByte(typed, ',')+1]
		var more []cobra.Completion
		for _, word := range words {
			if !slices.Contains(strings.Split(before, ","), word) {
				more = append(more, before+word)
			}
		}
		return more, cobra.ShellCompDirectiveNoFileComp | cobra.ShellCompDirectiveNoSpace
	}
	return v
}

// file says that a flag takes the name of a file.
func (v *value) file() *value {
	v.complete = func(*cobra.Command, []string, string) ([]cobra.Completion, cobra.ShellCompDirective) {
		return nil, cobra.ShellCompDirectiveDefault
	}
	return v
}

// folder says that a flag takes the name of a folder.
func (v *value) folder() *value {
	v.complete = func(*cobra.Command, []string, string) ([]cobra.Completion, cobra.ShellCompDirective) {
		return nil, cobra.ShellCompDirectiveFilterDirs
	}
	return v
}

// completeFlags tells the shell what the flags of a command take. What is neither a choice nor a name is left alone.
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
