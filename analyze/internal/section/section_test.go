package section

import (
	"bytes"
	"errors"
	"io"
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/stretchr/testify/require"
)

// value is one value of a part: it writes itself, and requires that a reader reads the same.
type value struct {
	write func(*Writer)
	read  func(testing.TB, *Reader)
}

func valueOf[T any](v T, write func(*Writer, T), read func(*Reader) T) value {
	return value{func(w *Writer) { write(w, v) }, func(t testing.TB, r *Reader) { require.Equal(t, v, read(r)) }}
}

// randomValue returns a value of any kind and size.
func randomValue(r *rand.Rand) value {
	n := r.Uint64() >> r.IntN(64)
	switch r.IntN(8) {
	case 0:
		return valueOf(n, (*Writer).Uint, (*Reader).Uint)
	case 1:
		return valueOf(int64(n)*(1-2*r.Int64N(2)), (*Writer).Int, (*Reader).Int)
	case 2:
		return valueOf(math.Float64bits(math.Float64frombits(n)), func(w *Writer, n uint64) { w.Float(math.Float64frombits(n)) },
			func(r *Reader) uint64 { return math.Float64bits(r.Float()) })
	case 3:
		return valueOf(n, (*Writer).Fixed64, (*Reader).Fixed64)
	case 4:
		return valueOf(n%2 == 0, (*Writer).Bool, (*Reader).Bool)
	case 5:
		return randomIntegers(r)
	case 6:
		return valueOf(string(randomBytes(r, 100)), (*Writer).Text, (*Reader).Text)
	}
	return valueOf(randomBytes(r, 3000), (*Writer).Blob, func(r *Reader) []byte { return append([]byte{}, r.Blob(nil)...) })
}

// randomIntegers returns integers that are written together and read one by one.
func randomIntegers(r *rand.Rand) value {
	list := make([]uint64, r.IntN(3000))
	for i := range list {
		list[i] = r.Uint64()
	}
	return valueOf(list, (*Writer).AllFixed64, func(r *Reader) []uint64 {
		got := []uint64{}
		for range list {
			got = append(got, r.Fixed64())
		}
		return got
	})
}

func randomBytes(r *rand.Rand, most int) []byte {
	b := make([]byte, r.IntN(most))
	for i := range b {
		b[i] = byte(r.Uint32())
	}
	return b
}

var tags = []string{"HEAD", "sums", "KEYS"}

// file returns a file of parts, each compressed or not.
func file(t testing.TB, parts ...[]value) []byte {
	var out bytes.Buffer
	w := NewWriter(&out)
	for i, part := range parts {
		w.Begin(tags[i%len(tags)], i%2 == 0)
		for _, v := range part {
			v.write(w)
		}
	}
	require.NoError(t, w.Close())
	return out.Bytes()
}

// read requires that a file has these parts.
func read(t testing.TB, in io.Reader, parts ...[]value) {
	r, err := NewReader(in)
	require.NoError(t, err)
	for i, part := range parts {
		require.Equal(t, tags[i%len(tags)], r.Next())
		r.Begin(tags[i%len(tags)])
		for _, v := range part {
			require.True(t, r.More())
			v.read(t, r)
			require.NoError(t, r.Err())
		}
		require.False(t, r.More())
	}
	require.Equal(t, endTag, r.Next())
	require.NoError(t, r.Close())
}

func TestRoundTrip(t *testing.T) {
	for seed := range uint64(20) {
		r := rand.New(rand.NewPCG(seed, 1))
		parts := make([][]value, r.IntN(6))
		for i := range parts {
			for range r.IntN(2000) >> r.IntN(11) {
				parts[i] = append(parts[i], randomValue(r))
			}
		}
		whole := file(t, parts...)
		read(t, bytes.NewReader(whole), parts...)
		if seed < 5 {
			read(t, iotest.OneByteReader(bytes.NewReader(whole)), parts...)
		}
	}
}

// TestLongParts has parts of many sections, at whose borders are values of all lengths.
func TestLongParts(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 1))
	long := valueOf(strings.Repeat("0123456789", MaxPayload/4), (*Writer).Text, (*Reader).Text)
	var numbers, texts []value
	for range 700_000 {
		numbers = append(numbers, valueOf(r.Uint64()>>r.IntN(64), (*Writer).Uint, (*Reader).Uint))
	}
	for range 5 {
		texts = append(texts, long, randomValue(r))
	}
	for _, parts := range [][][]value{{numbers, texts}, {texts, numbers}} {
		read(t, bytes.NewReader(file(t, parts...)), parts...)
	}
}

