package main

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"net"
	"strconv"
	"strings"
)

// resp speaks version 2 of the protocol of Redis (redis.io/docs/latest/develop/reference/protocol-spec). Commands may be sent in
// one go; each has one reply, and replies come in order.
type resp struct {
	in  *bufio.Reader
	out *bufio.Writer
}

func newResp(conn net.Conn) *resp {
	return &resp{bufio.NewReader(conn), bufio.NewWriter(conn)}
}

// send queues a command. An error of the connection comes with the reply.
func (c *resp) send(args ...string) {
	fmt.Fprintf(c.out, "*%d\r\n", len(args))
	for _, arg := range args {
		c.out.WriteByte('$')
		c.out.WriteString(strconv.Itoa(len(arg)))
		c.out.WriteString("\r\n")
		c.out.WriteString(arg)
		c.out.WriteString("\r\n")
	}
}

// reply is a string or a number.
type reply struct {
	text   string
	number int64
	null   bool // no such key
}

// receive returns the next reply.
func (c *resp) receive() (reply, error) {
	if err := c.out.Flush(); err != nil {
		return reply{}, err
	}
	line, err := c.in.ReadString('\n')
	if err != nil {
		return reply{}, err
	}
	line = strings.TrimSuffix(line, "\r\n")
	if line == "" {
		return reply{}, errors.New("redis: an empty reply")
	}
	switch kind, rest := line[0], line[1:]; kind {
	case '+':
		return reply{text: rest}, nil
	case '-':
		return reply{}, fmt.Errorf("redis: %s", rest)
	case ':':
		n, err := strconv.ParseInt(rest, 10, 64)
		return reply{number: n}, err
	case '$':
		return c.bulk(rest)
	}
	return reply{}, fmt.Errorf("redis: the reply %q", line)
}

// bulk reads a string of known length.
func (c *resp) bulk(length string) (reply, error) {
	n, err := strconv.Atoi(length)
	if err != nil || n < 0 {
		return reply{null: true}, err
	}
	text := make([]byte, n+len("\r\n"))
	if _, err := io.ReadFull(c.in, text); err != nil {
		return reply{}, err
	}
	return reply{text: string(text[:n])}, nil
}

// do sends a command and returns its reply.
func (c *resp) do(args ...string) (reply, error) {
	c.send(args...)
	r, err := c.receive()
	if err != nil {
		return r, fmt.Errorf("%s: %w", args[0], err)
	}
	return r, nil
}
