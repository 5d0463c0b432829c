package memory

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
)

// Find returns the memory of the machine, or of the process's cgroup if that is less.
func Find() Machine { return find(os.DirFS("/")) }

func find(root fs.FS) Machine {
	var m Machine
	if n, ok := physical(root); ok {
		m = Machine{Bytes: n, Whose: "machine"}
	}
	if limit, ok := cgroupLimit(root); ok && (m.Bytes == 0 || limit < m.Bytes) {
		m = Machine{Bytes: limit, Whose: "cgroup"}
	}
	return m
}

// physical returns the bytes of memory of the machine. ok is false if they are not known.
func physical(root fs.FS) (n int64, ok bool) {
	text, err := fs.ReadFile(root, "proc/meminfo")
	if err != nil {
		return 0, false
	}
	var kib int64
	_, err = fmt.Sscanf(string(text), "MemTotal: %d kB", &kib)
	return kib << 10, err == nil
}

// Resident returns the bytes of memory of the process, without pages of files: the system takes those back when memory
// is short.
func Resident() int64 {
	n, err := resident(os.DirFS("/"), int64(os.Getpagesize()))
	if err != nil {
		return runtimeResident()
	}
	return n
}

func resident(root fs.FS, pageSize int64) (int64, error) {
	text, err := fs.ReadFile(root, "proc/self/statm")
	if err != nil {
		return 0, err
	}
	var size, resident, shared int64 // in pages; see proc_pid_statm(5)
	if _, err := fmt.Sscan(string(text), &size, &resident, &shared); err != nil || resident < shared {
		return 0, errors.New("statm has another form")
	}
	return (resident - shared) * pageSize, nil
}
