package main

import (
	"bytes"
	"cmp"
	"context"
	"fmt"
	"os"
	"os/exec"
	"runtime"
	"strings"
	"time"
)

// facts describe where, when and with which build figures were measured.
type facts struct {
	CPU     string    `json:"cpu"`
	Cores   int       `json:"cores"`
	System  string    `json:"system"`
	Go      string    `json:"go"`
	Hashlog string    `json:"hashlog"`
	Date    time.Time `json:"date"`
}

func machine(ctx context.Context, program string) facts {
	version, _ := exec.CommandContext(ctx, program, "--version").Output()
	return facts{CPU: cpuName(ctx), Cores: runtime.NumCPU(), System: runtime.GOOS + "/" + runtime.GOARCH, Go: runtime.Version(),
		Hashlog: strings.TrimSpace(string(version)), Date: time.Now().UTC().Truncate(time.Second)}
}

func (f facts) String() string {
	return fmt.Sprintf("%s, %d cores, %s, %s, %s\n%s\n", f.CPU, f.Cores, f.System, f.Go, f.Date.Format(time.RFC3339), f.Hashlog)
}

// cpuName asks Linux, then macOS, then Windows.
func cpuName(ctx context.Context) string {
	text, _ := os.ReadFile("/proc/cpuinfo")
	for line := range bytes.Lines(text) {
		if key, value, ok := bytes.Cut(line, []byte(":")); ok && strings.TrimSpace(string(key)) == "model name" {
			return strings.TrimSpace(string(value))
		}
	}
	name, _ := exec.CommandContext(ctx, "sysctl", "-n", "machdep.cpu.brand_string").Output()
	return cmp.Or(strings.TrimSpace(string(name)), os.Getenv("PROCESSOR_IDENTIFIER"), "unknown CPU")
}
