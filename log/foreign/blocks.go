package foreign

import (
	"fmt"
	"strings"
)

// blocks are those of a prompt of so many tokens, each of so many but perhaps the last.
type blocks struct{ length, size int64 }

// full returns the number of complete blocks.
func (b blocks) full() int64 { return b.length / b.size }

// begun returns the number of blocks, a partial one included.
func (b blocks) begun() int64 {
	if b.length%b.size > 0 {
		return b.full() + 1
	}
	return b.full()
}

// fit checks that a list has an id for each block, of which a partial one may lack its. The rest is for the message: the names of the
// list, of an id and of the length, and a hint.
func (b blocks) fit(ids int64, list, id, length, hint string) error {
	switch {
	case ids > b.begun():
		return fmt.Errorf("%s has %s, but %s %d has room for %s of %d tokens%s", list, count(ids, id), length, b.length, count(b.begun(), "block"), b.size, hint)
	case ids < b.full():
		return fmt.Errorf("%s has %s, but %s %d has %s of %d tokens%s", list, count(ids, id), length, b.length, count(b.full(), "complete block"), b.size, hint)
	}
	return nil
}

// count words a number of things.
func count(n int64, what string) string {
	if n != 1 && strings.HasSuffix(what, "sh") {
		what += "e"
	}
	if n != 1 {
		what += "s"
	}
	return fmt.Sprintf("%d %s", n, what)
}
