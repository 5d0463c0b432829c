//go:build !linux

package memory

// Find returns nothing: here the memory of the machine is unknown.
func Find() Machine { return Machine{} }

// Resident returns the bytes of memory of the process, as far as the Go runtime knows.
func Resident() int64 { return runtimeResident() }
