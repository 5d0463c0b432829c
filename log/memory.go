package log

// memoryUse counts the bytes of records that wait for the merge.
type memoryUse struct{ now, peak int64 }

func (h *memoryUse) add(bytes int64) {
	h.now += bytes
	h.peak = max(h.peak, h.now)
}
