package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"math"
	"os"
	"slices"
	"strconv"
	"strings"
)

// slab is a class of items: each page of 1 MiB holds so many. Sizes are those of memcached 1.6.18, growth factor 1.25, 48 bytes
// for the header of the smallest item (slabs_init in slabs.c).
type slab struct{ value, page int }

// slabs are those that are used here: the values fit items of 1,184 and of 4,544 bytes.
var slabs = []slab{{1024, 1 << 20 / 1184}, {4200, 1 << 20 / 4544}}

// minPages is the least memory that memcached takes: twice the largest item.
const minPages = 2

// memcachedServer is a memcached that runs for one replay. It is spoken to in its meta commands (doc/protocol.txt).
type memcachedServer struct {
	*process
	in    *bufio.Reader
	out   *bufio.Writer
	value string

	refused int64 // chunks that it had no room for
}

// noMemory is the reply of a server that finds nothing to evict for an item.
const noMemory = "SERVER_ERROR out of memory storing object"

// startMemcached starts a server of about so many chunks: of whole pages. options are those of its flag -o.
func startMemcached(ctx context.Context, options string, capacity int) (*memcachedServer, error) {
	class, pages := pagesFor(capacity)
	p, err := startProcess(ctx, "memcached", func(socket string) []string {
		args := []string{"-s", socket, "-m", strconv.Itoa(pages)}
		if os.Getuid() == 0 {
			args = append(args, "-u", "root")
		}
		if options != "" {
			args = append(args, "-o", options)
		}
		return args
	})
	if err != nil {
		return nil, err
	}
	return memcachedOn(p, class.value), nil
}

// memcachedOn returns a server that runs, for values of so many bytes.
func memcachedOn(p *process, value int) *memcachedServer {
	return &memcachedServer{process: p, in: bufio.NewReader(p.conn), out: bufio.NewWriter(p.conn), value: strings.Repeat("x", value)}
}

// pagesFor returns the class whose pages come nearest to a number of chunks, and how many pages that are.
func pagesFor(capacity int) (best slab, pages int) {
	off := math.Inf(1)
	for _, class := range slabs {
		n := max(minPages, int(math.Round(float64(capacity)/float64(class.page))))
		if d := math.Abs(float64(n*class.page - capacity)); d < off {
			best, pages, off = class, n, d
		}
	}
	return best, pages
}

// prefix implements server.
func (s *memcachedServer) prefix(chunks []uint32) (k int, err error) {
	whole := true
	for some := range slices.Chunk(chunks, batch) {
		for _, id := range some {
			s.out.WriteString("mg " + keyOf(id) + " u\r\n")
		}
		for range some {
			found, err := s.found()
			if err != nil {
				return 0, err
			}
			whole = whole && found
			if whole {
				k++
			}
		}
	}
	return k, nil
}

// found returns the reply to mg: whether the item is there.
func (s *memcachedServer) found() (bool, error) {
	switch line, err := s.receive(); {
	case err != nil:
		return false, err
	case line == "HD":
		return true, nil
	case line == "EN":
		return false, nil
	default:
		return false, fmt.Errorf("memcached: mg: the reply %q", line)
	}
}

// receive returns the next line of a reply.
func (s *memcachedServer) receive() (string, error) {
	if err := s.out.Flush(); err != nil {
		return "", err
	}
	line, err := s.in.ReadString('\n')
	return strings.TrimSuffix(line, "\r\n"), err
}

// touch implements server.
func (s *memcachedServer) touch(chunks []uint32, _ float64) error {
	for _, id := range chunks {
		s.out.WriteString("mg " + keyOf(id) + "\r\n")
		found, err := s.found()
		if err == nil && !found {
			err = s.store(id)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// store stores a chunk. Where nothing can be evicted at once, the server refuses it, as it would any client.
func (s *memcachedServer) store(id uint32) error {
	fmt.Fprintf(s.out, "ms %s %d\r\n%s\r\n", keyOf(id), len(s.value), s.value)
	line, err := s.receive()
	switch {
	case err == nil && line == noMemory:
		s.refused++
	case err == nil && line != "HD":
		err = fmt.Errorf("memcached: ms: the reply %q", line)
	}
	return err
}

// held implements server.
func (s *memcachedServer) held() (holding, error) {
	stats := map[string]string{}
	s.out.WriteString("stats\r\n")
	for {
		line, err := s.receive()
		if err != nil {
			return holding{}, err
		}
		fields := strings.Fields(line)
		if len(fields) < 3 {
			break // END
		}
		stats[fields[1]] = fields[2]
	}
	chunks, err1 := strconv.ParseInt(stats["curr_items"], 10, 64)
	evicted, err2 := strconv.ParseInt(stats["evictions"], 10, 64)
	return holding{chunks, evicted, s.refused}, errors.Join(err1, err2)
}
