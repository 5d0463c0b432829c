package main

import (
	"bytes"
	"context"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"time"
)

// process is a server in a temporary folder of its own, which it takes with it.
type process struct {
	cmd    *exec.Cmd
	folder string
	conn   net.Conn
	output bytes.Buffer
	exited chan struct{} // closed at its end; err is set
	err    error
}

// startTimeout is how long a server may take until it answers.
const startTimeout = 10 * time.Second

// startProcess starts a server, and connects to it when it listens. args makes its arguments of the path of its socket.
func startProcess(ctx context.Context, program string, args func(socket string) []string) (*process, error) {
	folder, err := os.MkdirTemp("", "fidelity") // a short path: that of a socket has 104 bytes at most
	if err != nil {
		return nil, err
	}
	socket := filepath.Join(folder, "socket")
	p := &process{folder: folder, exited: make(chan struct{}), cmd: exec.CommandContext(ctx, program, args(socket)...)}
	p.cmd.Dir, p.cmd.Stdout, p.cmd.Stderr = folder, &p.output, &p.output
	if err := p.cmd.Start(); err != nil {
		os.RemoveAll(folder)
		return nil, err
	}
	go func() {
		p.err = p.cmd.Wait()
		close(p.exited)
	}()
	if p.conn, err = p.dial(socket); err != nil {
		p.stop()
		return nil, err
	}
	return p, nil
}

// dial connects to the server as soon as it listens.
func (p *process) dial(socket string) (net.Conn, error) {
	deadline := time.After(startTimeout)
	for {
		if conn, err := net.Dial("unix", socket); err == nil {
			return conn, nil
		}
		select {
		case <-p.exited:
			return nil, fmt.Errorf("%s: %v: %s", p.cmd.Path, p.err, strings.TrimSpace(p.output.String()))
		case <-deadline:
			return nil, fmt.Errorf("%s does not listen after %s", p.cmd.Path, startTimeout)
		case <-time.After(5 * time.Millisecond):
		}
	}
}

// stop ends the server and removes its folder.
func (p *process) stop() {
	if p.conn != nil {
		p.conn.Close()
	}
	p.cmd.Process.Kill()
	<-p.exited
	os.RemoveAll(p.folder)
}

// version is the number in what a program says of its version.
var version = regexp.MustCompile(`[0-9]+(\.[0-9]+)+`)

// versionOf returns the version of a server, and an error if it is not there.
func versionOf(program string) (string, error) {
	text, err := exec.Command(program, "--version").Output()
	if err != nil {
		return "", err
	}
	number := version.Find(text)
	if number == nil {
		return "", fmt.Errorf("%s --version says no version: %s", program, text)
	}
	return string(number), nil
}
