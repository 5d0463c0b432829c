package main

import (
	"bufio"
	"encoding/json"
	"io"
	"os"
	"runtime"
	"strconv"
	"strings"
	"sync"
	"time"
)

// soakSample is what a process holds at a moment.
type soakSample struct {
	Resident    int64 // bytes, 0 where the system doesn't tell
	Descriptors int   // those beyond the ones of the sampling
	Goroutines  int
}

// watched is the program that tells, on descriptor 3, every quarter of a second what it holds.
func watched() {
	out := json.NewEncoder(os.NewFile(3, "samples"))
	go func() {
		for {
			time.Sleep(250 * time.Millisecond)
			if out.Encode(takeSoakSample()) != nil {
				return
			}
		}
	}()
	main()
}

func takeSoakSample() (s soakSample) {
	s.Goroutines = runtime.NumGoroutine()
	if fds, err := os.ReadDir("/proc/self/fd"); err == nil {
		s.Descriptors = len(fds)
	}
	if text, err := os.ReadFile("/proc/self/statm"); err == nil {
		pages, _ := strconv.ParseInt(strings.Fields(string(text))[1], 10, 64)
		s.Resident = pages * int64(os.Getpagesize())
	}
	return s
}

// soakSamples keeps samples as they come.
type soakSamples struct {
	mu  sync.Mutex
	all []soakSample
}

func (s *soakSamples) read(r io.Reader) {
	for lines := bufio.NewScanner(r); lines.Scan(); {
		var sample soakSample
		if json.Unmarshal(lines.Bytes(), &sample) == nil {
			s.mu.Lock()
			s.all = append(s.all, sample)
			s.mu.Unlock()
		}
	}
}

// last returns the sample taken last.
func (s *soakSamples) last() (last soakSample) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if n := len(s.all); n > 0 {
		last = s.all[n-1]
	}
	return last
}

// least returns the least of each figure in a part of the samples, and most the most: what comes and goes with a
// compression is in the one and not in the other.
func (s *soakSamples) least(from, to float64) soakSample {
	return s.fold(from, to, func(a, b int64) int64 { return min(a, b) })
}

func (s *soakSamples) most(from, to float64) soakSample {
	return s.fold(from, to, func(a, b int64) int64 { return max(a, b) })
}

func (s *soakSamples) fold(from, to float64, choose func(a, b int64) int64) (f soakSample) {
	s.mu.Lock()
	defer s.mu.Unlock()
	n := float64(len(s.all))
	for i, b := range s.all[int(from*n):int(to*n)] {
		if i == 0 {
			f = b
			continue
		}
		f.Resident = choose(f.Resident, b.Resident)
		f.Descriptors = int(choose(int64(f.Descriptors), int64(b.Descriptors)))
		f.Goroutines = int(choose(int64(f.Goroutines), int64(b.Goroutines)))
	}
	return f
}
