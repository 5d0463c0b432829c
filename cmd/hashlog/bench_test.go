package main

import (
	"bytes"
	"io"
	"os"
	"strings"
	"testing"
)

// BenchmarkCommand runs whole commands on the logs of bench-data that are present. `make pgo` profiles plot.
func BenchmarkCommand(b *testing.B) {
	for _, bb := range []struct{ name, log, command string }{
		{"plot", "medium", "plot"},
		{"plot-compressed", "zst", "plot"},
		{"plot-unlike-sizes", "unlike", "plot"},
		{"report", "million", "report"},
		{"simulate-stats", "medium", "simulate --stats --capacity 64GiB,1TiB"},
		{"simulate-batched", "medium", "simulate --cache lmcache-server --capacity 64GiB,1TiB,16TiB"},
	} {
		b.Run(bb.name, func(b *testing.B) {
			log := "../../bench-data/" + bb.log
			if _, err := os.Stat(log); err != nil {
				b.Skip("no such log: make bench-data")
			}
			args := append(strings.Fields(bb.command), log, "--quiet")
			switch args[0] {
			case "plot":
				args = append(args, "-o", b.TempDir())
			case "report":
				args = append(args, "-o", b.TempDir()+"/report.html")
			}
			for b.Loop() {
				var stderr bytes.Buffer
				if status := run(args, nil, io.Discard, &stderr); status != 0 {
					b.Fatalf("status %d: %s", status, &stderr)
				}
			}
		})
	}
}
