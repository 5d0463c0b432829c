package main

import (
	"fmt"
	"slices"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
)

// topic is a subject of several commands that `hashlog help` explains.
type topic struct {
	name  string
	short string // in a line
	long  string
}

// Groups of flags that commands share.
const (
	inputGroup group = "input"
	sizesGroup group = "sizes"
	cacheGroup group = "cache"
	byGroup    group = "by"
)

// group is the name of a topic that explains flags of several commands.
type group string

// Keys of annotations on flags.
const (
	groupKey   = "group"
	exampleKey = "example"
)

// put moves flags from the help of a command to that of the group. Each flag is named by an example of its use: "--ttl 30m".
func (g group) put(flags *pflag.FlagSet, examples ...string) {
	for _, example := range examples {
		name, _, _ := strings.Cut(strings.TrimPrefix(example, "--"), " ")
		for key, text := range map[string]string{groupKey: string(g), exampleKey: example} {
			if err := flags.SetAnnotation(name, key, []string{text}); err != nil {
				panic(err) // there is no such flag
			}
		}
	}
}

// groupOf returns the name of a flag's group; it is empty for a flag of one command alone.
func groupOf(f *pflag.Flag) string { return strings.Join(f.Annotations[groupKey], "") }

// groups returns the topics that explain flags.
func groups() []topic {
	return []topic{
		{string(inputGroup), "which records count", inputHelp},
		{string(sizesGroup), "how large chunks are", sizesHelp},
		{string(cacheGroup), "how the cache works", cacheTopicHelp},
		{string(byGroup), "whose figures they are", byHelp},
	}
}

// topics returns all topics.
func topics() []topic {
	return append(groups(), topic{"assumptions", "what every figure assumes", assumptionsHelp})
}

const inputHelp = `
LOGS are files, folders (their lookup_hashes_*.jsonl, .gz and .zst), the same in
an object store (s3://bucket/prefix) or - for stdin. Mooncake, Bailian (Qwen)
and Dynamo traces are read too, compressed or not.

An object store is asked as the environment says: AWS_ENDPOINT_URL, AWS_REGION,
AWS_ACCESS_KEY_ID and the like, ~/.aws/credentials or the role of the machine.

Filters apply in this order: times, model, the first N requests. The warm-up is
the beginning of what is left. TIME is 2024-03-31 (midnight UTC),
2024-03-31T20:00 (UTC), 2024-03-31T20:00:00+02:00 (with a zone), 1711929600.5
(Unix seconds), or 24h or 7d (before now).`

const sizesHelp = `
SIZE is 64GiB (or 64Gi), 500GB, 1.5TiB, 4096 (bytes), 5000chunks or inf. KiB is
1024 and kB is 1000, in upper or lower case; a bare K, M, G or T is refused,
since it can mean either. A plain number is in bytes.

A chunk's size comes from the dtypes and shapes of its records: what one rank
stores. For logs without them, or to try another model, dtype or number of
ranks, use these flags. Where no size is known, capacities are in chunks.

--match-unit is for models that take prefixes from the cache in blocks of many
chunks, such as hybrid ones: a hit counts ⌊tokens / unit⌋ units, and resident
tokens beyond are missed, as unaligned. --rechunk asks what larger chunks would
hit: the last of N stands for all, which is exact if each hash stands for its
whole prefix. A chunk behind another one than at first is an error (status 1).`

const cacheTopicHelp = `
By default the cache is a plain LRU: it touches the head of a request first,
stores chunks at their lookup, and drops them only for lack of room. Its hit
rate is known at every capacity. A cache that evicts in batches is simulated at
each requested capacity. So is a server with rules of its own, such as redis: it
has no --target, --tiers and --ttl, and the figures of one seed if it draws
random numbers, with the range of five.

With --admit 2 a chunk is stored only if it is looked up again, as disk tiers do
against wear. Its lookups are counted by requests, from the beginning of the
replay (warm-up included), and never forgotten.

DURATION is 90s, 30m, 1h30m or 7d, in log time. Tiers are inclusive: each also
holds what the tiers before it hold, as with write-through, so their sizes rise.
With --tier-mode exclusive a chunk is in one tier: a touch moves it to the first
one, and what a tier has no room for moves to the next, as a GPU offloads to its
host. Sizes may fall then, and what the tiers together hold is a hit.`

