package analyze

// Row is what a replay finds of one counted request. It is valid until the next one.
type Row struct {
	Timestamp float64 // in seconds since the Unix epoch
	Turn      int     // how far into a conversation, from 0
}
