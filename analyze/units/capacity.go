package units

import (
	"errors"
	"fmt"
	"math"
	"math/big"
	"strconv"
	"strings"
)

// Unit is the unit of a capacity.
type Unit uint8

const (
	Bytes Unit = iota
	Chunks
	Unlimited // no bound; N is ignored
)

// Capacity is the size of a cache. The zero value is not valid.
type Capacity struct {
	N    int64 // > 0 unless unlimited
	Unit Unit
}

// Check finds what makes a capacity invalid: the zero value, for one.
func (c Capacity) Check() error {
	switch {
	case c.Unit > Unlimited:
		return fmt.Errorf("capacity of %d in the unknown unit %d", c.N, c.Unit)
	case c.Unit == Unlimited:
		return nil
	case c.N <= 0 || c.N == math.MaxInt64:
		return fmt.Errorf("capacity of %s: must be above zero, and below 2^63-1", c)
	}
	return nil
}

// Limit returns N, or more than any number of chunks ever seen where there is no bound.
func (c Capacity) Limit() int64 {
	if c.Unit == Unlimited {
		return math.MaxInt64 - 1 // below sim.Never
	}
	return c.N
}

// sizeForms lists the forms that ParseCapacity accepts, byteForms those of sizes in bytes.
const (
	sizeForms = "write 64GiB, 500GB, 1.5TiB, 4096 (bytes), 5000chunks or inf"
	byteForms = "write 64GiB, 500GB, 1.5TiB or 4096 (bytes)"
)

var byteUnits = map[string]int64{
	"": 1, "b": 1,
	"kb": 1e3, "mb": 1e6, "gb": 1e9, "tb": 1e12, "pb": 1e15, "eb": 1e18,
	"kib": 1 << 10, "mib": 1 << 20, "gib": 1 << 30, "tib": 1 << 40, "pib": 1 << 50, "eib": 1 << 60,
	"ki": 1 << 10, "mi": 1 << 20, "gi": 1 << 30, "ti": 1 << 40, "pi": 1 << 50, "ei": 1 << 60, // as Kubernetes writes them
}

// ParseCapacity reads a size: "64GiB" or "64Gi" (1024³), "500GB" (1000³), "1.5TiB", "4096" (bytes),
// "5000chunks" or "inf", in upper or lower case. It refuses a bare K, M, G or T, which can mean either.
func ParseCapacity(s string) (Capacity, error) { return parseCapacity(s, sizeForms) }

// parseCapacity reads a size. Its errors list the given forms.
func parseCapacity(s, forms string) (Capacity, error) {
	text := strings.ToLower(strings.TrimSpace(s))
	if text == "inf" {
		return Capacity{Unit: Unlimited}, nil
	}
	number, unit := splitUnit(text)
	c, err := parseSize(number, unit)
	if err != nil {
		return Capacity{}, fmt.Errorf("size %q: %w; %s", s, err, forms)
	}
	return c, nil
}

// splitUnit splits a size after its last digit.
func splitUnit(text string) (number, unit string) {
	cut := strings.LastIndexAny(text, "0123456789.") + 1
	return text[:cut], strings.TrimSpace(text[cut:])
}

func parseSize(number, unit string) (Capacity, error) {
	if number == "" {
		return Capacity{}, errors.New("must begin with a number")
	}
	if strings.Trim(number, "0123456789.") != "" || strings.Count(number, ".") > 1 || number == "." {
		return Capacity{}, errors.New("must be a positive number and a unit")
	}
	if unit == "chunk" || unit == "chunks" {
		return parseChunks(number)
	}
	factor, ok := byteUnits[unit]
	switch {
	case !ok && len(unit) == 1 && strings.Contains("kmgtpe", unit):
		up := strings.ToUpper(unit)
		return Capacity{}, fmt.Errorf("%q can mean either: write %siB (powers of 1024) or %sB (powers of 1000)", up, up, up)
	case !ok:
		return Capacity{}, fmt.Errorf("unknown unit %q", unit)
	case factor == 1 && strings.Contains(number, "."):
		return Capacity{}, errors.New("must be a whole number of bytes")
	}
	return parseBytes(number, factor)
}

func parseChunks(number string) (Capacity, error) {
	if strings.Contains(number, ".") {
		return Capacity{}, errors.New("must be a whole number of chunks")
	}
	n, err := strconv.ParseInt(number, 10, 64)
	if err != nil || n == math.MaxInt64 {
		return Capacity{}, errors.New("out of range")
	}
	if n == 0 {
		return Capacity{}, errors.New("must be above zero")
	}
	return Capacity{N: n, Unit: Chunks}, nil
}

// parseBytes multiplies exactly and drops fractions of a byte.
func parseBytes(number string, factor int64) (Capacity, error) {
	value, ok := new(big.Rat).SetString(number)
	if !ok {
		return Capacity{}, errors.New("not a number")
	}
	value.Mul(value, new(big.Rat).SetInt64(factor))
	whole := new(big.Int).Quo(value.Num(), value.Denom())
	if !whole.IsInt64() || whole.Int64() == math.MaxInt64 {
		return Capacity{}, errors.New("out of range")
	}
	if whole.Sign() == 0 {
		return Capacity{}, errors.New("must be above zero")
	}
	return Capacity{N: whole.Int64(), Unit: Bytes}, nil
}

// String returns the capacity for people: "64 GiB", "5,000 chunks", "unlimited".
func (c Capacity) String() string {
	switch c.Unit {
	case Unlimited:
		return "unlimited"
	case Chunks:
		return Count(c.N, "chunk")
	}
	return FormatBytes(c.N)
}

// Argument returns the capacity in the form that ParseCapacity reads, exactly: "64GiB", "4096", "5000chunks", "inf".
func (c Capacity) Argument() string {
	switch c.Unit {
	case Unlimited:
		return "inf"
	case Chunks:
		return strconv.FormatInt(c.N, 10) + "chunks"
	}
	n, prefix := c.N, 0
	for n >= 1<<10 && n%(1<<10) == 0 && prefix < 6 {
		n, prefix = n>>10, prefix+1
	}
	return strconv.FormatInt(n, 10) + []string{"", "KiB", "MiB", "GiB", "TiB", "PiB", "EiB"}[prefix]
}

// InBytes returns a capacity of n bytes.
func InBytes(n int64) Capacity { return Capacity{N: n, Unit: Bytes} }

// InChunks returns a capacity of n chunks.
func InChunks(n int64) Capacity { return Capacity{N: n, Unit: Chunks} }
