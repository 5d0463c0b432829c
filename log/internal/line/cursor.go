package line

import (
	"encoding/binary"
	"math"
	"math/bits"
	"strconv"
)

// cursor steps through a line. Once it is bad it no longer moves.
type cursor struct {
	text  []byte
	at    int
	bad   bool
	loose bool // accept any white space, and any plain strings as hashes
}

// peek returns the next byte, 0 at the end.
func (c *cursor) peek() byte {
	if c.at < len(c.text) && !c.bad {
		return c.text[c.at]
	}
	return 0
}

// accept steps over s if it comes next.
func (c *cursor) accept(s string) bool {
	if c.bad || len(c.text)-c.at < len(s) || string(c.text[c.at:c.at+len(s)]) != s {
		return false
	}
	c.at += len(s)
	return true
}

// literal steps over s, which must come next.
func (c *cursor) literal(s string) {
	if !c.accept(s) {
		c.bad = true
	}
}

// space steps over white space if the cursor is loose.
func (c *cursor) space() {
	for c.loose && isSpace(c.peek()) {
		c.at++
	}
}

func isSpace(b byte) bool { return b == ' ' || b == '\t' || b == '\r' || b == '\n' }

// more steps over the separator of two list elements, and reports whether there is one.
func (c *cursor) more() bool {
	if !c.loose {
		return c.accept(", ")
	}
	c.space()
	ok := c.accept(",")
	c.space()
	return ok
}

// string steps over the rest of a plain string, after its opening quote.
func (c *cursor) string() span {
	s := c.plain()
	c.literal(`"`)
	return s
}

// plain steps over plain bytes.
func (c *cursor) plain() span {
	start := c.at
	if !c.bad {
		c.at += plainLen(c.text[c.at:])
	}
	return span{start, c.at}
}

// isPlain reports whether b stands for itself inside a JSON string.
func isPlain(b byte) bool { return b >= ' ' && b <= '~' && b != '"' && b != '\\' }

// plainLen returns how many bytes at the beginning of text are plain.
func plainLen(text []byte) (n int) {
	for ; len(text)-n >= 8; n += 8 {
		if odd := oddBits(binary.LittleEndian.Uint64(text[n:])); odd != 0 {
			return n + bits.TrailingZeros64(odd)/8
		}
	}
	for n < len(text) && isPlain(text[n]) {
		n++
	}
	return n
}

// oddBits returns 0 if all eight bytes are plain. Otherwise its lowest set bit is the high bit
// of the first byte that is not. The bits above are undefined, since carries and borrows go
// upwards from such a byte.
func oddBits(w uint64) uint64 {
	quote, backslash := w^'"'*everyByte, w^'\\'*everyByte
	return ((quote-everyByte)&^quote | (backslash-everyByte)&^backslash |
		(w-' '*everyByte)&^w | (w + everyByte) | w) & highBits
}

// digits steps over digits. It returns their count, and n with the digits appended, which is
// right for up to 19 digits in all.
func (c *cursor) digits(n uint64) (count int, value uint64) {
	if c.bad {
		return 0, n
	}
	start := c.at
	for _, b := range c.text[start:] {
		if b < '0' || b > '9' {
			break
		}
		n = n*10 + uint64(b-'0')
		c.at++
	}
	return c.at - start, n
}

// integer steps over an integer of up to 18 digits without a sign.
func (c *cursor) integer() int64 {
	leading := c.peek()
	count, n := c.digits(0)
	if count == 0 || count > 18 || count > 1 && leading == '0' {
		c.bad = true
		return 0
	}
	return int64(n)
}

// float steps over a JSON number.
func (c *cursor) float() float64 {
	start := c.at
	negative := c.accept("-")
	leading := c.peek()
	whole, n := c.digits(0)
	if whole == 0 || whole > 1 && leading == '0' {
		c.bad = true
	}
	fraction := 0
	if c.accept(".") {
		if fraction, n = c.digits(n); fraction == 0 {
			c.bad = true
		}
	}
	exponent := c.exponent()
	if c.bad {
		return 0
	}
	if !exponent && whole+fraction <= maxDigits {
		return decimal(negative, n, fraction)
	}
	value, err := strconv.ParseFloat(string(c.text[start:c.at]), 64)
	if err != nil {
		c.bad = true
	}
	return value
}

// exponent steps over an exponent if one comes next.
func (c *cursor) exponent() bool {
	if !c.accept("e") && !c.accept("E") {
		return false
	}
	if !c.accept("+") {
		c.accept("-")
	}
	if count, _ := c.digits(0); count == 0 {
		c.bad = true
	}
	return true
}

// maxDigits is how many decimal digits always fit into a uint64.
const maxDigits = 19

// decimal returns n / 10^places, rounded once as strconv.ParseFloat does, for up
// to maxDigits places. Both are shifted until their highest bit is set, so the
// quotient has 63 bits or more, ten more than a float64. A remainder sets the last bit of
// the quotient, which is all that rounding needs.
func decimal(negative bool, n uint64, places int) float64 {
	value := 0.0
	if n > 0 {
		d := powersOf10[places]
		shiftN, shiftD := bits.LeadingZeros64(n), bits.LeadingZeros64(d)
		n, d = n<<shiftN, d<<shiftD
		quotient, rest := bits.Div64(n>>1, n<<63, d) // n × 2^63 / d
		if rest != 0 {
			quotient |= 1
		}
		value = float64(quotient) * power2(shiftD-shiftN-63)
	}
	if negative {
		value = -value
	}
	return value
}

// power2 returns 2^n, where that is a normal float64.
func power2(n int) float64 { return math.Float64frombits(uint64(n+1023) << 52) }

var powersOf10 = [maxDigits + 1]uint64{1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9,
	1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19}
