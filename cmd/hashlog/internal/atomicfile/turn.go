package atomicfile

import (
	"errors"
	"fmt"
	"os"
	"time"

	"hashlog/log/flock"
)

// patience is how long a Commit waits for the Commit of another process in the same folder.
const patience = time.Second

// turn waits until no other Commit is under way in a folder.
func turn(dir string) (release func(), err error) {
	f, err := os.Open(dir)
	if err != nil {
		return func() {}, nil // what is in the way is found by the renames
	}
	for end := time.Now().Add(patience); errors.Is(flock.Lock(f), flock.ErrHeld); time.Sleep(time.Millisecond) {
		if time.Now().After(end) {
			f.Close()
			return nil, fmt.Errorf("writing to %s: another run writes into this folder: try again, or name another one", dir)
		}
	}
	return func() { f.Close() }, nil
}
