//go:build unix

package main

import (
	"context"
	"flag"
	"fmt"
	"hashlog/analyze/units"
	"io"
	"os"
	"os/signal"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

var soak = flag.Duration("soak", 0, "how long TestSoak records; 0: it is skipped")

const (
	soakBytes = 1 << 30 // what the folder may hold
	// soakRoom is what may come to it while a segment is compressed, and is not yet removed.
	soakRoom = soakBytes / 2
	// soakMemory is far above what record takes: a queue of 64 MiB and what compresses.
	soakMemory  = 512 << 20
	soakReports = 20
)

// TestSoak records at full speed, with rotation, compression and retention, for as long as -soak says, while inspect and
// simulate read the folder again and again. Nothing grows, no line is lost, doubled or glued to another, and the readers
// end with status 0 or 3.
func TestSoak(t *testing.T) {
	if *soak == 0 {
		t.Skip("only with -soak")
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	ctx, cancel := context.WithTimeout(ctx, *soak)
	defer cancel()
	s := &soaking{dir: t.TempDir(), began: time.Now(), readers: []*soakReader{
		{args: []string{"inspect", "--json"}},
		{args: []string{"simulate", "--json", "--capacity", "1GiB,64GiB,inf"}},
	}}
	s.run(t, ctx)
	s.report("ended")
	for _, r := range s.readers {
		r.report()
	}
	s.check(t)
}

// soaking is a run.
type soaking struct {
	dir     string
	began   time.Time
	ended   time.Duration
	record  *process
	samples soakSamples
	readers []*soakReader

	sent, bytes atomic.Int64 // lines handed to record
	disk, files atomic.Int64 // in the folder, at most
}

func (s *soaking) run(t *testing.T, ctx context.Context) {
	in, feed, err := os.Pipe()
	require.NoError(t, err)
	samples, tell, err := os.Pipe()
	require.NoError(t, err)
	s.record = command(in, "record", "-o", s.dir, "--compress", "zst", "--rotate-size", "32MiB", "--max-bytes", strconv.Itoa(soakBytes))
	s.record.Args[0] = "hashlog-watched"
	s.record.ExtraFiles = []*os.File{tell}
	s.record.SysProcAttr = &syscall.SysProcAttr{Setpgid: true} // an interruption is for the test, which ends it
	require.NoError(t, s.record.Start())
	in.Close()
	tell.Close()
	var group sync.WaitGroup
	group.Go(func() { s.samples.read(samples) })
	for _, r := range s.readers {
		group.Go(func() { r.run(ctx, s) })
	}
	group.Go(func() { s.watch(ctx) })
	err = s.feed(ctx, feed)
	s.ended = time.Since(s.began)
	feed.Close()
	failed := s.record.Wait() // when it has compressed what is left
	group.Wait()
	require.NoError(t, err, "the pipe to record: %s", s.record.stderr.String())
	require.NoError(t, failed, s.record.stderr.String())
}

// feed writes lines until the time is up.
func (s *soaking) feed(ctx context.Context, w io.Writer) error {
	var text []byte
	for number := int64(0); ctx.Err() == nil; {
		for text = text[:0]; len(text) < 256<<10; number++ {
			text = soakLine(text, number)
		}
		if _, err := w.Write(text); err != nil {
			return err
		}
		s.sent.Store(number)
		s.bytes.Add(int64(len(text)))
	}
	return nil
}

// watch looks at the folder, and reports now and then.
func (s *soaking) watch(ctx context.Context) {
	for reports := 1; ctx.Err() == nil; time.Sleep(100 * time.Millisecond) {
		var bytes, files int64
		entries, _ := os.ReadDir(s.dir)
		for _, e := range entries {
			if info, err := e.Info(); err == nil {
				bytes += info.Size()
				files++
			}
		}
		s.disk.Store(max(s.disk.Load(), bytes))
		s.files.Store(max(s.files.Load(), files))
		if elapsed := time.Since(s.began); elapsed > *soak*time.Duration(reports)/soakReports {
			s.report(elapsed.Round(time.Second).String())
			reports++
		}
	}
}

func (s *soaking) report(when string) {
	seconds := time.Since(s.began).Seconds()
	if s.ended > 0 {
		seconds = s.ended.Seconds()
	}
	sample := s.samples.last()
	fmt.Printf("%8s: %s lines, %s (%s/s); at most %s in %s; record has %s, %d descriptors, %d goroutines; %s ended\n", when,
		units.Comma(s.sent.Load()), units.FormatBytes(s.bytes.Load()), units.FormatBytes(int64(float64(s.bytes.Load())/seconds)),
		units.FormatBytes(s.disk.Load()), units.Count(s.files.Load(), "file"), units.FormatBytes(sample.Resident), sample.Descriptors, sample.Goroutines,
		strings.Join(s.runs(), ", "))
}

func (s *soaking) runs() (runs []string) {
	for _, r := range s.readers {
		runs = append(runs, fmt.Sprintf("%d × %s", r.runs.Load(), r.args[0]))
	}
	return runs
}

var soakSummary = regexp.MustCompile(`(?m)^([0-9,]+) records? in ([0-9,]+) files?, .*; 0 skipped, 0 torn; ([0-9,]+) old files? deleted .* with ([0-9,]+) records? of this run$`)

// check demands that all is well.
func (s *soaking) check(t *testing.T) {
	first, last, err := soakLines(context.Background(), s.dir)
	require.NoError(t, err)
	sent := s.sent.Load()
	fmt.Printf("%s accepted = %s in the folder + %s deleted with the oldest files\n", units.Comma(sent), units.Comma(last-first+1), units.Comma(first))
	fmt.Printf("record: %s", s.record.stderr.String())
	require.Equal(t, sent-1, last, "the last line accepted is in the folder")
	summary := soakSummary.FindStringSubmatch(s.record.stderr.String())
	require.NotNil(t, summary, "nothing was deleted: it takes a longer -soak")
	require.Equal(t, []string{units.Comma(sent), units.Comma(first)}, []string{summary[1], summary[4]}, "records accepted, and deleted by retention")

	require.LessOrEqual(t, s.disk.Load(), int64(soakBytes+soakRoom), "bytes in the folder")
	early, late := s.samples.most(.25, .5), s.samples.most(.75, 1)
	fmt.Printf("record's memory: at most %s; %s in the second quarter, %s in the last\n",
		units.FormatBytes(s.samples.most(0, 1).Resident), units.FormatBytes(early.Resident), units.FormatBytes(late.Resident))
	require.LessOrEqual(t, late.Resident, early.Resident+early.Resident/5)
	require.LessOrEqual(t, s.samples.most(0, 1).Resident, int64(soakMemory))
	late = s.samples.least(.75, 1)
	require.LessOrEqual(t, late.Descriptors, early.Descriptors)
	require.LessOrEqual(t, late.Goroutines, early.Goroutines)
	for _, r := range s.readers {
		require.Positive(t, r.runs.Load(), "%s ended", r.args[0])
		require.Empty(t, r.faults(), "%s failed", r.args[0])
	}
}
