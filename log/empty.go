package log

import "fmt"

// emptyFolder is the error of a folder without logs, as that of a new server is. Beside other logs it is not worth more
// than a note.
type emptyFolder struct{ error }

// nothing is the error if no log has been found.
func (f *finder) nothing() error {
	switch n := len(f.empty); n {
	case 1:
		return f.empty[0]
	case 2:
		return fmt.Errorf("%w; nor in another folder", f.empty[0])
	default:
		return fmt.Errorf("%w; nor in %d more folders", f.empty[0], n-1)
	}
}

// noteEmpty notes the folders without logs, but not hundreds of them.
func (f *finder) noteEmpty() {
	notes := make([]string, len(f.empty))
	for i, err := range f.empty {
		notes[i] = err.Error()
	}
	f.notes = append(f.notes, someOf(notes, "%d more folders hold no logs")...)
}
