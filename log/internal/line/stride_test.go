package line

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"github.com/zeebo/xxh3"
)

// A twin is one of the implementations of fingerprints.
type twin func(dst []uint64, text []byte, s *stride) int

var twins = map[string]twin{"fingerprints": fingerprints, "portable": fingerprintsPortable}

// plainFingerprints specifies the twins in terms of isHash.
func plainFingerprints(dst []uint64, text []byte, s *stride, between string) int {
	negative := s.prefix == len("-0x")
	for i := range dst {
		hash, behind := text[:s.width], text[s.width:s.width+len(between)]
		if !isHash(hash) || (hash[0] == '-') != negative || string(behind) != between {
			return i
		}
		dst[i] = xxh3.Hash(hash)
		text = text[s.step:]
	}
	return len(dst)
}

// sameFingerprints checks both twins against the plain way.
func sameFingerprints(t *testing.T, text []byte, s *stride, between string) {
	n := (len(text)-s.width-gapMost)/s.step + 1
	want, have := make([]uint64, n), make([]uint64, n)
	wantCount := plainFingerprints(want, text, s, between)
	for name, twin := range twins {
		haveCount := twin(have, text, s)
		if haveCount != wantCount || !slices.Equal(have[:haveCount], want[:wantCount]) {
			t.Fatalf("%s: %d instead of %d from %q", name, haveCount, wantCount, text)
		}
	}
}

var prefixes, gaps = []string{"0x", "-0x"}, []string{`", "`, `","`}

// Every byte at every position of every width. Nothing is read beyond the end.
func TestStride(t *testing.T) {
	memory := guarded(t, 1000)
	for width := 4; width <= 130; width++ {
		between := gaps[width%2]
		for _, prefix := range prefixes {
			hash := prefix + strings.Repeat("7af0", width)[:width-len(prefix)]
			s := newStride([]byte(hash), between)
			list := hash + between + hash + (between + "-")[:gapMost]
			text := memory[len(memory)-len(list):]
			copy(text, list)
			sameFingerprints(t, text, &s, between)
			require.Equal(t, 2, fingerprints(make([]uint64, 2), text, &s))
			text = text[s.step:]
			for at := range text {
				tryBytes(t, text, at, &s, between)
			}
		}
	}
}

// tryBytes puts every byte there in turn.
func tryBytes(t *testing.T, text []byte, at int, s *stride, between string) {
	good := text[at]
	for b := range 256 {
		text[at] = byte(b)
		sameFingerprints(t, text, s, between)
	}
	text[at] = good
}

// plainMixed specifies mixed in terms of isHash.
func plainMixed(dst []uint64, text []byte, between string) (n, size int) {
	for n < len(dst) && len(text)-size >= mixedAhead {
		rest := text[size:]
		width := bytes.IndexByte(rest, '"')
		if width < mixedLeast || width > mixedMost || !isHash(rest[:width]) || !bytes.HasPrefix(rest[width:], []byte(between)) {
			break
		}
		dst[n] = xxh3.Hash(rest[:width])
		n++
		size += width + len(between)
	}
	return n, size
}

// sameMixed checks mixed against the plain way, if this machine has it.
func sameMixed(t *testing.T, text []byte, s *stride, between string) {
	want, have := make([]uint64, len(text)/mixedLeast), make([]uint64, len(text)/mixedLeast)
	wantCount, wantSize := plainMixed(want, text, between)
	haveCount, haveSize := mixed(have, text, s)
	if haveCount == 0 && !canMix() {
		return
	}
	if haveCount != wantCount || haveSize != wantSize || !slices.Equal(have, want) {
		t.Fatalf("%d in %d instead of %d in %d from %q", haveCount, haveSize, wantCount, wantSize, text)
	}
}

// canMix reports whether this machine has what mixed needs.
func canMix() bool {
	text := []byte(strings.Repeat(`0x0123456789abcde", "`, 2))
	s := newStride(text[:mixedLeast], `", "`)
	n, _ := mixed(make([]uint64, 1), text, &s)
	return n == 1
}

