package line

import (
	"errors"
	"fmt"
	"math"
	"math/bits"
	"strings"
)

var errSize = errors.New("chunk size in bytes overflows")

// DTypeBytes returns the bytes of one element of a dtype, with or without the prefix "torch.",
// or 0 if the dtype is unknown.
func DTypeBytes(dtype string) int64 {
	name := strings.TrimPrefix(dtype, "torch.")
	switch name {
	case "float64", "int64", "uint64":
		return 8
	case "float32", "int32", "uint32":
		return 4
	case "float16", "bfloat16", "int16", "uint16":
		return 2
	case "int8", "uint8", "bool":
		return 1
	}
	if strings.HasPrefix(name, "float8") {
		return 1
	}
	return 0
}

// chunkBytes returns the bytes of a full chunk whose tensors have these dtypes and shapes, 0
// for no tensors.
func chunkBytes(dtypes []string, shapes [][]int64) (int64, error) {
	if err := checkLengths(len(dtypes), len(shapes)); err != nil {
		return 0, err
	}
	var sum int64
	for i, dtype := range dtypes {
		var err error
		if sum, err = addTensor(sum, dtype, shapes[i]); err != nil {
			return 0, err
		}
	}
	return sum, nil
}

// checkLengths refuses dtypes and shapes of unequal number.
func checkLengths(dtypes, shapes int) error {
	if dtypes != shapes {
		return fmt.Errorf("dtypes has %d entries, shapes %d", dtypes, shapes)
	}
	return nil
}

// addTensor returns sum plus the bytes of one tensor.
func addTensor(sum int64, dtype string, shape []int64) (int64, error) {
	size := DTypeBytes(dtype)
	if size == 0 {
		return 0, &unknownDType{dtype}
	}
	return addElements(sum, size, shape)
}

// unknownDType is the error of an unknown dtype.
type unknownDType struct{ name string }

func (e *unknownDType) Error() string { return "unknown dtype " + quote(e.name) }

// addElements returns sum plus the bytes of a tensor with elements of that size.
func addElements(sum, size int64, shape []int64) (int64, error) {
	for _, dim := range shape {
		if dim <= 0 {
			return 0, fmt.Errorf("dimensions must be > 0, one is %d", dim)
		}
	}
	for _, dim := range shape {
		hi, lo := bits.Mul64(uint64(size), uint64(dim))
		if hi != 0 || lo > math.MaxInt64 {
			return 0, errSize
		}
		size = int64(lo)
	}
	if size > math.MaxInt64-sum {
		return 0, errSize
	}
	return sum + size, nil
}
