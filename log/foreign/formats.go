package foreign

import (
	"fmt"
	"strings"

	"hashlog/log"
)

// format is a format in which logs are replayed. To add one, write its [log.Decoder] in a file of its own and list it in
// formats.
type format struct {
	name  Name
	about string
	// recognises reports whether a line is of this format. No two formats recognise the same line.
	recognises func(line []byte) bool
	decoder    func(o Options, file string) log.Decoder
}

// formats are all formats but that of package log.
var formats = []format{traceFormat(Mooncake, &mooncake, "Mooncake and Dynamo traces"), traceFormat(Bailian, &bailian, "Qwen traces")}

func traceFormat(name Name, k *kind, about string) format {
	return format{name: name, about: about, recognises: k.recognises,
		decoder: func(o Options, file string) log.Decoder { return newTrace(o, k, file) }}
}

// Formats returns the formats for log.Options.
func (o Options) Formats() []log.Format {
	if o.Format == Tokens {
		return []log.Format{always(func(string) log.Decoder { return newTokens(o) })}
	}
	var list []log.Format
	for _, f := range formats {
		switch o.Format {
		case "", Auto:
			list = append(list, recognised{o, f})
		case f.name:
			list = append(list, always(func(file string) log.Decoder { return f.decoder(o, file) }))
		}
	}
	return list
}

// always is a format that takes every log.
type always func(file string) log.Decoder

// Decoder implements log.Format.
func (a always) Decoder(file string, _ []byte) log.Decoder { return a(file) }

// recognised is a format that takes the logs it recognises.
type recognised struct {
	opts Options
	format
}

// Decoder implements log.Format.
func (r recognised) Decoder(file string, first []byte) log.Decoder {
	if !r.recognises(first) {
		return nil
	}
	return r.decoder(r.opts, file)
}

// LogFormat names a format in which logs are replayed.
type LogFormat struct {
	Name  Name
	About string // a few words
}

// LogFormats returns the formats in which logs are replayed, Auto and Hashlog first.
func LogFormats() []LogFormat {
	list := []LogFormat{{Auto, "the first record of each log decides"}, {Hashlog, "lookup-hash logs"}}
	for _, f := range formats {
		list = append(list, LogFormat{f.name, f.about})
	}
	return list
}

// ParseLogFormat reads the name of a format in which logs are replayed: one of LogFormats.
func ParseLogFormat(s string) (Name, error) {
	var names []string
	for _, f := range LogFormats() {
		if string(f.Name) == s {
			return f.Name, nil
		}
		names = append(names, string(f.Name))
	}
	last := len(names) - 1
	return "", fmt.Errorf("format %q: must be %s or %s", s, strings.Join(names[:last], ", "), names[last])
}

// ParseTraceFormat reads the name of a format that can be converted to lookup-hash logs.
func ParseTraceFormat(s string) (Name, error) {
	switch n := Name(s); n {
	case Mooncake, Bailian, Tokens, Table:
		return n, nil
	}
	return "", fmt.Errorf("format %q: must be mooncake, bailian, tokens or csv", s)
}
