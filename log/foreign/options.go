package foreign

import (
	"fmt"
	"path/filepath"
	"regexp"
	"strconv"

	"hashlog/log"
)

// Name names a format.
type Name string

const (
	Auto     Name = "auto"     // the first record of each log decides
	Hashlog  Name = "hashlog"  // lookup-hash logs, as LMCache and package writer write them
	Mooncake Name = "mooncake" // see the package comment, as for the rest
	Bailian  Name = "bailian"
	Tokens   Name = "tokens"
	Table    Name = "csv"
)

// Options say how logs are read. The zero value recognises each log by its first record.
type Options struct {
	// Format is that of all logs: Auto, Hashlog, Mooncake, Bailian or Tokens. Default "": Auto.
	Format Name
	// BlockSize is the tokens of a block, in Mooncake and Bailian. Default 0: from the file's
	// name, or the format's default.
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

// Formats returns the formats for log.Options.
func (o Options) Formats() []log.Format {
	switch o.Format {
	case "", Auto:
		return []log.Format{known{o, &bailian}, known{o, &mooncake}}
	case Mooncake:
		return []log.Format{forced(o, &mooncake)}
	case Bailian:
		return []log.Format{forced(o, &bailian)}
	case Tokens:
		return []log.Format{always(func(string) log.Decoder { return newTokens(o) })}
	}
	return nil
}

// always is a format that takes every log.
type always func(name string) log.Decoder

func (a always) Decoder(name string, _ []byte) log.Decoder { return a(name) }

func forced(o Options, k *kind) log.Format {
	return always(func(name string) log.Decoder { return newTrace(o, k, name) })
}

// known is a format that takes the logs that look like it.
type known struct {
	opts Options
	kind *kind
}

func (f known) Decoder(name string, first []byte) log.Decoder {
	if !f.kind.looks(first) {
		return nil
	}
	return newTrace(f.opts, f.kind, name)
}

// looks reports whether a line looks like one of this kind.
func (k *kind) looks(line []byte) bool {
	o := log.NewObject("chunk_hashes", "chat_id", "hash_ids", "input_length", "input_tokens")
	if o.Parse(line) != nil || o.Value(0) != nil {
		return false
	}
	return (o.Value(1) != nil) == (k == &bailian) && (o.Value(2) != nil || o.Value(3) != nil || o.Value(4) != nil)
}

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

// ParseLogFormat reads the name of a format of logs to replay.
func ParseLogFormat(s string) (Name, error) {
	switch n := Name(s); n {
	case Auto, Hashlog, Mooncake, Bailian:
		return n, nil
	}
	return "", fmt.Errorf("format %q: must be auto, hashlog, mooncake or bailian", s)
}

// ParseTraceFormat reads the name of a format that can be converted to lookup-hash logs.
func ParseTraceFormat(s string) (Name, error) {
	switch n := Name(s); n {
	case Mooncake, Bailian, Tokens, Table:
		return n, nil
	}
	return "", fmt.Errorf("format %q: must be mooncake, bailian, tokens or csv", s)
}
