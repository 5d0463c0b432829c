package line

import (
	"cmp"
	"fmt"
	"math"
	"math/rand/v2"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// sameFloat checks a JSON number against strconv, to the last bit.
func sameFloat(t *testing.T, text string) {
	c := cursor{text: []byte(text)}
	have := c.float()
	want, err := strconv.ParseFloat(text, 64)
	if c.bad || c.at < len(text) {
		return
	}
	require.NoError(t, err, text)
	if math.Float64bits(have) != math.Float64bits(want) {
		t.Fatalf("%s: %v instead of %v", text, have, want)
	}
}

// numbers are near a border: of what fits, of what is exact, or halfway between two floats.
var numbers = []string{"0", "-0", "0.0", "-0.0", "0.1", "1711929600.1234567", "1711929600.123", "9007199254740993", "9007199254740995.0",
	"9007199254740992.5", "9007199254740993.5", "9223372036854775807", "9999999999999999999", "18446744073709551615", "99999999999999999999",
	"0.9999999999999999999", "0.0000000000000000001", "0.000000000000000001", "4503599627370496.5", "4503599627370497.5",
	"4503599627370496.501", "4503599627370496.499", "1.000000000000000111", "1.00000000000000011", "1e22", "1.5e-7", "1E+2", "123456.7e5"}

func TestFloat(t *testing.T) {
	for _, text := range numbers {
		c := cursor{text: []byte(text)}
		c.float()
		require.False(t, c.bad, text)
		require.Equal(t, len(text), c.at)
		sameFloat(t, text)
	}
	rng := rand.New(rand.NewPCG(9, 10))
	for range 200000 {
		n := rng.Uint64() >> rng.IntN(64)
		digits := strconv.FormatUint(n, 10)
		point := rng.IntN(len(digits) + 1)
		sameFloat(t, digits[:point]+"."+digits[point:])
		sameFloat(t, "-0."+strings.Repeat("0", rng.IntN(5))+digits)
		sameFloat(t, fmt.Sprint(1.7e9+rng.Float64()*1e8))
	}
	for _, text := range []string{"", "-", "01", "-01", "1.", ".5", "1e", "1e+", "+1", "x", "1e999"} {
		c := cursor{text: []byte(text)}
		c.float()
		require.True(t, c.bad || c.at < len(text), text)
	}
}

// Halfway between two floats, and a hair to either side.
func TestFloatHalfway(t *testing.T) {
	rng := rand.New(rand.NewPCG(11, 12))
	for range 50000 {
		for places, half := range []string{"", ".5", ".75"} {
			whole := uint64(1)<<(53-places) | rng.Uint64N(1<<(53-places)) | 1
			text := strconv.FormatUint(whole, 10) + half
			sameFloat(t, text)
			sameFloat(t, fmt.Sprintf("%d%s1", whole, cmp.Or(half, ".0")))
			sameFloat(t, strings.TrimSuffix(text, "5")+"49")
		}
	}
}

func FuzzFloat(f *testing.F) {
	for _, text := range numbers {
		f.Add(text)
	}
	f.Fuzz(sameFloat)
}

func TestPlainLen(t *testing.T) {
	for length := range 20 {
		for at := range length {
			for b := range 256 {
				text := []byte(strings.Repeat("~ !z"[at%4:at%4+1], length))
				text[at] = byte(b)
				want := length
				if !isPlain(byte(b)) {
					want = at
				}
				require.Equal(t, want, plainLen(text), "%q", text)
			}
		}
	}
	rng := rand.New(rand.NewPCG(13, 14))
	for range 100000 {
		text := make([]byte, rng.IntN(24))
		for i := range text {
			text[i] = "\x00\x1f !\"#[\\]~\x7f\x80\xff"[rng.IntN(13)]
		}
		want := 0
		for want < len(text) && isPlain(text[want]) {
			want++
		}
		if have := plainLen(text); have != want {
			t.Fatalf("%d instead of %d: %q", have, want, text)
		}
	}
}
