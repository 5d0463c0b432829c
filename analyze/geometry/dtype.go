package geometry

import (
	"fmt"
	"strings"

	"hashlog/log"
)

// dtypeAliases are names that servers accept beside those of tensors.
var dtypeAliases = map[string]string{
	"half":     "float16",
	"fp16":     "float16",
	"bf16":     "bfloat16",
	"float":    "float32",
	"fp32":     "float32",
	"fp8":      "float8_e4m3fn",
	"fp8_e4m3": "float8_e4m3fn",
	"fp8_e5m2": "float8_e5m2",
}

// dtypeAuto stands for the model's own dtype.
const dtypeAuto = "auto"

// ParseDType checks the name of a KV cache's dtype: that of a tensor (float16, bfloat16, float32, float8_e4m3fn, int8, …),
// a short name (fp8, bf16, …), or "auto" for the model's dtype.
func ParseDType(s string) (string, error) {
	if _, size := dtype(s); size == 0 && s != dtypeAuto {
		return "", fmt.Errorf("dtype %q: not known; use auto, float16, bfloat16, float32, fp8, int8 or another of these kinds", s)
	}
	return s, nil
}

// dtype returns a dtype's plain name and the bytes of an element, 0 if it is not known.
func dtype(s string) (name string, size int64) {
	name = strings.TrimPrefix(s, "torch.")
	if alias, ok := dtypeAliases[name]; ok {
		name = alias
	}
	if strings.Trim(name, "abcdefghijklmnopqrstuvwxyz0123456789_") != "" {
		return name, 0 // such a name would be printed in the formula
	}
	return name, log.DTypeBytes(name)
}

// setDType reads the dtype of the cache: the one given, or else the model's, which the file may have at the top or, with
// lower priority, in its text_config. Quantised weights don't change it. own is that of the architecture, "" if it has none.
func (g *Geometry) setDType(c *config, given, own string) {
	if given == dtypeAuto {
		given = ""
	}
	name := given
	for _, at := range []*config{c.whole, c} {
		if name == "" && at != nil {
			name = at.word("dtype", fieldDType)
			c.fail(at.err)
		}
	}
	if name == "" && own != "" {
		name = own
		c.defaults = append(c.defaults, fieldDType)
	}
	if name == "" {
		c.lack(fieldDType)
		return
	}
	g.KVDType, g.ElementBytes = dtype(name)
	if g.ElementBytes == 0 {
		c.fail(&DTypeError{DType: name, Given: given != ""})
	}
}
