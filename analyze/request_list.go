package analyze

import (
	"fmt"
	"iter"
)

// requestList is a list of deferred requests in the form in which a file has them (request_encoding.go): an eighth of the memory
// that they take otherwise. It is added to at its end and read front to back.
type requestList struct {
	pages []requestPage
	last  requestEncoder // of the last page
	ended bool           // the last page takes no more requests
}

// requestPage is a stretch of a requestList that can be read without the others.
type requestPage struct {
	data  []byte
	first uint32 // id of the first chunk that its requests bring
	keys  int    // that they bring
}

// A page ends at the request that takes it to one of these.
const (
	maxPageBytes = 256 << 10
	maxPageKeys  = 128 << 10
)

// add adds a request, of which it keeps nothing.
func (l *requestList) add(q *deferredRequest) {
	p := l.open()
	l.last.b = p.data
	before := l.last.next
	l.last.request(q)
	if brings := int(l.last.next - before); brings != q.brings {
		panic(fmt.Sprintf("analyze: a request with %d new numbers brings %d chunks", brings, q.brings))
	}
	p.data, p.keys = l.last.b, int(l.last.next-p.first)
}

// open returns the page for the next request.
func (l *requestList) open() *requestPage {
	if n := len(l.pages) - 1; n >= 0 && !l.ended && len(l.pages[n].data) < maxPageBytes && l.pages[n].keys < maxPageKeys {
		return &l.pages[n]
	}
	first := l.last.next
	l.last = requestEncoder{requestState: requestState{next: first}}
	l.pages = append(l.pages, requestPage{first: first})
	l.ended = false
	return &l.pages[len(l.pages)-1]
}

// addPage adds a page as a file has it, with so many requests. It brings the next chunks.
func (l *requestList) addPage(p requestPage) {
	l.pages = append(l.pages, p)
	l.last = requestEncoder{requestState: requestState{next: p.first + uint32(p.keys)}}
	l.ended = true
}

// all yields the requests. Each one is valid until the next one.
func (l *requestList) all() iter.Seq[*deferredRequest] {
	return func(yield func(*deferredRequest) bool) {
		var q deferredRequest
		for _, p := range l.pages {
			for d := newRequestDecoder(p.data, p.first); d.more(); {
				if err := d.request(&q); err != nil {
					panic("analyze: a list of requests is broken: " + err.Error())
				}
				if !yield(&q) {
					return
				}
			}
		}
	}
}
