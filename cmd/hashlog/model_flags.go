package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"

	"github.com/spf13/pflag"

	"hashlog/analyze"
	"hashlog/analyze/geometry"
	"hashlog/analyze/units"
	"hashlog/log"
)

// modelFlags set the size of chunks by a model's geometry.
type modelFlags struct {
	config  string
	kvDType string
}

// add adds the flags that set the size of a chunk.
func (m *modelFlags) add(flags *pflag.FlagSet, o *analyze.Options) {
	flags.Var(parsed("SIZE", "", &o.BytesPerChunk, units.ParseBytes), "bytes-per-chunk", "size of every chunk, whatever the records say")
	flags.Var(parsed("N", "1", &o.Ranks, parsePositive), "ranks", "ranks that share the model: multiplies the logged chunk sizes, which are those of one rank; capacities are totals over all ranks")
	flags.Var(parsed("FILE", "", &m.config, parseFile).file(), "model-config", "a model's config.json, as published on Hugging Face: the size of every chunk is its KV bytes per token × chunk_size")
	flags.Var(parsed("DTYPE", "", &m.kvDType, geometry.ParseDType).among(kvDTypes...), "kv-dtype", "dtype of the KV cache, such as fp8 (default the model's; with --model-config)")
	sizesGroup.put(flags, "--bytes-per-chunk 80MiB", "--ranks 8", "--model-config config.json", "--kv-dtype fp8")
}

// kvDTypes are the common dtypes, which a shell offers.
var kvDTypes = []string{"auto\tthe model's", "bfloat16", "float16", "float32", "fp8", "fp8_e4m3", "fp8_e5m2", "int8"}

func parseFile(s string) (string, error) {
	if s == "" {
		return "", errors.New("the name of a file is missing")
	}
	return s, nil
}

// load reads the geometry into the options. Its errors are usage errors, since no log has been read yet.
func (m *modelFlags) load(ctx context.Context, o *analyze.Options) error {
	switch {
	case m.config == "" && m.kvDType != "":
		return usageError{errors.New("--kv-dtype needs a --model-config")}
	case m.config == "":
		return nil
	case o.BytesPerChunk > 0:
		return usageError{errors.New("--model-config and --bytes-per-chunk both set the size of a chunk: give one of them")}
	}
	data, err := await(ctx, func() ([]byte, error) { return readModelConfig(m.config) }) // a pipe may block
	if ctx.Err() != nil {
		return ctx.Err()
	}
	if err == nil {
		o.Geometry, err = geometry.Parse(m.config, data, geometry.Options{Ranks: o.Ranks, KVDType: m.kvDType})
	}
	if err != nil {
		return usageError{fmt.Errorf("--model-config: %w", err)}
	}
	return nil
}

// readModelConfig reads a file, up to the size that a config.json may reasonably have.
func readModelConfig(path string) ([]byte, error) {
	const most = 16 << 20
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	data, err := io.ReadAll(io.LimitReader(f, most+1))
	if err != nil {
		return nil, err
	}
	if len(data) > most {
		return nil, fmt.Errorf("%s is longer than %s: is it a config.json?", log.Quoted(path), units.FormatBytes(most))
	}
	return data, nil
}