func TestMixed(t *testing.T) {
	memory := guarded(t, 1000)
	for width := 4; width <= 34; width++ {
		for i, between := range append(gaps, gaps...) {
			hash := prefixes[i/2] + strings.Repeat("7af0", width)[:width-len(prefixes[i/2])]
			list := hash + between + `-0xfedcba9876543210` + between + `0x0123456789abcdef` + between
			text := memory[len(memory)-len(list):]
			copy(text, list)
			s := newStride([]byte(hash), between)
			for at := range width + gapMost {
				good := text[at]
				for b := range 256 {
					text[at] = byte(b)
					sameMixed(t, text, &s, between)
				}
				text[at] = good
			}
			for end := range text {
				part := memory[len(memory)-end:]
				copy(part, list[:end])
				sameMixed(t, part, &s, between)
			}
		}
	}
}

// randomHashes returns a list of hashes, up to and including the last quote. Most have the same
// width.
func randomHashes(rng *rand.Rand) []byte {
	var list []string
	width := 1 + rng.IntN(70)
	negative, jitter := rng.IntN(2), 1+rng.IntN(2)
	for range 1 + rng.IntN(12) {
		if rng.IntN(8) == 0 {
			width = 1 + rng.IntN(130)
		}
		width = max(1, width+rng.IntN(jitter)-jitter/2)
		hash := make([]byte, width)
		for i := range hash {
			hash[i] = "0123456789abcdef"[rng.IntN(16)]
		}
		list = append(list, prefixes[rng.IntN(1+negative)]+string(hash))
	}
	return []byte(`"` + strings.Join(list, `", "`) + `"`)
}

// Lists of hashes of any kind, sound or damaged.
func TestFingerprints(t *testing.T) {
	rng := rand.New(rand.NewPCG(5, 6))
	for range 20000 {
		list := randomHashes(rng)
		samePrints(t, list)
		samePrints(t, mutate(rng, list))
		samePrints(t, list[:rng.IntN(len(list))])
	}
}

// samePrints checks that a cursor takes the same hashes with and without
// fingerprints.
func samePrints(t *testing.T, list []byte) {
	plain, fast := cursor{text: list}, cursor{text: list}
	spans, prints := plain.hashes(nil), fast.fingerprints(nil)
	sound := !plain.bad && plain.at == len(list)
	require.Equal(t, sound, !fast.bad && fast.at == len(list), "%q", list)
	if !sound {
		return
	}
	require.Equal(t, len(spans), len(prints), "%q", list)
	for i, s := range spans {
		require.Equal(t, Fingerprint(s.of(list)), prints[i], "%q", s.of(list))
	}
}

// FuzzStride checks the twins and what is built on them on any list.
func FuzzStride(f *testing.F) {
	rng := rand.New(rand.NewPCG(7, 8))
	for range 100 {
		f.Add(randomHashes(rng), uint8(4+rng.IntN(127)), rng.IntN(2) == 0)
	}
	memory := guarded(f, 1<<16)
	f.Fuzz(func(t *testing.T, list []byte, width uint8, compact bool) {
		samePrints(t, list)
		if len(list) > len(memory) || width < 4 || len(list) < int(width)+gapMost {
			return
		}
		between := gaps[0]
		if compact {
			between = gaps[1]
		}
		s := newStride(list[:width], between)
		most := (len(list) - s.width - gapMost) / s.step
		list = list[:most*s.step+s.width+gapMost]
		text := memory[len(memory)-len(list):]
		copy(text, list)
		sameFingerprints(t, text, &s, between)
		sameMixed(t, text, &s, between)
	})
}

func BenchmarkFingerprints(b *testing.B) {
	for _, width := range []int{10, 18, 34, 66} {
		hash := "0x" + strings.Repeat("7", width-2)
		text := bytes.Repeat([]byte(hash+`", "`), 1000)
		s := newStride([]byte(hash), `", "`)
		dst := make([]uint64, 1000)
		for name, twin := range twins {
			b.Run(fmt.Sprintf("width=%d/%s", width, name), func(b *testing.B) {
				b.SetBytes(int64(len(text)))
				for b.Loop() {
					if twin(dst, text, &s) != len(dst) {
						b.Fatal("not all")
					}
				}
			})
		}
	}
}
