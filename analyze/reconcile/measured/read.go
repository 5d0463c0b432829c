package measured

import (
	"bytes"
	"errors"
	"fmt"
	"os"

	"hashlog/log"
)

// Options say how files are read. The zero value finds everything out.
type Options struct {
	// Form says whether the rows of a CSV are counters or what was counted since the row before.
	Form Form
	// Metric chooses a pair of counters by the name of either one, where files hold several pairs.
	Metric string
}

// A Form says what the rows of a CSV count.
type Form int

const (
	// AnyForm is found out: rows that never fall, but for restarts, are counters.
	AnyForm Form = iota
	// Counters count from the start of the server.
	Counters
	// Deltas count from the row before.
	Deltas
)

// ParseForm reads "counters" or "deltas".
func ParseForm(text string) (Form, error) {
	switch text {
	case "counters":
		return Counters, nil
	case "deltas":
		return Deltas, nil
	}
	return AnyForm, fmt.Errorf("form %q: must be counters or deltas", text)
}

// Read reads what a server counted from one CSV, or from any number of files with answers of Prometheus.
//
// What is wrong with a file is a [*SyntaxError], which locates it. Files that can be read but don't say a hit rate give
// a [*MetricError], [*ChoiceError], [*UnitError], [*FallError] or [*FormError].
func Read(paths []string, o Options) (*Series, error) {
	var files []file
	for _, path := range paths {
		data, err := os.ReadFile(path)
		if err != nil {
			return nil, err
		}
		files = append(files, file{path, bytes.TrimPrefix(data, []byte("\ufeff"))})
	}
	return read(files, o)
}

// A file is a name for errors, and what is in it.
type file struct {
	name string
	data []byte
}

func read(files []file, o Options) (*Series, error) {
	if len(files) == 0 {
		return nil, errors.New("no file with measured tokens")
	}
	var answers []file
	for _, f := range files {
		if f.isJSON() {
			answers = append(answers, f)
		} else if len(files) > 1 {
			return nil, &SyntaxError{f.name, 1, errors.New("a CSV holds hits and requests, so it must be the only file")}
		}
	}
	switch {
	case len(answers) == 0 && o.Metric != "":
		return nil, fmt.Errorf("%s: metric %q: a CSV has but its columns %s and %s", log.Quoted(files[0].name), o.Metric, csvColumns[1], csvColumns[2])
	case len(answers) > 0 && o.Form != AnyForm:
		return nil, fmt.Errorf("%s: answers of Prometheus hold counters: only of a CSV can be said what its rows count", log.Quoted(answers[0].name))
	case len(answers) == 0:
		return readCSV(files[0], o.Form)
	}
	return readAnswers(answers, o.Metric)
}

// isJSON reports whether a file begins like JSON. Any other one is a CSV.
func (f *file) isJSON() bool {
	text := bytes.TrimLeft(f.data, " \t\r\n")
	return len(text) > 0 && (text[0] == '{' || text[0] == '[')
}
