package log

// Window is how many records of a file are held back to put late ones in order.
const Window = 4096

// item is a record in a window.
type item struct {
	Entry
	strayed bool   // it follows a later record in the file
	behind  *Stats // what is wrong with the lines between it and the next record of the file; nil if nothing is
}

// itemBytes is the memory of a waiting record apart from its hashes and texts.
const itemBytes = 256

// memory returns about how many bytes the item takes. Its model name is shared.
func (a *item) memory() int64 {
	held, _ := a.textBytes()
	return itemBytes + 8*int64(len(a.Hashes)) + int64(held)
}

// large reports whether the item's memory is too large to be kept for other records.
func (a *item) large() bool {
	_, room := a.textBytes()
	return 8*cap(a.Hashes)+room > 128<<10
}

// wasteful reports whether the item uses little of its memory.
func (a *item) wasteful() bool {
	held, room := a.textBytes()
	return 8*cap(a.Hashes)+room > 4*(8*len(a.Hashes)+held)+4<<10
}

// Before orders the records of one file.
func (a *item) Before(b *item) bool {
	if a.Timestamp != b.Timestamp {
		return a.Timestamp < b.Timestamp
	}
	return a.Line < b.Line
}

// window holds the next records of one file in order. Most come in order and need no sorting.
// The others go into a heap.
type window struct {
	run    []*item // run[head:] is ascending
	head   int
	strays heap[*item]
}

func (w *window) len() int { return len(w.run) - w.head + len(w.strays) }

// push adds the next record of the file.
func (w *window) push(it *item) {
	if n := len(w.run); n > w.head && it.Before(w.run[n-1]) {
		w.strays.push(it)
		return
	}
	w.run = append(w.run, it)
}

// strayFirst reports whether the first record is a stray.
func (w *window) strayFirst() bool {
	return len(w.strays) > 0 && (w.head == len(w.run) || w.strays[0].Before(w.run[w.head]))
}

// first returns the first record. There must be one.
func (w *window) first() *item {
	if w.strayFirst() {
		return w.strays[0]
	}
	return w.run[w.head]
}

// each calls visit with all records, in any order.
func (w *window) each(visit func(*item)) {
	for _, it := range w.run[w.head:] {
		visit(it)
	}
	for _, it := range w.strays {
		visit(it)
	}
}

// pop removes the first record.
func (w *window) pop() *item {
	if w.strayFirst() {
		return w.strays.pop()
	}
	it := w.run[w.head]
	w.run[w.head] = nil
	w.head++
	if w.head > len(w.run)/2 {
		n := copy(w.run, w.run[w.head:])
		clear(w.run[n:])
		w.run, w.head = w.run[:n], 0
	}
	return it
}
