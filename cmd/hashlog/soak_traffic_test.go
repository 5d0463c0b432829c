//go:build unix

package main

import (
	"bytes"
	"context"
	"fmt"
	"math/bits"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"hashlog/log"
)

// soakLine appends the line of a number to a text. Eight fall into a second; conversations grow, and come again for a
// million lines, so that the unique chunks of a folder are few.
func soakLine(text []byte, number int64) []byte {
	const users, most = 4096, 24
	user := number % users
	chunks := 8 + (number/users+user)%(most-8)
	text = append(text, `{"timestamp": `...)
	text = strconv.AppendInt(text, 1711929600+number/8, 10)
	text = append(text, [...]string{".0", ".125", ".25", ".375", ".5", ".625", ".75", ".875"}[number%8]...)
	text = append(text, `, "request_id": "soak-`...)
	text = strconv.AppendInt(text, number, 10)
	text = append(text, `", "model_name": "m", "chunk_size": 256, "seq_len": `...)
	text = strconv.AppendInt(text, 256*chunks+17, 10)
	text = append(text, `, "dtypes": ["torch.bfloat16"], "shapes": [[2, 32, 256, 1024]], "chunk_hashes": [`...)
	for i := range chunks {
		if i > 0 {
			text = append(text, ", "...)
		}
		text = append(text, `"0x`...)
		text = appendHash(text, (number>>20*users+user)*most+i)
		text = append(text, '"')
	}
	return append(text, "]}\n"...)
}

func appendHash(text []byte, of int64) []byte {
	const digits = "0123456789abcdef"
	high, low := bits.Mul64(uint64(of)+0x9e3779b97f4a7c15, 0xd1342543de82ef95)
	for shift, hash := 60, high^low; shift >= 0; shift -= 4 {
		text = append(text, digits[hash>>shift&15])
	}
	return text
}

// soakLines reads a folder of lines made by soakLine, and returns the numbers of the first and the last. It fails unless
// all lines in between are there, each once, in order and to the last byte.
func soakLines(ctx context.Context, dir string) (first, last int64, err error) {
	files, err := log.Find(ctx, []string{dir}, nil)
	if err != nil {
		return 0, 0, err
	}
	texts, err := files.Texts(ctx)
	if err != nil {
		return 0, 0, err
	}
	defer texts.Close()
	first, next := int64(-1), int64(0)
	var want []byte
	for texts.Next() {
		for texts.Scan() {
			line := texts.Line()
			if first < 0 {
				record, err := log.Decode(line.Text)
				if err != nil {
					return 0, 0, fmt.Errorf("%s:%d: %w", texts.Name(), line.Number, err)
				}
				if first, err = strconv.ParseInt(strings.TrimPrefix(record.RequestID, "soak-"), 10, 64); err != nil {
					return 0, 0, err
				}
				next = first
			}
			want = soakLine(want[:0], next)
			if !line.Ended || !bytes.Equal(line.Text, want[:len(want)-1]) {
				return 0, 0, fmt.Errorf("%s:%d: is not line %d, but %.200q", texts.Name(), line.Number, next, line.Text)
			}
			next++
		}
		if damage := texts.Damage(); damage != nil {
			return 0, 0, fmt.Errorf("%v", damage)
		}
	}
	return first, next - 1, texts.Err()
}

// TestSoakLines lets the check find a line that is missing, doubled, torn, glued to another or changed.
func TestSoakLines(t *testing.T) {
	var whole []byte
	for i := range 20 {
		whole = soakLine(whole, int64(1_000_000+i))
	}
	lines := bytes.SplitAfter(whole, []byte("\n"))[:20]
	join := func(parts ...[][]byte) []byte { return bytes.Join(slices.Concat(parts...), nil) }
	for name, c := range map[string]struct {
		text []byte
		want string
	}{
		"whole":   {whole, ""},
		"missing": {join(lines[:7], lines[8:]), ":8: is not line 1000007"},
		"doubled": {join(lines[:7], lines[6:]), ":8: is not line 1000007"},
		"torn":    {whole[:len(whole)-1], ":20: is not line 1000019"},
		"glued":   {bytes.Replace(whole, []byte("}\n"), []byte("}"), 1), ":1: "},
		"changed": {bytes.Replace(whole, []byte(`"m"`), []byte(`"n"`), 3), ":1: is not line 1000000"},
	} {
		dir := t.TempDir()
		require.NoError(t, os.WriteFile(filepath.Join(dir, "lookup_hashes_20240101_000000_000001.jsonl"), c.text, 0o666))
		first, last, err := soakLines(context.Background(), dir)
		if c.want == "" {
			require.NoError(t, err, name)
			require.Equal(t, []int64{1_000_000, 1_000_019}, []int64{first, last})
		} else {
			require.ErrorContains(t, err, c.want, name)
		}
	}
	_, err := log.Decode(bytes.TrimSpace(lines[0]))
	require.NoError(t, err)
}
