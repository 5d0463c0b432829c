package main

import (
	"io"
	"regexp"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
	"github.com/stretchr/testify/require"

	"hashlog/analyze"
)

// said returns what the program prints on stdout.
func said(t *testing.T, args ...string) string {
	t.Helper()
	var out, errs strings.Builder
	require.Zero(t, run(args, nil, &out, &errs), "%v: %s", args, errs.String())
	return out.String()
}

// everyCommand returns all commands that a user can find, with the words that call them.
func everyCommand(root *cobra.Command) map[string]*cobra.Command {
	all := map[string]*cobra.Command{}
	var walk func(cmd *cobra.Command)
	walk = func(cmd *cobra.Command) {
		all[strings.TrimSpace(strings.TrimPrefix(cmd.CommandPath(), "hashlog"))] = cmd
		for _, sub := range cmd.Commands() {
			walk(sub)
		}
	}
	walk(root)
	return all
}

// TestHelpFits walks all pages of help.
func TestHelpFits(t *testing.T) {
	pages := map[string]string{}
	root := newRootCommand(&env{})
	for path := range everyCommand(root) {
		pages[path] = said(t, append(strings.Fields(path), "--help")...)
		require.Equal(t, pages[path], said(t, append([]string{"help"}, strings.Fields(path)...)...))
	}
	for _, topic := range topics() {
		pages["help "+topic.name] = said(t, "help", topic.name)
		require.Contains(t, pages[""], topic.name, "the root's help lists it")
	}
	require.Len(t, pages, 1+15+4+5, "commands, shells and topics")
	require.Equal(t, pages[""], said(t), "the program alone prints help")
	for name, page := range pages {
		widest := 80
		if strings.HasPrefix(name, "completion") || strings.HasPrefix(name, "help ") {
			widest = 100 // cobra's texts, and examples of flags
		}
		for line := range strings.Lines(page) {
			require.LessOrEqual(t, utf8.RuneCountInString(strings.TrimSuffix(line, "\n")), widest, "%s: %s", name, line)
		}
		require.True(t, strings.HasSuffix(page, "\n") && !strings.HasSuffix(page, "\n\n"), name)
	}
}

// TestPlotHelpListsCharts finds every chart in the help of plot, in the order of its files.
func TestPlotHelpListsCharts(t *testing.T) {
	list := regexp.MustCompile(`(?m)^  ([a-z]+)  +[a-z]`)
	_, help, _ := strings.Cut(said(t, "plot", "--help"), "such as capacity.png and capacity.csv:\n")
	help, _, _ = strings.Cut(help, "\nplot.json")
	var names []string
	for _, m := range list.FindAllStringSubmatch(help, -1) {
		names = append(names, m[1])
	}
	require.Equal(t, chartNames(), names)
}

// TestEveryFlagIsExplainedOnce looks for the flags of each command in its help and in the topics that this names.
func TestEveryFlagIsExplainedOnce(t *testing.T) {
	topicLine := regexp.MustCompile(`(?m)^  (input|sizes|cache|by) +[a-z ]+: --`)
	for path, cmd := range everyCommand(newRootCommand(&env{})) {
		cmd.InitDefaultHelpFlag()
		text := said(t, append(strings.Fields(path), "--help")...)
		own, _, _ := strings.Cut(text, "\nMore flags (hashlog help TOPIC):\n")
		_, own, _ = strings.Cut(own, "\nFlags:\n")
		explained := own
		for _, m := range topicLine.FindAllStringSubmatch(text, -1) {
			for _, section := range strings.Split(said(t, "help", m[1]), "\nFlags of ")[1:] {
				if commands, flags, _ := strings.Cut(section, ":\n"); strings.Contains(commands, path) {
					explained += flags
				}
			}
		}
		cmd.Flags().VisitAll(func(f *pflag.Flag) {
			if f.Hidden {
				require.NotContains(t, explained, "--"+f.Name+" ", "%s --%s", path, f.Name)
				return
			}
			place := regexp.MustCompile(`(?m)^  (    |-., )--` + f.Name + `( |$)`)
			require.Len(t, place.FindAllString(explained, -1), 1, "%s --%s", path, f.Name)
			require.NotEmpty(t, f.Usage)
			require.Equal(t, groupOf(f) == "", place.MatchString(own), "%s --%s", path, f.Name)
		})
	}
}

