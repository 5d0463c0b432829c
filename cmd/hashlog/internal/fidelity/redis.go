package main

import (
	"context"
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"
	"time"
)

// redisSettings are those of a redis-server, or of one that speaks like it.
type redisSettings struct {
	program string
	policy  string // of maxmemory
	samples int
	// ages takes the time of a touch from the log: each touch stores the chunk with the age it has at the end of the log.
	ages bool
}

const (
	// valueBytes is the size of a chunk's value. With less, the buffers of connections would be many chunks.
	valueBytes = 1024
	// batch is how many commands without a value are sent in one go, so that neither they nor their replies weigh much.
	batch = 64
	// valueBatch is how many with a value are. They fit into the 16 KiB that a connection has anyway (PROTO_IOBUF_LEN of server.h).
	valueBatch = 8
	// maxAge is the longest age that the 24 bits of a key's clock tell (LRU_BITS of server.h, Redis 7.0.15).
	maxAge = 1<<24 - 1
)

// redisServer is a redis-server that runs for one replay.
type redisServer struct {
	*process
	resp
	settings redisSettings
	payload  string // a dumped value
	latest   int64  // the second of the log that has the age 0 as the replay begins
	began    int64  // the Unix second in which it does
}

// startRedis starts a server that holds about so many chunks. The log ends at last, in seconds since the Unix epoch.
func startRedis(ctx context.Context, settings redisSettings, capacity int, last float64) (*redisServer, error) {
	p, err := startProcess(ctx, settings.program, settings.args)
	if err != nil {
		return nil, err
	}
	s := &redisServer{process: p, resp: *newResp(p.conn), settings: settings, latest: int64(math.Floor(last)), began: time.Now().Unix()}
	if err := s.limit(capacity); err != nil {
		s.stop()
		return nil, err
	}
	return s, nil
}

// args returns the arguments of the server.
func (r redisSettings) args(socket string) []string {
	args := []string{"--port", "0", "--unixsocket", socket, "--save", "", "--appendonly", "no",
		"--maxmemory-policy", r.policy, "--maxmemory-samples", strconv.Itoa(r.samples)}
	if r.ages {
		// The server counts an age from its own clock, which it sets so often. A second that has begun for us has begun for it.
		args = append(args, "--hz", "500")
	}
	return args
}

// limit sets maxmemory to what the server takes with so many chunks in it.
func (s *redisServer) limit(capacity int) error {
	if _, err := s.do("SET", "payload", value); err != nil {
		return err
	}
	dump, err := s.do("DUMP", "payload")
	if err != nil {
		return err
	}
	s.payload = dump.text
	all := make([]uint32, capacity)
	for i := range all {
		all[i] = uint32(i)
	}
	if err := s.touch(all, float64(s.latest)); err != nil {
		return err
	}
	if _, err := s.prefix(all); err != nil { // each look-up moves a part of the old hash table to the new one
		return err
	}
	memory, err := s.info("memory", "used_memory")
	if err != nil {
		return err
	}
	if _, err := s.do("FLUSHALL", "SYNC"); err != nil {
		return err
	}
	_, err = s.do("CONFIG", "SET", "maxmemory", strconv.FormatInt(memory, 10))
	return err
}

// keyOf returns the key of a chunk. All have one length.
func keyOf(id uint32) string { return fmt.Sprintf("chunk%08x", id) }

// prefix implements server.
func (s *redisServer) prefix(chunks []uint32) (k int, err error) {
	whole := true
	err = s.each(chunks, batch, func(key string) { s.send("EXISTS", key) }, func(r reply) {
		whole = whole && r.number == 1
		if whole {
			k++
		}
	})
	return k, err
}

// each sends a command for each chunk, n in one go, and hands on the replies.
func (s *redisServer) each(chunks []uint32, n int, send func(key string), receive func(reply)) error {
	for some := range slices.Chunk(chunks, n) {
		for _, id := range some {
			send(keyOf(id))
		}
		for range some {
			r, err := s.receive()
			if err != nil {
				return err
			}
			receive(r)
		}
	}
	return nil
}

// touch implements server.
func (s *redisServer) touch(chunks []uint32, at float64) error {
	if s.settings.ages {
		return s.restore(chunks, at)
	}
	// A key that is there stays as it is, after a look-up that counts as a use like that of GET (setGenericCommand of t_string.c,
	// lookupKey of db.c).
	return s.each(chunks, valueBatch, func(key string) { s.send("SET", key, value, "NX") }, func(reply) {})
}

// value is that of every chunk.
var value = strings.Repeat("x", valueBytes)

// restore stores chunks with the age of a touch at a time of the log, whether they are there or not.
func (s *redisServer) restore(chunks []uint32, at float64) error {
	// The younger of two touches in the log has the lower age at any one time. The server's clock runs on meanwhile.
	age := s.latest - int64(math.Floor(at)) + time.Now().Unix() - s.began
	if age > maxAge {
		return fmt.Errorf("an age of %d s: the server's clock tells at most %d", age, maxAge)
	}
	idle := strconv.FormatInt(age, 10)
	return s.each(chunks, batch, func(key string) { s.send("RESTORE", key, "0", s.payload, "REPLACE", "IDLETIME", idle) }, func(reply) {})
}

// held implements server.
func (s *redisServer) held() (holding, error) {
	size, err := s.do("DBSIZE")
	if err != nil {
		return holding{}, err
	}
	evicted, err := s.info("stats", "evicted_keys")
	return holding{chunks: size.number, evicted: evicted}, err
}

// info returns a number from INFO.
func (s *redisServer) info(section, name string) (int64, error) {
	all, err := s.do("INFO", section)
	if err != nil {
		return 0, err
	}
	for line := range strings.SplitSeq(all.text, "\r\n") {
		if key, value, _ := strings.Cut(line, ":"); key == name {
			return strconv.ParseInt(value, 10, 64)
		}
	}
	return 0, fmt.Errorf("INFO %s: no %s", section, name)
}
