package log

import "hashlog/log/internal/source"

// memoryUse counts the bytes of records that wait for the merge.
type memoryUse struct{ now, peak int64 }

func (h *memoryUse) add(bytes int64) {
	h.now += bytes
	h.peak = max(h.peak, h.now)
}

// itemBytes is the memory of a waiting record apart from its hashes and texts.
const itemBytes = 256

// memory returns about how many bytes the item takes. Its model name is shared.
func (a *item) memory() int64 {
	return itemBytes + 8*int64(len(a.Hashes)) + int64(len(a.RequestID)) + int64(len(a.Text))
}

// buffered returns how many bytes of a log may wait after a batch that the merge has taken: a
// full queue of such batches and the read buffer, or 0 at the end of the log.
func (b *batch) buffered() int64 {
	if b.err != nil {
		return 0
	}
	return source.BlockSize + queuedBatches*int64(b.bytes)
}
