package analyze

import "sort"

// sizeRuns are sizes of chunks by number.
type sizeRuns []sizeRun

// sizeRun is the size of the chunks up to, but not including, end, that the runs before don't have.
type sizeRun struct {
	end  int
	size int64
}

// add adds the chunks up to end.
func (s *sizeRuns) add(end int, size int64) {
	if n := len(*s) - 1; n >= 0 && (*s)[n].size == size {
		(*s)[n].end = end
		return
	}
	*s = append(*s, sizeRun{end, size})
}

// runOf returns the place of the run of a chunk. It is quick if that is at the place last.
func (s sizeRuns) runOf(chunk, last int) int {
	if last < len(s) && chunk < s[last].end && (last == 0 || chunk >= s[last-1].end) {
		return last
	}
	return sort.Search(len(s), func(i int) bool { return chunk < s[i].end })
}

// alike returns how many chunks, from one of a run on, are of that run, with rising or with falling numbers.
func (s sizeRuns) alike(run, chunk int, rising bool) int {
	switch {
	case rising:
		return s[run].end - chunk
	case run == 0:
		return chunk + 1
	}
	return chunk - s[run-1].end + 1
}
