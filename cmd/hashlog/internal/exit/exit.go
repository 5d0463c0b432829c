// Package exit has the exit statuses of the programs that measure hashlog.
package exit

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"syscall"
)

// Status parses the flags of a program, then does its work, which SIGINT and SIGTERM cancel. It returns the exit status: 0 done, 1 failed,
// 2 wrong usage, which parse has reported itself, 130 interrupted.
func Status(name string, stderr io.Writer, parse func() error, work func(context.Context) error) int {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	switch err := parse(); {
	case errors.Is(err, flag.ErrHelp):
		return 0
	case err != nil:
		return 2
	}
	err := work(ctx)
	switch {
	case err == nil:
		return 0
	case ctx.Err() != nil:
		fmt.Fprintf(stderr, "%s: interrupted\n", name)
		return 130
	}
	fmt.Fprintf(stderr, "%s: %v\n", name, err)
	return 1
}
