//go:build !linux

package memory

// Find would return the memory of the machine. Here it is unknown.
func Find() Machine { return Machine{} }

// Resident returns how many bytes of memory the process has, as far as the Go runtime knows.
func Resident() int64 { return runtimeResident() }
