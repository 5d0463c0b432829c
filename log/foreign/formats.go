package foreign

import (
	"fmt"
	"slices"
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
var formats = []format{traceFormat(Mooncake, &mooncake, "Mooncake traces"), traceFormat(Bailian, &bailian, "Qwen traces"),
	{Dynamo, "Dynamo's request traces", recognisesDynamo, newDynamo}}

func traceFormat(name Name, k *kind, about string) format {
	return format{name: name, about: about, recognises: k.recognises,
		decoder: func(o Options, file string) log.Decoder { return newTrace(o, k, file) }}
}

// Formats returns the formats for log.Options.
func (o Options) Formats() []log.Format {
	if o.Format == Hashlog {
		return nil
	}
	list := slices.Clone(refusals)
	if o.Format == Tokens {
		return append(list, always(func(string) log.Decoder { return newTokens(o) }))
	}
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
	var names []Name
	for _, f := range LogFormats() {
		if string(f.Name) == s {
			return f.Name, nil
		}
		names = append(names, f.Name)
	}
	return "", fmt.Errorf("format %q: must be %s", s, alternatives(names))
}

// TraceFormats returns the names of the formats that can be converted to lookup-hash logs.
func TraceFormats() []Name { return []Name{Mooncake, Bailian, Dynamo, Weka, Tokens, Table} }

// ParseTraceFormat reads the name of a format that can be converted to lookup-hash logs.
func ParseTraceFormat(s string) (Name, error) {
	if n := Name(s); slices.Contains(TraceFormats(), n) {
		return n, nil
	}
	return "", fmt.Errorf("format %q: must be %s", s, alternatives(TraceFormats()))
}

// alternatives lists names.
func alternatives(names []Name) string {
	var list []string
	for _, n := range names {
		list = append(list, string(n))
	}
	last := len(list) - 1
	return strings.Join(list[:last], ", ") + " or " + list[last]
}