// readAll reads a file of one value of each kind in each of two parts.
func readAll(in io.Reader) error {
	r, err := NewReader(in)
	if err != nil {
		return err
	}
	for _, tag := range []string{"HEAD", "KEYS"} {
		r.Begin(tag)
		r.Uint()
		r.Int()
		r.Float()
		r.Fixed64()
		r.Bool()
		r.Text()
	}
	return r.Close()
}

func small(t testing.TB) []byte {
	var out bytes.Buffer
	w := NewWriter(&out)
	for i, tag := range []string{"HEAD", "KEYS"} {
		w.Begin(tag, i == 0)
		w.Uint(1000)
		w.Int(-1000)
		w.Float(math.Pi)
		w.Fixed64(7)
		w.Bool(true)
		w.Text(strings.Repeat("text", 100))
	}
	require.NoError(t, w.Close())
	require.NoError(t, readAll(bytes.NewReader(out.Bytes())))
	return out.Bytes()
}

// TestDamage flips each bit, cuts at each length, and appends a byte: each is an error, which names a byte of the file.
func TestDamage(t *testing.T) {
	whole := small(t)
	refused := func(damaged []byte) {
		var e *Error
		require.ErrorAs(t, readAll(bytes.NewReader(damaged)), &e)
		require.LessOrEqual(t, e.Byte, int64(len(damaged)))
	}
	for i := range whole {
		refused(whole[:i])
		for bit := range 8 {
			damaged := bytes.Clone(whole)
			damaged[i] ^= 1 << bit
			refused(damaged)
		}
	}
	refused(append(bytes.Clone(whole), 0))
}

// TestMovedSections leaves out each section, and repeats and swaps them: the checksums of the sections are right then.
func TestMovedSections(t *testing.T) {
	one := []value{valueOf(uint64(1), (*Writer).Fixed64, (*Reader).Fixed64)}
	whole := file(t, nil, one, nil, one, one)
	const start = len(Magic) + 4
	var sections [][]byte
	for rest := whole[start:]; len(rest) > 0; {
		n := headerBytes + int(rest[tagBytes]) + sumBytes
		sections = append(sections, rest[:n])
		rest = rest[n:]
	}
	require.Len(t, sections, 6)
	for i := range sections {
		left := append(append([][]byte{whole[:start]}, sections[:i]...), sections[i+1:]...)
		require.Error(t, readParts(bytes.Join(left, nil)), "without section %d", i)
		twice := append(append([][]byte{whole[:start]}, sections[:i+1]...), sections[i:]...)
		require.Error(t, readParts(bytes.Join(twice, nil)), "section %d twice", i)
	}
	require.NoError(t, readParts(whole))
}

// readParts reads all parts of a file of fixed integers.
func readParts(b []byte) error {
	r, err := NewReader(bytes.NewReader(b))
	if err != nil {
		return err
	}
	for tag := r.Next(); tag != endTag && r.Err() == nil; tag = r.Next() {
		for r.Begin(tag); r.More(); {
			r.Fixed64()
		}
	}
	return r.Close()
}

func TestErrors(t *testing.T) {
	whole := small(t)
	fails := func(want string, read func(*Reader)) {
		t.Helper()
		r, err := NewReader(bytes.NewReader(whole))
		require.NoError(t, err)
		read(r)
		require.EqualError(t, r.Err(), want)
		require.EqualError(t, r.Close(), want)
		require.Zero(t, r.Uint())
		require.Zero(t, r.Fixed64())
		require.Empty(t, r.Text())
		require.False(t, r.More())
	}
	fails(`byte 12, section "HEAD": a section "KEYS" should be here`, func(r *Reader) { r.Begin("KEYS") })
	fails(`byte 12, section "HEAD": it has more than expected`, func(r *Reader) { r.Begin("HEAD"); r.Begin("KEYS") })
	fails(`byte 12, section "HEAD": index of 1000, above 999`, func(r *Reader) { r.Begin("HEAD"); r.UpTo(999, "index") })
	fails(`byte 12, section "HEAD": it has less than expected`, func(r *Reader) {
		for r.Begin("HEAD"); r.More(); {
			r.Blob(nil)
		}
		r.Uint()
	})
	_, err := NewReader(strings.NewReader(`{"timestamp": 1}`))
	require.EqualError(t, err, "byte 0: no summary: it begins with other bytes")
	other := bytes.Clone(whole)
	other[len(Magic)]++
	require.EqualError(t, readAll(bytes.NewReader(other)), "byte 8: a summary of version 2; this program reads version 1")
	require.EqualError(t, readAll(bytes.NewReader(whole[:100])), "byte 100: the file is truncated")
	require.EqualError(t, readAll(bytes.NewReader(append(whole, 0))), "byte 541: bytes follow the end of the summary")
}

