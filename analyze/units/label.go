package units

import (
	"math/big"
	"strconv"
)

// Label returns a name that no other capacity has: "64 GiB", "69.8 GiB", "5000 chunks", "unlimited". In bytes it is the shortest
// decimal number, in the largest binary unit, that [ParseCapacity] reads as the same capacity.
func (c Capacity) Label() string {
	switch c.Unit {
	case Unlimited:
		return "unlimited"
	case Chunks:
		if c.N == 1 {
			return "1 chunk"
		}
		return strconv.FormatInt(c.N, 10) + " chunks"
	}
	names := []string{"B", "KiB", "MiB", "GiB", "TiB", "PiB", "EiB"}
	unit, name := int64(1), 0
	for c.N/unit >= 1<<10 {
		unit <<= 10
		name++
	}
	return shortest(c.N, unit) + " " + names[name]
}

// shortest returns the decimal number with the fewest digits whose product with a unit is n, but for a fraction that is dropped.
func shortest(n, unit int64) string {
	divisor, next := big.NewInt(unit), big.NewInt(n)
	next.Add(next, big.NewInt(1))
	digits, over := new(big.Int), new(big.Int)
	for decimals, ten := 0, big.NewInt(1); ; decimals++ {
		// the least number of so many decimals that is not below n / unit, as a whole number
		digits.Mul(big.NewInt(n), ten)
		digits.QuoRem(digits, divisor, over)
		if over.Sign() > 0 {
			digits.Add(digits, big.NewInt(1))
		}
		if new(big.Int).Mul(digits, divisor).Cmp(new(big.Int).Mul(next, ten)) < 0 {
			return decimal(digits.String(), decimals)
		}
		ten.Mul(ten, big.NewInt(10))
	}
}

// decimal puts a point before the last decimals of digits. The number is 1 or more, and doesn't end in 0 after the point.
func decimal(digits string, decimals int) string {
	if decimals == 0 {
		return digits
	}
	whole := len(digits) - decimals
	return digits[:whole] + "." + digits[whole:]
}
