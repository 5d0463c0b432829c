package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
	"strings"
)

// How long medium is, in seconds since the Unix epoch, and where its parts are cut.
const (
	mediumStart = 1704067200
	eighth      = 4998
	lastTenth   = mediumStart + 8*eighth*9/10
)

// medium has 4.1 million unique chunks. These are a fifth and a hundredth of them.
const fifth, hundredth = 819_000, 41_000

// part returns the flags of the nth eighth of medium, from 1 on.
func part(n int) (flags []string) {
	if n > 1 {
		flags = append(flags, "--since", strconv.Itoa(mediumStart+(n-1)*eighth))
	}
	if n < 8 {
		flags = append(flags, "--until", strconv.Itoa(mediumStart+n*eighth))
	}
	return flags
}

// parts are the commands that make the summaries of eight parts of medium, and those that take them.
type parts struct {
	dir      string // of the summaries
	commands []command
	names    []string // of the commands
}

// mapParts makes the summaries of eight parts.
func mapParts(name string, flags ...string) *parts {
	p := &parts{dir: plots + "/" + name}
	for n := range 8 {
		argv := append([]string{"map", "medium", "-o", p.file(n + 1)}, part(n+1)...)
		p.add(hashlog(fmt.Sprintf("%s %d", name, n+1), append(argv, flags...)...))
	}
	return p
}

func (p *parts) file(n int) string { return fmt.Sprintf("%s/part-%d.sum", p.dir, n) }

// files stands for all summaries of parts.
func (p *parts) files() string { return p.dir + "/part-*.sum" }

func (p *parts) add(c command) {
	p.commands = append(p.commands, c)
	p.names = append(p.names, c.name)
}

// segmentsHeat maps eight parts of medium, and joins them.
func segmentsHeat() heat {
	p := mapParts("part")
	const some = 4
	p.add(hashlog("simulate", append([]string{"simulate", "medium", "--capacity", "1TiB"}, part(some)...)...))
	for n := range 8 {
		p.add(hashlog(inspecting(n+1), "inspect", p.file(n+1), "--json"))
	}
	p.add(tool("wc", "-c", p.files()))
	p.add(hashlog("merge", "merge", p.files(), "-o", p.dir+"/all.sum"))
	return heat{name: "parts and their merge", logs: []string{"medium"}, commands: p.commands,
		rows: []row{
			{"segments/map", "map of an eighth of the log, against simulate of it", ratio(fmt.Sprintf("part %d", some), "simulate"), times, atMost(1.4, 1.15)},
			{"segments/merge", "merge of 8 summaries, processor time per first touch", metric{p.names, perFirstTouch(processorTime("merge"), 1e6)}, "µs", atMost(0.25, 0.12)},
			{"segments/size", "bytes of these summaries, per first touch", metric{p.names, perFirstTouch(countedBytes("wc"), 1)}, "B", atMost(11, 9)},
		}}
}

// boundedSegmentsHeat does the same with a largest capacity of a hundredth of the unique chunks.
func boundedSegmentsHeat() heat {
	p := mapParts("bounded", "--max-capacity", fmt.Sprintf("%dchunks", hundredth))
	p.add(tool("wc", "-c", p.files()))
	p.add(hashlog("merge", "merge", p.files(), "-o", p.dir+"/all.sum"))
	return heat{name: "parts with a largest capacity", logs: []string{"medium"}, commands: p.commands,
		rows: []row{
			{"segments/bounded/size", "8 summaries with a largest capacity of 1 % of the unique chunks", metric{p.names, each(countedBytes("wc"), 1e-6)}, "MB", atMost(4, 3)},
			{"segments/bounded/merge", "their merge, processor time", metric{p.names, each(processorTime("merge"), 1)}, "s", atMost(0.15, 0.05)},
		}}
}

// stateHeat continues a state over the last tenth of medium. Each round makes the state of what is before anew.
func stateHeat() heat {
	const state = plots + "/medium.state"
	simulate := func(name string, args ...string) command {
		return hashlog(name, append([]string{"simulate", "medium", "--capacity", "1TiB"}, args...)...)
	}
	cut := strconv.Itoa(lastTenth)
	return heat{name: "a state", logs: []string{"medium"},
		commands: []command{
			tool("rm", "-f", state),
			simulate("before", "--state", state, "--until", cut),
			simulate("state", "--state", state),
			tool("wc", "-c", state),
			simulate("tenth", "--since", cut),
		},
		rows: []row{
			{"state", "a state run over the last tenth, against that tenth and 200 MB/s for reading and writing the state",
				metric{[]string{"rm", "before", "state", "wc", "tenth"}, againstTenth}, times, atMost(1.3, 1.1)},
		}}
}

// againstTenth compares the time of a state run with that of its new part, and with what reading and writing the state takes at 200 MB/s.
func againstTenth(r *results) (figure, error) {
	sizes, err := countedBytes("wc")(r)
	if err != nil {
		return figure{}, err
	}
	run, tenth := r.walls("state"), r.walls("tenth")
	files := 2 * median(sizes) / 200e6
	out := paired(run, tenth, func(a, b float64) float64 { return a / (b + files) })
	out.from = fmt.Sprintf("%.3g s, %.3g s and %.3g s", median(run), median(tenth), files)
	return out, nil
}

// values returns a value of each round.
type values func(*results) ([]float64, error)

func inspecting(n int) string { return fmt.Sprintf("inspect %d", n) }

// processorTime returns the processor time of a command in seconds.
func processorTime(name string) values {
	return func(r *results) ([]float64, error) { return r.processors(name), nil }
}

// countedBytes returns how many bytes wc -c has counted in each round.
func countedBytes(name string) values {
	return func(r *results) (out []float64, err error) {
		for _, s := range r.samples[name] {
			lines := strings.Split(strings.TrimSpace(s.output), "\n")
			number, _, _ := strings.Cut(strings.TrimSpace(lines[len(lines)-1]), " ")
			n, err := strconv.ParseFloat(number, 64)
			if err != nil {
				return nil, err
			}
			out = append(out, n)
		}
		return out, nil
	}
}

// each makes a figure from a value of each round, times a factor.
func each(of values, factor float64) func(*results) (figure, error) {
	return func(r *results) (figure, error) {
		list, err := of(r)
		if err != nil {
			return figure{}, err
		}
		return single(list, func(v float64) float64 { return v * factor }), nil
	}
}

// perFirstTouch is each, divided by the first touches of all parts: these are their unique chunks.
func perFirstTouch(of values, factor float64) func(*results) (figure, error) {
	return func(r *results) (figure, error) {
		touches := 0.0
		for n := range 8 {
			unique, err := uniqueChunks(r.samples[inspecting(n+1)])
			if err != nil {
				return figure{}, err
			}
			touches += unique
		}
		out, err := each(of, factor/touches)(r)
		out.from = fmt.Sprintf("%.0f first touches", touches)
		return out, err
	}
}

// uniqueChunks returns the unique chunks of a part, which inspect has printed as JSON.
func uniqueChunks(inspected []sample) (float64, error) {
	var report struct {
		Input struct {
			UniqueChunks float64 `json:"unique_chunks"`
		} `json:"input"`
	}
	if len(inspected) == 0 {
		return 0, errors.New("a part was not inspected")
	}
	err := json.Unmarshal([]byte(inspected[0].output), &report)
	return report.Input.UniqueChunks, err
}
