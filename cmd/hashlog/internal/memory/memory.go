// Package memory tells how much memory there is and how much of it the process has, and ends a run that has too much.
package memory

import "runtime/metrics"

// Machine is the memory that a process can have at all.
type Machine struct {
	Bytes int64  // 0 is unknown
	Whose string // "machine", or "cgroup" where that has less
}

// runtimeResident returns what the Go runtime has of the system: nearly all that a program without C has.
func runtimeResident() int64 {
	samples := []metrics.Sample{{Name: "/memory/classes/total:bytes"}, {Name: "/memory/classes/heap/released:bytes"}}
	metrics.Read(samples)
	return int64(samples[0].Value.Uint64() - samples[1].Value.Uint64())
}
