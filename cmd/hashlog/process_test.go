package main

import (
	"bytes"
	"io"
	"os"
	"os/exec"
)

// process is the program as a process of its own, to be sent signals.
type process struct {
	exec.Cmd
	stdout, stderr bytes.Buffer
}

// command returns a process that is not yet started. The test's own binary is the program if it is called so: see TestMain.
func command(stdin io.Reader, args ...string) *process {
	p := &process{Cmd: exec.Cmd{Path: os.Args[0], Args: append([]string{"hashlog"}, args...), Stdin: stdin}}
	p.Stdout, p.Stderr = &p.stdout, &p.stderr
	return p
}
