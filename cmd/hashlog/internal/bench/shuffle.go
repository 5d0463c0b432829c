package main

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"math/rand/v2"
	"os"
	"slices"
)

// shuffleFile writes the records of a segment in a form that is valid but not canonical.
func shuffleFile(from, to string) error {
	in, err := os.Open(from)
	if err != nil {
		return err
	}
	defer in.Close()
	out, err := os.Create(to)
	if err != nil {
		return err
	}
	if err := errors.Join(shuffle(out, in), out.Close()); err != nil {
		return fmt.Errorf("shuffling %s: %w", from, err)
	}
	return nil
}

// shuffle copies records, one a line, with the fields of each in random order and without spaces.
func shuffle(out io.Writer, in io.Reader) error {
	random := rand.New(rand.NewPCG(1, 1))
	lines := bufio.NewScanner(in)
	lines.Buffer(nil, 1<<24)
	buffered := bufio.NewWriter(out)
	var line []byte
	for lines.Scan() {
		var err error
		if line, err = shuffleLine(line[:0], lines.Bytes(), random); err != nil {
			return err
		}
		if _, err := buffered.Write(append(line, '\n')); err != nil {
			return err
		}
	}
	return errors.Join(lines.Err(), buffered.Flush())
}

// shuffleLine appends to dst a record with its fields in random order.
func shuffleLine(dst, line []byte, random *rand.Rand) ([]byte, error) {
	var compact bytes.Buffer
	if err := json.Compact(&compact, line); err != nil {
		return nil, err
	}
	var fields map[string]json.RawMessage
	if err := json.Unmarshal(compact.Bytes(), &fields); err != nil {
		return nil, err
	}
	names := slices.Sorted(maps.Keys(fields))
	random.Shuffle(len(names), func(i, j int) { names[i], names[j] = names[j], names[i] })
	separator := byte('{')
	for _, name := range names {
		dst = fmt.Appendf(append(dst, separator), "%q:%s", name, fields[name])
		separator = ','
	}
	return append(dst, '}'), nil
}
