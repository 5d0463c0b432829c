package foreign

import (
	"path/filepath"
	"regexp"
	"strconv"
)

// Name names a format.
type Name string

const (
	Auto     Name = "auto"     // the first record of each log decides
	Hashlog  Name = "hashlog"  // lookup-hash logs, as LMCache and package writer write them
	Mooncake Name = "mooncake" // see the package comment, as for the rest
	Bailian  Name = "bailian"
	Dynamo   Name = "dynamo"
	Weka     Name = "weka"
	Tokens   Name = "tokens"
	Table    Name = "csv"
)

// Options say how logs are read. The zero value recognises each log by its first record.
type Options struct {
	// Format is that of all logs: Auto, Hashlog, Mooncake, Bailian, Dynamo or Tokens. Default "": Auto.
	Format Name
	// BlockSize is the tokens of a block, in Mooncake and Bailian. Default 0: from the file's
	// name, or the format's default. Rows of Dynamo say it, and those that say another one are bad
	// records.
	BlockSize int64
	// KeepTail keeps the id of a partial tail block as a chunk. Default: it is dropped.
	KeepTail bool
	// ChunkSize is how many token ids are hashed together. Default 0: 256.
	ChunkSize int64
	// Alone says that there is only one log, so rows of tokens need no timestamps.
	Alone bool
	// Lines renders every record as a canonical line, into Entry.Text.
	Lines bool
}

const (
	mooncakeBlock = 512
	bailianBlock  = 16
	tokensChunk   = 256
)

var inName = regexp.MustCompile(`blksz_(\d{1,9})(?:\D|$)`)

// block returns how many tokens a block has in the file of that name, and why.
func (o Options) block(k *kind, name string) (tokens int64, why string) {
	if o.BlockSize > 0 {
		return o.BlockSize, "as given"
	}
	if m := inName.FindStringSubmatch(filepath.Base(name)); m != nil && k.named {
		if n, err := strconv.ParseInt(m[1], 10, 64); err == nil && n > 0 {
			return n, "as its name says"
		}
	}
	return k.block, "by default"
}

// tail says what happens to partial tail blocks.
func (o Options) tail() string {
	if o.KeepTail {
		return "partial tail blocks are kept as chunks"
	}
	return "partial tail blocks are dropped"
}
