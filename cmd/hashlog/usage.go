package main

import (
	"errors"
	"fmt"
	"strings"

	"hashlog/cmd/hashlog/internal/suggest"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"hashlog/log"
)

// usageError is an error in the command line, found before a byte of the logs is read.
type usageError struct{ error }

func (e usageError) Unwrap() error { return e.error }

// usageArgs turns errors about arguments into usage errors.
func usageArgs(check cobra.PositionalArgs) cobra.PositionalArgs {
	return func(cmd *cobra.Command, args []string) error {
		if err := check(cmd, args); err != nil {
			return usageError{fmt.Errorf("%w (see '%s --help')", err, cmd.CommandPath())}
		}
		return nil
	}
}

// needLogs requires at least one argument.
func needLogs(cmd *cobra.Command, args []string) error {
	if state := cmd.Flags().Lookup("state"); len(args) == 0 && state != nil && state.Changed {
		return fmt.Errorf("LOGS are missing: --state goes on with them; %s alone, in their place, is read as a summary", log.Quoted(state.Value.String()))
	}
	if len(args) == 0 {
		return errors.New("LOGS are missing: files, folders, or - for stdin")
	}
	return nil
}

// flagError turns an error about flags into a usage error, and suggests the flag that may have been meant, or what the command's annotations
// say of one that other commands have. The root command
// has next to no flags: an unknown flag after a word that is no command is the fault of that word.
func flagError(cmd *cobra.Command, err error) error {
	var unknown *pflag.NotExistError
	var invalid *pflag.InvalidValueError
	hint, see := "", cmd.CommandPath()+" --help"
	switch {
	case errors.As(err, &unknown) && !cmd.HasParent() && cmd.Flags().NArg() > 0:
		return unknownCommand(cmd, cmd.Flags().Args())
	case errors.As(err, &unknown) && unknown.GetSpecifiedShortnames() == "":
		name := unknown.GetSpecifiedName()
		if hint = cmd.Annotations[name]; hint == "" {
			hint = didYouMean(name, flagNames(cmd), "--")
		}
	case errors.As(err, &invalid) && groupOf(invalid.GetFlag()) != "":
		see = "hashlog help " + groupOf(invalid.GetFlag())
	}
	return usageError{fmt.Errorf("%s%s (see '%s')", oneLine(explain(err).Error()), hint, see)}
}

// unknownCommand returns the error of a word that is no command, nil if there is none.
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

// didYouMean suggests the names closest to what was typed; it is empty if there are none.
func didYouMean(typed string, names []string, dashes string) string {
	const most = 3
	alike := suggest.Closest(strings.ToLower(typed), names)
	if len(alike) == 0 {
		return ""
	}
	return "; did you mean " + dashes + strings.Join(alike[:min(len(alike), most)], " or "+dashes) + "?"
}