// TestSharedFlagsMeanOneThing compares what commands say of the flags that they share, and tries the examples.
func TestSharedFlagsMeanOneThing(t *testing.T) {
	first := map[string]*pflag.Flag{}
	for path, cmd := range everyCommand(newRootCommand(&env{})) {
		cmd.Flags().VisitAll(func(f *pflag.Flag) {
			if groupOf(f) == "" {
				return
			}
			if of := first[f.Name]; of != nil {
				require.Equal(t, of.Usage, f.Usage, "%s --%s", path, f.Name)
				require.Equal(t, of.DefValue, f.DefValue)
				require.Equal(t, of.Value.Type(), f.Value.Type())
				require.Equal(t, of.Annotations[groupKey], f.Annotations[groupKey])
				require.Equal(t, of.Annotations[exampleKey], f.Annotations[exampleKey])
			}
			first[f.Name] = f
			require.Len(t, f.Annotations[exampleKey], 1)
			flag, given, has := strings.Cut(f.Annotations[exampleKey][0], " ")
			require.Equal(t, "--"+f.Name, flag)
			require.Equal(t, f.Value.Type() != "bool", has)
			if has {
				require.NoError(t, f.Value.Set(given))
			}
		})
	}
	for name, f := range first {
		page := said(t, "help", groupOf(f))
		if f.Value.Type() != "bool" {
			require.Contains(t, page, "e.g. "+f.Annotations[exampleKey][0], name)
		}
	}
	require.Panics(t, func() { cacheGroup.put(pflag.NewFlagSet("", pflag.ContinueOnError), "--nosuch 1") })
}

// TestOneMeaning looks for flags that commands use for different things, for lists that say nothing of commas, and for other
// flags than -o that say where output goes.
func TestOneMeaning(t *testing.T) {
	kinds := map[string]string{"output": "DIR"}
	for path, cmd := range everyCommand(newRootCommand(&env{})) {
		cmd.Flags().VisitAll(func(f *pflag.Flag) {
			kind := f.Value.Type()
			if v, ok := f.Value.(*value); ok {
				require.Equal(t, v.list, strings.HasSuffix(kind, "[,...]"), "%s --%s", path, f.Name)
			}
			require.Equal(t, f.Name == "output", f.Shorthand == "o", "%s --%s", path, f.Name)
			switch {
			case f.Name == "output" && path == "convert":
				require.Equal(t, "DIR|FILE", kind)
			case path == "compare" && f.Name == "cache":
				require.Equal(t, "NAME[,...]", kind)
			case f.Name == "output" && (path == "export" || path == "report" || path == "map" || path == "merge"):
				require.Equal(t, "FILE", kind)
			case path == "convert" && (f.Name == "from" || f.Name == "to"), path == "generate" && f.Name == "model":
			case kinds[f.Name] == "":
				kinds[f.Name] = kind
			default:
				require.Equal(t, kinds[f.Name], kind, "%s --%s", path, f.Name)
			}
		})
	}
}

// TestTopicsTellWhoseFlags finds the flags of a topic under the commands that have them.
func TestTopicsTellWhoseFlags(t *testing.T) {
	input := said(t, "help", "input")
	require.Regexp(t, `(?s)\nFlags of compare, convert, export, fleet, inspect, map, plot, reconcile, report and simulate:\n.*      --since TIME.*\nFlags of compare, export, fleet, inspect, map, plot, reconcile, report and simulate:\n      --warmup `, input)
	require.Regexp(t, `(?s)\nFlags of compare, export, map, plot, reconcile, report and simulate:\n      --admit .*\nFlags of compare, export, fleet, inspect, map, plot, reconcile, report and simulate:\n      --touch-order .*\nFlags of export, fleet, map, plot, reconcile, report and simulate:\n      --cache `, said(t, "help", "cache"))
	require.Regexp(t, `\n  cache   how the cache works: --touch-order\n$`, said(t, "inspect", "--help"))
	require.NotContains(t, said(t, "convert", "--help"), "hashlog help cache")
	require.NotContains(t, said(t, "record", "--help"), "More flags")
}

