package foreign

import (
	"encoding/hex"
	"strconv"

	"hashlog/log"
)

// renderer makes chunk hashes as fingerprints and, if lines is set, renders a canonical line.
type renderer struct {
	lines bool
	buf   []byte
}

// unmeasured empties the fields that only a server's own trace has.
func unmeasured(e *log.Entry) { e.Source, e.CachedTokens, e.HasCachedTokens = "", 0, false }

// begin begins the hashes of a record whose other fields are set.
func (r *renderer) begin(e *log.Entry) {
	e.Hashes, e.Text = e.Hashes[:0], e.Text[:0]
	if r.lines {
		e.Text = log.AppendHead(e.Text, e.Timestamp, string(e.RequestID), e.ModelName, e.ChunkSize, e.SeqLen)
		e.Text = log.AppendLayout(e.Text, nil, nil)
	}
}

// add adds the hash whose text is in r.buf and needs no escaping.
func (r *renderer) add(e *log.Entry) {
	if r.lines {
		if len(e.Hashes) > 0 {
			e.Text = log.AppendSeparator(e.Text)
		}
		e.Text = append(append(append(e.Text, '"'), r.buf...), '"')
	}
	e.Hashes = append(e.Hashes, log.Fingerprint(r.buf))
}

func (r *renderer) end(e *log.Entry) {
	if r.lines {
		e.Text = log.AppendEnd(e.Text, log.Optional[string]{SessionID: string(e.SessionID), CacheSalt: string(e.CacheSalt), Source: e.Source,
			CachedTokens: e.CachedTokens, HasCachedTokens: e.HasCachedTokens})
	}
}

// ids renders numbers as hashes.
func (r *renderer) ids(ids []uint64, e *log.Entry) {
	r.begin(e)
	for _, id := range ids {
		r.buf = strconv.AppendUint(append(r.buf[:0], "0x"...), id, 16)
		r.add(e)
	}
	r.end(e)
}

// sum renders bytes as a hash.
func (r *renderer) sum(hash []byte, e *log.Entry) {
	r.buf = hex.AppendEncode(append(r.buf[:0], "0x"...), hash)
	r.add(e)
}
