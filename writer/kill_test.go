package writer

import (
	"bufio"
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// victimDir is an environment variable, a folder. It makes this binary a process that logs
// to the folder until it is killed.
const victimDir = "HASHLOG_WRITER_VICTIM"

// victim logs for ever, and prints the number of the last record that a Flush has
// confirmed.
func victim(dir string) {
	compress := []Compression{NoCompression, Gzip, Zstd}[rand.IntN(3)]
	w, err := New(Options{Dir: dir, RotateSize: 200_000, MaxFiles: -1, FlushInterval: 10 * time.Millisecond, QueueBytes: 1 << 20, Compress: compress})
	if err != nil {
		panic(err)
	}
	fmt.Println(0) // up: from now on it may be killed
	first, _ := strconv.Atoi(os.Getenv(victimDir + "_FIRST"))
	for i := first; ; i++ {
		if w.RecordWait(context.Background(), lookup(i)) == nil && i%500 == 0 && w.Flush(context.Background()) == nil {
			fmt.Println(i)
		}
	}
}

// kill starts a victim, kills it a while after it has begun to log, and returns the number
// that it has confirmed.
func kill(t *testing.T, dir string, first int, after time.Duration) (confirmed int) {
	t.Helper()
	child := exec.Command(os.Args[0])
	child.Env = append(os.Environ(), victimDir+"="+dir, fmt.Sprint(victimDir, "_FIRST=", first))
	out, err := child.StdoutPipe()
	require.NoError(t, err)
	require.NoError(t, child.Start())
	timer := time.AfterFunc(time.Minute, func() { child.Process.Kill() })
	defer timer.Stop()
	for lines := bufio.NewScanner(out); lines.Scan(); {
		n, err := strconv.Atoi(lines.Text())
		require.NoError(t, err)
		if confirmed = n; n == 0 {
			timer.Reset(after)
		}
	}
	child.Wait()
	return confirmed
}

// A writer's process is killed again and again. Each starts in the folder of the one before.
func TestKilled(t *testing.T) {
	times := 100
	if testing.Short() {
		times = 5
	}
	dir := t.TempDir()
	const span = 1_000_000 // numbers for each process
	confirmed := make([]int, times)
	for i := range times {
		confirmed[i] = kill(t, dir, i*span+1, time.Duration(rand.IntN(100))*time.Millisecond)
	}
	w := open(t, Options{Dir: dir, MaxFiles: -1}) // cleans up
	closed(t, w)
	for _, name := range names(t, dir) {
		require.False(t, strings.HasSuffix(name, ".tmp"), name)
	}

	f := read(t, dir)
	require.Zero(t, f.stats.Skipped)
	require.Zero(t, f.stats.Damaged)
	require.Zero(t, f.stats.Late+f.stats.OutOfOrder)
	require.LessOrEqual(t, f.stats.Torn, int64(times))
	require.Zero(t, f.dropped)
	require.Greater(t, len(f.numbers), times, "they were killed as they wrote")
	reached := make([]int, times) // each process's numbers must be 1, 2, 3 …
	for _, n := range f.numbers {
		process := (n - 1) / span
		require.Equal(t, reached[process]+1, n-process*span)
		reached[process]++
	}
	for i, n := range confirmed {
		require.GreaterOrEqual(t, reached[i], max(0, n-i*span), "process %d", i)
	}
	t.Logf("%d processes killed, %d records whole, %d lines torn, %d files", times, len(f.numbers), f.stats.Torn, len(names(t, dir)))
}
