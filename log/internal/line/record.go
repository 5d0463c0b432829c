package line

// Record is one lookup, whole. Package log's Record has the same fields, explained there,
// so that one converts to the other.
type Record struct {
	Timestamp   float64
	RequestID   string
	ModelName   string
	ChunkSize   int64
	SeqLen      int64
	DTypes      []string
	Shapes      [][]int64
	ChunkHashes []string
	SessionID   string
	CacheSalt   string

	Source       string
	CachedTokens *int64
}

// ChunkBytes returns the bytes that a full chunk stores, or 0 if the record has neither
// dtypes nor shapes.
func (r *Record) ChunkBytes() (int64, error) { return chunkBytes(r.DTypes, r.Shapes) }

// check returns the error with which a decoder would refuse the record.
func (r *Record) check() error {
	err := checkNumbers(r.Timestamp, r.ChunkSize, r.SeqLen)
	if err == nil {
		err = CheckModelName(r.ModelName)
	}
	if err == nil {
		err = CheckSource(r.Source)
	}
	if err == nil && r.CachedTokens != nil {
		err = checkCachedTokens(*r.CachedTokens, r.SeqLen)
	}
	if err == nil {
		_, err = r.ChunkBytes()
	}
	return err
}

// AppendRecord appends r to dst as a canonical line, newline included. It refuses what
// [DecodeRecord] would refuse, and then returns dst unchanged.
func AppendRecord(dst []byte, r *Record) ([]byte, error) {
	if err := r.check(); err != nil {
		return dst, err
	}
	dst = AppendHead(dst, r.Timestamp, r.RequestID, r.ModelName, r.ChunkSize, r.SeqLen)
	dst = AppendLayout(dst, r.DTypes, r.Shapes)
	for i, hash := range r.ChunkHashes {
		if i > 0 {
			dst = AppendSeparator(dst)
		}
		dst = appendString(dst, hash)
	}
	return AppendEnd(dst, r.optional()), nil
}

// optional returns the fields behind the hashes.
func (r *Record) optional() Optional[string] {
	o := Optional[string]{SessionID: r.SessionID, CacheSalt: r.CacheSalt, Source: r.Source}
	if r.CachedTokens != nil {
		o.CachedTokens, o.HasCachedTokens = *r.CachedTokens, true
	}
	return o
}

// DecodeRecord decodes one line, canonical or not, with or without its newline. Empty lists
// become nil.
func DecodeRecord(line []byte) (Record, error) {
	var d Decoder
	f, err := d.DecodeTexts(line)
	if err != nil {
		return Record{}, err
	}
	return f.record(), nil
}

// record copies f into a record of its own.
func (f *Fields) record() Record {
	r := Record{
		Timestamp:   f.Timestamp,
		RequestID:   string(f.RequestID),
		ModelName:   string(f.ModelName),
		ChunkSize:   f.ChunkSize,
		SeqLen:      f.SeqLen,
		DTypes:      f.dtypeStrings(),
		Shapes:      f.shapes(),
		ChunkHashes: f.hashStrings(),
		SessionID:   string(f.SessionID),
		CacheSalt:   string(f.CacheSalt),
		Source:      string(f.Source),
	}
	if f.HasCachedTokens() {
		r.CachedTokens = new(f.CachedTokens)
	}
	return r
}