const byHelp = `
--by breaks every figure down by classes of requests. They all use one cache,
and the figures of the classes of a dimension add up to the whole. Dimensions:

  length   tokens of the request, in powers of two (4096-8191); with
           --length-classes 4096,32768 instead 0-4095, 4096-32767, 32768+
  model    its model_name
  source   the server that the record names, else the file, folder or - that was
           named on the command line
  hour     the hour of the day (00 to 23) in UTC or --timezone
  turn     how far into a conversation, from the chunks alone: 0 unless a whole
           earlier request is the beginning of this one, else one more than the
           turn of the longest such request; 0, 1, 2-3, 4-7, …
  salt     its cache_salt, such as a tenant's; "" for none

Classes without requests are left out. The text shows the 30 with the most
tokens; JSON and by.csv have all.`

const assumptionsHelp = `
Unless flags say otherwise, every figure assumes:

  Plain LRU, head of a request touched first. When the cache is full, the least
  recently used chunk is evicted, one at a time. (--cache, --touch-order)

  Chunks count as cached from their lookup on. A real server stores them after
  prefill, so two requests that arrive together both miss there, but not here.
  (--store-delay)

  Chunks are stored from their first lookup on (--admit) and dropped only for
  lack of room. (--ttl)

  All logs share one cache, keyed by model name, cache salt (cache_salt, if it
  is logged) and chunk hash. (--ignore-model: without the model)

  The ceiling grows with the length of the log: a week repeats more than an
  hour. The cache is empty when the log begins. (--warmup)

  Bytes are what one rank stores, as logged. (--ranks, --bytes-per-chunk,
  --model-config)

A report summarizes this in one line, followed by a sentence for each assumption
that is different in that replay. --verbose prints all of them as sentences;
JSON always has all.
`

// text returns what `hashlog help TOPIC` prints. Flags are listed by the commands that have them.
func (t topic) text(root *cobra.Command) string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s: %s\n\n%s\n", t.name, t.short, strings.TrimSpace(t.long))
	for _, s := range t.sections(root) {
		fmt.Fprintf(&b, "\nFlags of %s:\n", joinAnd(s.commands))
		for _, f := range s.flags {
			flagHelp(&b, f)
			if example := strings.Join(f.Annotations[exampleKey], ""); example != "--"+f.Name {
				fmt.Fprintf(&b, "%*se.g. %s\n", flagColumn, "", example)
			}
		}
	}
	return b.String()
}

// section is the flags that some commands have in common.
type section struct {
	commands []string
	flags    []*pflag.Flag
}

// sections returns the flags of a topic by the commands that have them.
func (t topic) sections(root *cobra.Command) (sections []section) {
	var flags []*pflag.Flag // each once
	commands := make(map[string][]string)
	for _, cmd := range root.Commands() {
		cmd.Flags().VisitAll(func(f *pflag.Flag) {
			if groupOf(f) != t.name {
				return
			}
			if commands[f.Name] == nil {
				flags = append(flags, f)
			}
			commands[f.Name] = append(commands[f.Name], cmd.Name())
		})
	}
	for _, f := range flags {
		of := commands[f.Name]
		i := slices.IndexFunc(sections, func(s section) bool { return slices.Equal(s.commands, of) })
		if i < 0 {
			i = len(sections)
			sections = append(sections, section{commands: of})
		}
		sections[i].flags = append(sections[i].flags, f)
	}
	return sections
}

// joinAnd lists words: "a, b and c".
func joinAnd(words []string) string {
	last := len(words) - 1
	if last < 1 {
		return strings.Join(words, "")
	}
	return strings.Join(words[:last], ", ") + " and " + words[last]
}
