package log

import "hashlog/log/internal/source"

// held counts the bytes of memory of what waits for its turn in the merge.
type held struct{ now, most int64 }

func (h *held) add(bytes int64) {
	h.now += bytes
	h.most = max(h.most, h.now)
}

// itemBytes is what a record takes in a window and on its way there, but for what its length depends on.
const itemBytes = 256

// held returns the item's memory, about. Its name is shared with others.
func (a *item) held() int64 {
	return itemBytes + 8*int64(len(a.Hashes)) + int64(len(a.RequestID)) + int64(len(a.Text))
}

// buffered returns what waits of a log behind a batch that has come to the merge: as many batches like that as there may
// be, and the buffer that is read into; nothing where the log has been decoded to its end.
func (b *batch) buffered() int64 {
	if b.err != nil {
		return 0
	}
	return source.BlockSize + batches*int64(b.bytes)
}