func TestUnderlyingErrors(t *testing.T) {
	whole := small(t)
	broken := errors.New("broken")
	for i := range whole {
		require.ErrorIs(t, readAll(io.MultiReader(bytes.NewReader(whole[:i]), iotest.ErrReader(broken))), broken)
	}
	w := NewWriter(iotest.TruncateWriter(io.Discard, 0))
	require.NoError(t, w.Close())
	w = NewWriter(failing{broken})
	w.Begin("HEAD", true)
	require.ErrorIs(t, w.Close(), broken)
}

type failing struct{ err error }

func (f failing) Write([]byte) (int, error) { return 0, f.err }

func TestWriterMisuse(t *testing.T) {
	w := NewWriter(io.Discard)
	require.Panics(t, func() { w.Begin("FIVE5", false) })
	require.Panics(t, func() { w.Begin(endTag, false) })
	w.Begin("HEAD", false)
	require.Panics(t, func() { w.Begin("HEAD", false) })
}

// TestRatio writes what compresses best, and requires that the file is still as long as the format says.
func TestRatio(t *testing.T) {
	zeros := valueOf(make([]byte, 10*MaxPayload), (*Writer).Blob, func(r *Reader) []byte { return r.Blob(nil) })
	for _, n := range []int{0, 1, 63, 64, 65, 1000, 5000, 100_000} {
		few := valueOf(make([]byte, n+1), (*Writer).Blob, func(r *Reader) []byte { return r.Blob(nil) })
		read(t, bytes.NewReader(file(t, []value{few})), []value{few})
	}
	whole := file(t, []value{zeros})
	read(t, bytes.NewReader(whole), []value{zeros})
	require.Greater(t, len(whole), 10*MaxPayload/MaxRatio)
	require.Less(t, len(whole), 11*MaxPayload/MaxRatio)
}

// TestFixed64 requires that many integers at once are the same file as one by one, and are read alike.
func TestFixed64(t *testing.T) {
	list := make([]uint64, 300_000)
	for i := range list {
		list[i] = uint64(i) * 0x9e3779b97f4a7c15
	}
	var one, many bytes.Buffer
	w := NewWriter(&one)
	w.Begin("KEYS", false)
	for _, n := range list {
		w.Fixed64(n)
	}
	require.NoError(t, w.Close())
	w = NewWriter(&many)
	w.Begin("KEYS", false)
	for rest := list; len(rest) > 0; {
		n := min(len(rest), 70_001)
		w.AllFixed64(rest[:n])
		rest = rest[n:]
	}
	require.NoError(t, w.Close())
	require.True(t, bytes.Equal(one.Bytes(), many.Bytes()))
	r, err := NewReader(&many)
	require.NoError(t, err)
	var got []uint64
	for r.Begin("KEYS"); r.More(); {
		got = r.AppendFixed64(got)
	}
	require.NoError(t, r.Close())
	require.True(t, slices.Equal(list, got))
}

func BenchmarkKeys(b *testing.B) {
	const keys = 1 << 20
	var out bytes.Buffer
	b.Run("write", func(b *testing.B) {
		b.SetBytes(8 * keys)
		for b.Loop() {
			out.Reset()
			w := NewWriter(&out)
			w.Begin("KEYS", false)
			for i := range uint64(keys) {
				w.Fixed64(i * 0x9e3779b97f4a7c15)
			}
			require.NoError(b, w.Close())
		}
	})
	b.Run("read", func(b *testing.B) {
		b.SetBytes(8 * keys)
		for b.Loop() {
			r, err := NewReader(bytes.NewReader(out.Bytes()))
			require.NoError(b, err)
			for r.Begin("KEYS"); r.More(); {
				r.Fixed64()
			}
			require.NoError(b, r.Close())
		}
	})
}
