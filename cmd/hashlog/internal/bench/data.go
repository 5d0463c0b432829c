package main

import (
	"fmt"
	"os/exec"
	"slices"
	"strings"
)

// dataDir holds the logs, each in a folder of its name.
const dataDir = "bench-data"

// Flags of hashlog generate. traffic gives 98.8 chunk lookups a request, 20.7 % of them of chunks never seen before.
const (
	traffic = "--reuse 80% --turn-tokens 5250"
	sized   = " --bytes-per-chunk 32MiB"
	rotated = " --rotate-size 128MB"
)

// recipe is how a log is made: by hashlog generate with flags, or from another log.
type recipe struct {
	name  string
	flags string
	from  string // another log's name
	by    string // what makes this one from it: a command that packs a file to stdout, or shuffling
	size  int64  // about how many bytes it takes
}

// shuffling writes the records of a log with their fields in another order and without spaces.
const shuffling = "shuffled"

var recipes = []recipe{
	{name: "medium", size: 1.5e9, flags: "--requests 200000 " + traffic + sized + rotated},
	{name: "unlike", size: 1.5e9, flags: "--requests 200000 " + traffic + rotated}, // two models with chunks of unlike size
	{name: "small", size: 5e7, flags: "--requests 20000 " + traffic + sized + rotated + " --hash-bytes 8"},
	{name: "medium2M", size: 1.5e8, flags: "--requests 20000 " + traffic + sized + rotated}, // how medium begins
	{name: "cold", size: 1.5e9, flags: "--requests 200000 --reuse 5% --turn-tokens 24000" + sized + rotated},
	{name: "hot", size: 1.5e9, flags: "--requests 200000 --reuse 95% --turn-tokens 1350" + sized + rotated},
	{name: "million", size: 7e8, flags: "--requests 1000000 --reuse 80% --turn-tokens 1000 --hash-bytes 8" + sized + rotated},
	{name: "zst", size: 4e8, from: "medium", by: "zstd -3 -c"},
	{name: "gz", size: 8e8, from: "medium", by: "gzip -6 -c"},
	{name: "shuffled", size: 1.5e8, from: "medium2M", by: shuffling},
	{name: "large", size: 5.5e9, flags: "--requests 2030000 " + traffic + sized + rotated + " --hash-bytes 8"},
}

// suffixes end the names of compressed segments. generate calls the compressions the same.
var suffixes = map[string]string{"zstd": "zst", "gzip": "gz"}

// recipeOf returns the recipe of a log. If the tool that compresses it is missing, generate compresses it.
func recipeOf(name string) recipe {
	i := slices.IndexFunc(recipes, func(r recipe) bool { return r.name == name })
	if i < 0 {
		panic(fmt.Sprintf("no recipe for %q", name))
	}
	r := recipes[i]
	if packing := suffixes[r.packer()]; packing != "" && missingTool(r.packer()) {
		return recipe{name: name, size: r.size, flags: recipeOf(r.from).flags + " --compress " + packing}
	}
	return r
}

// packer returns the tool that compresses the log, "" if there is none.
func (r recipe) packer() string {
	tool, _, _ := strings.Cut(r.by, " ")
	return tool
}

// String returns everything that determines the content of the log, apart from hashlog generate itself.
func (r recipe) String() string {
	if r.from == "" {
		return "hashlog generate " + r.flags
	}
	return recipeOf(r.from).String() + " | " + r.by
}

func missingTool(name string) bool {
	_, err := exec.LookPath(name)
	return err != nil
}
