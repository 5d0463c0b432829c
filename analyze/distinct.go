package analyze

import "hashlog/log"

// distinct counts the different texts of a field, and the requests that have one. Its zero value is ready. It takes about 20 bytes
// for each text.
type distinct struct {
	seen     map[uint64]struct{} // fingerprints
	requests int64
}

// add adds the text of a request. An empty one stands for none.
func (d *distinct) add(text []byte) {
	if len(text) == 0 {
		return
	}
	if d.seen == nil {
		d.seen = make(map[uint64]struct{})
	}
	d.seen[log.Fingerprint(text)] = struct{}{}
	d.requests++
}

// merge adds what others counted.
func (d *distinct) merge(others *distinct) {
	if d.seen == nil {
		d.seen = make(map[uint64]struct{})
	}
	for text := range others.seen {
		d.seen[text] = struct{}{}
	}
	d.requests += others.requests
}
