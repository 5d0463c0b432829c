// Package memory measures the memory of the machine and of the process, and ends a run that uses too much.
package memory

import "runtime/metrics"

// Machine is the memory available to the process.
type Machine struct {
	Bytes int64  // 0 is unknown
	Whose string // "machine", or "cgroup" where that has less
}

// runtimeResident returns the memory that the Go runtime has from the system: nearly all the memory of a program without C.
func runtimeResident() int64 {
	samples := []metrics.Sample{{Name: "/memory/classes/total:bytes"}, {Name: "/memory/classes/heap/released:bytes"}}
	metrics.Read(samples)
	return int64(samples[0].Value.Uint64() - samples[1].Value.Uint64())
}