// TestCompletion asks for what a shell asks for as a user types.
func TestCompletion(t *testing.T) {
	const files, nothing, noSpace, folders = ":0", ":4", ":6", ":16"
	for line, want := range map[string][]string{
		"simulate --touch-order ":             {"head", "tail", nothing},
		"inspect --touch-order ":              {"head", "tail", nothing},
		"plot --cache ":                       {"lru", "lmcache-server", "vllm", "redis", "valkey", "redis-lfu", "memcached", "memcached-flat", "help", nothing},
		"compare --cache s":                   {"all", "lru", "lmcache-server", "vllm", "redis", "valkey", "redis-lfu", "memcached", "memcached-flat", "fifo", "sieve", "s3fifo", "arc", "radix", "random", "opt", "help", noSpace},
		"compare --cache sieve,":              {"sieve,all", "sieve,lru", "sieve,lmcache-server", "sieve,vllm", "sieve,redis", "sieve,valkey", "sieve,redis-lfu", "sieve,memcached", "sieve,memcached-flat", "sieve,fifo", "sieve,s3fifo", "sieve,arc", "sieve,radix", "sieve,random", "sieve,opt", "sieve,help", noSpace},
		"compare -o ":                         {folders},
		"fleet --nodes ":                      {"sources", noSpace},
		"fleet --routing round-robin,s":       {"round-robin,random", "round-robin,prefix:2", "round-robin,session", "round-robin,longest-prefix", "round-robin,dynamo", "round-robin,sglang", "round-robin,aibrix", "round-robin,llm-d", "round-robin,production-stack", "round-robin,help", noSpace},
		"fleet -o ":                           {folders},
		"inspect --log-format ":               {"auto", "hashlog", "mooncake", "bailian", "dynamo", nothing},
		"convert --to mooncake --log-format ": {"auto", "hashlog", "mooncake", "bailian", "dynamo", nothing},
		"plot --format ":                      {"png", "svg", "pdf", noSpace},
		"plot --format png,":                  {"png,svg", "png,pdf", noSpace},
		"plot --format svg,png,p":             {"svg,png,pdf", noSpace},
		"record --compress ":                  {"none", "gz", "zst", nothing},
		"generate --compress ":                {"none", "gz", "zst", nothing},
		"convert --compress ":                 {"none", "gz", "zst", nothing},
		"convert --from ":                     {"mooncake", "bailian", "dynamo", "weka", "tokens", "csv", nothing},
		"convert --to ":                       {"mooncake", nothing},
		"simulate --kv-dtype ":                {"auto", "bfloat16", "float16", "float32", "fp8", "fp8_e4m3", "fp8_e5m2", "int8", nothing},
		"generate --hash-bytes ":              {"8", "32", nothing},
		"simulate --model-config ":            {files},
		"plot -o ":                            {folders},
		"report -o ":                          {files},
		"report --compare ":                   {folders},
		"record --output ":                    {folders},
		"generate -o ":                        {folders},
		"convert --from csv x -o ":            {folders},
		"convert --to mooncake x -o ":         {files},
		"simulate --capacity ":                {nothing},
		"simulate --since ":                   {nothing},
		"simulate ":                           {files},
		"convert --to mooncake ":              {files},
		"record ":                             {nothing},
		"help ":                               {"compare", "completion", "convert", "export", "fleet", "generate", "inspect", "map", "merge", "plot", "reconcile", "record", "report", "simulate", "input", "sizes", "cache", "by", "assumptions", nothing},
		"help plot ":                          {nothing},
		"simulate --verb":                     {"--verbose", nothing},
	} {
		words := strings.Split(line, " ")
		var got []string
		for line := range strings.Lines(said(t, append([]string{"__complete"}, words...)...)) {
			word, _, _ := strings.Cut(strings.TrimSpace(line), "\t")
			got = append(got, word)
		}
		require.Equal(t, want, got, line)
	}
}

// TestCompletionsAreTaken gives flags all that is offered for them.
func TestCompletionsAreTaken(t *testing.T) {
	taken := 0
	for path, cmd := range everyCommand(newRootCommand(&env{})) {
		cmd.Flags().VisitAll(func(f *pflag.Flag) {
			complete, ok := cmd.GetFlagCompletionFunc(f.Name)
			if !ok {
				return
			}
			words, _ := complete(cmd, nil, "")
			for _, word := range words {
				word, _, _ = strings.Cut(word, "\t")
				require.NoError(t, f.Value.Set(word), "%s --%s", path, f.Name)
				taken++
			}
		})
	}
	require.Greater(t, taken, 40)
	var all []string
	for _, p := range analyze.Presets() {
		all = append(all, p.Name+"\t"+p.About)
	}
	require.Subset(t, cacheWords(), all)
}

// TestHelpCannotBeWritten fails as any output does.
func TestHelpCannotBeWritten(t *testing.T) {
	for _, args := range [][]string{{}, {"help"}, {"help", "input"}} {
		var stderr strings.Builder
		require.Equal(t, exitFailed, run(args, nil, brokenWriter{}, &stderr), args)
		require.Equal(t, "hashlog: writing the output: io: read/write on closed pipe\n", stderr.String())
	}
}

type brokenWriter struct{}

func (brokenWriter) Write([]byte) (int, error) { return 0, io.ErrClosedPipe }
