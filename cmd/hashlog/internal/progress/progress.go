// Package progress shows the progress of a pass over logs, if there is a terminal.
package progress

import (
	"fmt"
	"io"
	"os"
	"sync"
	"time"

	"github.com/schollz/progressbar/v3"
	"golang.org/x/term"
)

// interval is how often the bar is drawn.
const interval = 100 * time.Millisecond

// Bar shows the progress of one pass after another. The zero value shows nothing.
type Bar struct {
	w        io.Writer // nil: show and say nothing
	terminal bool      // w is one

	turn sync.Mutex // of starting and stopping
	stop chan struct{}
	done chan struct{}

	mu    sync.Mutex               // of what is written to w
	shown *progressbar.ProgressBar // nil: none
}

// New returns a bar on w, which is shown if w is a terminal.
func New(w io.Writer) *Bar {
	f, ok := w.(*os.File)
	return &Bar{w: w, terminal: ok && term.IsTerminal(int(f.Fd()))}
}

// Say writes a line, above the bar if there is one. It may be called from any goroutine.
func (b *Bar) Say(line string) {
	if b.w == nil {
		return
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.shown != nil {
		b.shown.Clear()
	}
	fmt.Fprintln(b.w, line)
}

// Start shows a pass until Stop or the next Start. what describes it in a word; read returns the bytes read and their total,
// −1 if it is unknown.
func (b *Bar) Start(what string, read func() (read, total int64)) {
	b.start(what, read, progressbar.OptionShowBytes(true))
}

// Count is Start for a count of things rather than bytes.
func (b *Bar) Count(what string, done func() (done, total int64)) {
	b.start(what, done, progressbar.OptionShowCount())
}

func (b *Bar) start(what string, read func() (read, total int64), units progressbar.Option) {
	b.turn.Lock()
	defer b.turn.Unlock()
	b.end()
	if !b.terminal {
		return
	}
	b.stop, b.done = make(chan struct{}), make(chan struct{})
	_, total := read()
	bar := progressbar.NewOptions64(total, progressbar.OptionSetWriter(b.w), progressbar.OptionSetDescription(what),
		units, progressbar.OptionSetWidth(30), progressbar.OptionClearOnFinish())
	go b.follow(bar, read)
}

func (b *Bar) follow(bar *progressbar.ProgressBar, read func() (int64, int64)) {
	defer close(b.done)
	b.show(bar)
	tick := time.NewTicker(interval)
	defer tick.Stop()
	for {
		select {
		case <-b.stop:
			b.show(nil)
			return
		case <-tick.C:
			n, _ := read()
			b.mu.Lock()
			bar.Set64(n)
			b.mu.Unlock()
		}
	}
}

// show shows bar, or removes the bar if it is nil.
func (b *Bar) show(bar *progressbar.ProgressBar) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if bar == nil {
		b.shown.Clear()
	}
	b.shown = bar
}

// Stop removes the bar from the terminal. It may be called from any goroutine.
func (b *Bar) Stop() {
	b.turn.Lock()
	defer b.turn.Unlock()
	b.end()
}

func (b *Bar) end() {
	if b.stop != nil {
		close(b.stop)
		<-b.done
		b.stop = nil
	}
}
