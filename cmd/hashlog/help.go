package main

import (
	"fmt"
	"io"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
)

// helpWidth is the maximum width of help in columns, except for examples.
const helpWidth = 80

// helpName is the name of the help command.
const helpName = "help"

// flagColumn is the column in which the description of a flag begins.
const flagColumn = 30

// commandHelp returns what `hashlog COMMAND --help` prints: the command's own flags in full, and a line for each group of
// flags that it shares with others.
func commandHelp(cmd *cobra.Command) string {
	cmd.InitDefaultHelpFlag()
	cmd.InitDefaultVersionFlag()
	var b strings.Builder
	text := cmd.Long
	if text == "" {
		text = cmd.Short
	}
	fmt.Fprintf(&b, "%s\n\nUsage:\n", strings.TrimSpace(text))
	if cmd.HasAvailableSubCommands() {
		fmt.Fprintf(&b, "  %s COMMAND\n", cmd.CommandPath())
	} else {
		fmt.Fprintf(&b, "  %s\n", cmd.UseLine())
	}
	if cmd.HasExample() {
		fmt.Fprintf(&b, "\nExamples:\n%s\n", cmd.Example)
	}
	if cmd.HasAvailableSubCommands() {
		subcommandHelp(&b, cmd)
	}
	fmt.Fprint(&b, "\nFlags:\n")
	cmd.Flags().VisitAll(func(f *pflag.Flag) {
		if groupOf(f) == "" && !f.Hidden {
			flagHelp(&b, f)
		}
	})
	sharedHelp(&b, cmd)
	return b.String()
}

// subcommandHelp lists the subcommands, and for the root also the topics.
func subcommandHelp(b *strings.Builder, cmd *cobra.Command) {
	fmt.Fprint(b, "\nCommands:\n")
	for _, sub := range cmd.Commands() {
		if sub.IsAvailableCommand() || sub.Name() == helpName {
			fmt.Fprintf(b, "  %-12s%s\n", sub.Name(), sub.Short)
		}
	}
	if cmd.HasParent() {
		return
	}
	fmt.Fprint(b, "\nTopics (hashlog help TOPIC):\n")
	for _, t := range topics() {
		fmt.Fprintf(b, "  %-13s%s\n", t.name, t.short)
	}
}

// sharedHelp prints a line for each group of flags that the command shares with others, with as many flags as fit.
func sharedHelp(b *strings.Builder, cmd *cobra.Command) {
	head := "\nMore flags (hashlog help TOPIC):\n"
	for _, g := range groups() {
		var names []string
		cmd.Flags().VisitAll(func(f *pflag.Flag) {
			if groupOf(f) == g.name {
				names = append(names, "--"+f.Name)
			}
		})
		if len(names) == 0 {
			continue
		}
		line := fmt.Sprintf("  %-8s%s: ", g.name, g.short)
		fmt.Fprintf(b, "%s%s%s\n", head, line, fitting(names, helpWidth-utf8.RuneCountInString(line)))
		head = ""
	}
}

// fitting lists as many of the names as fit into width columns, and at least one.
func fitting(names []string, width int) string {
	for n := len(names); n > 1; n-- {
		list := names[:n]
		if n < len(names) {
			list = append(slices.Clone(list), "…")
		}
		if line := strings.Join(list, ", "); utf8.RuneCountInString(line) <= width {
			return line
		}
	}
	return names[0]
}

// flagHelp prints a flag and its description.
func flagHelp(b *strings.Builder, f *pflag.Flag) {
	name := "      --" + f.Name
	if f.Shorthand != "" {
		name = "  -" + f.Shorthand + ", --" + f.Name
	}
	kind, usage := pflag.UnquoteUsage(f)
	if kind != "" {
		name += " " + kind
	}
	if f.DefValue != "" && f.DefValue != "false" && f.DefValue != "0" {
		usage += " (default " + f.DefValue + ")"
	}
	hang(b, name, usage)
}

// hang prints a text beside a name, or below a long one.
func hang(b *strings.Builder, name, text string) {
	lines := wrapped(text, helpWidth-flagColumn)
	if n := utf8.RuneCountInString(name); n <= flagColumn-2 {
		fmt.Fprintf(b, "%s%s%s\n", name, strings.Repeat(" ", flagColumn-n), lines[0])
		lines = lines[1:]
	} else {
		fmt.Fprintf(b, "%s\n", name)
	}
	for _, line := range lines {
		fmt.Fprintf(b, "%s%s\n", strings.Repeat(" ", flagColumn), line)
	}
}

// wrapped breaks a text into lines of whole words, at least one line.
func wrapped(text string, width int) (lines []string) {
	line := ""
	for _, word := range strings.Fields(text) {
		switch {
		case line == "":
			line = word
		case utf8.RuneCountInString(line)+1+utf8.RuneCountInString(word) <= width:
			line += " " + word
		default:
			lines = append(lines, line)
			line = word
		}
	}
	return append(lines, line)
}

// newHelpCommand returns the command that explains commands and topics. Anything else is a usage error.
func newHelpCommand(root *cobra.Command, stdout io.Writer) *cobra.Command {
	return &cobra.Command{
		Use:   helpName + " [COMMAND|TOPIC]",
		Short: "Help about any command or topic",
		ValidArgsFunction: func(_ *cobra.Command, args []string, _ string) ([]cobra.Completion, cobra.ShellCompDirective) {
			if len(args) > 0 {
				return nil, cobra.ShellCompDirectiveNoFileComp
			}
			return helpWords(root), cobra.ShellCompDirectiveNoFileComp
		},
		RunE: func(_ *cobra.Command, args []string) error {
			text, err := helpOn(root, args)
			if err != nil {
				return err
			}
			return showText(stdout, text)
		},
	}
}

func helpOn(root *cobra.Command, args []string) (string, error) {
	if len(args) == 1 {
		for _, t := range topics() {
			if t.name == args[0] {
				return t.text(root), nil
			}
		}
	}
	cmd, rest, err := root.Find(args)
	if err == nil && len(rest) == 0 {
		return commandHelp(cmd), nil
	}
	hint := ""
	if len(args) == 1 {
		var names []string
		for _, word := range helpWords(root) {
			name, _, _ := strings.Cut(word, "\t")
			names = append(names, name)
		}
		hint = didYouMean(args[0], names, "")
	}
	return "", usageError{fmt.Errorf("no help on %q%s (see 'hashlog --help')", strings.Join(args, " "), hint)}
}

// helpWords are the commands and topics there is help on, with their descriptions.
func helpWords(root *cobra.Command) (words []cobra.Completion) {
	for _, cmd := range root.Commands() {
		if cmd.IsAvailableCommand() {
			words = append(words, cobra.CompletionWithDesc(cmd.Name(), cmd.Short))
		}
	}
	for _, t := range topics() {
		words = append(words, cobra.CompletionWithDesc(t.name, t.short))
	}
	return words
}

// showText writes a text.
func showText(w io.Writer, text string) error {
	_, err := io.WriteString(w, text)
	return unwritten(err)
}
