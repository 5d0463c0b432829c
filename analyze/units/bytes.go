package units

import (
	"errors"
	"fmt"
	"math"
	"regexp"
	"strconv"
	"strings"
)

// ParseBytes reads a size that must be in bytes: "64GiB", "500GB", "4096".
func ParseBytes(s string) (int64, error) {
	c, err := parseCapacity(s, byteForms)
	if err == nil && c.Unit != Bytes {
		err = fmt.Errorf("size %q: is not in bytes; %s", s, byteForms)
	}
	return c.N, err
}

// inBits matches a unit that networks are measured in.
var inBits = regexp.MustCompile(`[KMGTPEkmgtpe][Ii]?b$`)

// ParseDeviceBytes reads a number of bytes as a device's data sheet states it: "7PB". It refuses "7Pb", where a small b can
// mean bits.
func ParseDeviceBytes(s string) (int64, error) { return parseDeviceBytes(s, "bytes") }

// ParseBandwidth reads bytes a second: "20GiB/s". It refuses "20Gib/s", which can mean bits.
func ParseBandwidth(s string) (bytesPerSecond int64, err error) {
	const what = "bytes a second"
	size, ok := strings.CutSuffix(strings.TrimSpace(s), "/s")
	if !ok {
		return 0, errors.New("is not in " + what)
	}
	return parseDeviceBytes(size, what)
}

func parseDeviceBytes(size, what string) (int64, error) {
	c, err := parseCapacity(size, byteForms)
	switch {
	case err != nil:
		return 0, err
	case c.Unit != Bytes:
		return 0, errors.New("is not in " + what)
	case inBits.MatchString(size):
		return 0, errors.New("a small b can mean bits: write B for bytes")
	}
	return c.N, nil
}

// FormatBytes returns a number of bytes in a suitable unit, with at least three figures and no trailing zeros:
// "64 GiB", "1.5 TiB", "9.77 MiB", "166.9 MiB", "512 B".
func FormatBytes(n int64) string {
	const units = "KMGTPE"
	if n < 1<<10 {
		return fmt.Sprintf("%d B", n)
	}
	value, exp := float64(n)/(1<<10), 0
	for value >= 1023.95 && exp+1 < len(units) {
		value /= 1 << 10
		exp++
	}
	decimals := 1
	if value < 99.995 {
		decimals = 2
	}
	text := strconv.FormatFloat(value, 'f', decimals, 64)
	return strings.TrimRight(strings.TrimRight(text, "0"), ".") + " " + units[exp:exp+1] + "iB"
}

// FormatManyBytes is FormatBytes for numbers that may exceed an int64: "64 GiB", "1e+06 EiB".
func FormatManyBytes(n float64) string {
	if n >= math.MaxInt64 {
		return fmt.Sprintf("%.4g EiB", n/(1<<60))
	}
	return FormatBytes(int64(n))
}

// FormatBandwidth returns bytes a second: "57.67 MiB/s".
func FormatBandwidth(bytesPerSecond float64) string { return FormatManyBytes(bytesPerSecond) + "/s" }
