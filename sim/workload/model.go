package workload

import (
	"errors"
	"fmt"
	"slices"
	"strings"
)

// Model is a model that conversations are with.
type Model struct {
	Name   string // unique
	Weight int    // how many conversations are with it, relative to the other models, up to 1,000,000; default 1

	// DTypes and Shapes say what a chunk stores, with one entry for each tensor, as a server logs it. Dimensions are above 0.
	// Default: what the model of this name stores if it is one of [KnownModels], else what the first of those stores.
	DTypes []string
	Shapes [][]int64
}

// geometry is what a model stores for each token, in bfloat16.
type geometry struct {
	name    string
	tensors int64 // 2: keys and values; 1: one latent vector for both
	layers  int64
	width   int64 // elements per layer and tensor: KV heads × head dimension
}

// geometries follow the config.json of the models as published.
var geometries = []geometry{
	{"meta-llama/Llama-3.1-8B-Instruct", 2, 32, 8 * 128},
	{"meta-llama/Llama-3.1-70B-Instruct", 2, 80, 8 * 128},
	{"Qwen/Qwen2.5-7B-Instruct", 2, 28, 4 * 128},
	{"Qwen/Qwen2.5-72B-Instruct", 2, 80, 8 * 128},
	{"mistralai/Mistral-7B-Instruct-v0.3", 2, 32, 8 * 128},
	{"deepseek-ai/DeepSeek-V3", 1, 61, 512 + 64},
}

// DefaultModels returns the models of Options without Models: a large one and a small one.
func DefaultModels() []Model {
	return []Model{
		{Name: "meta-llama/Llama-3.1-70B-Instruct", Weight: 3},
		{Name: "Qwen/Qwen2.5-7B-Instruct", Weight: 1},
	}
}

// KnownModels returns the names of the models whose chunks have a known size.
func KnownModels() []string {
	var names []string
	for _, g := range geometries {
		names = append(names, g.name)
	}
	return names
}

// geometryOf returns the geometry of the model of a name, with or without the part before the slash. The first of all stands
// for a model that is not known.
func geometryOf(name string) geometry {
	for _, g := range geometries {
		if _, short, _ := strings.Cut(g.name, "/"); name == g.name || name == short {
			return g
		}
	}
	return geometries[0]
}

// complete returns a copy of m with defaults filled in.
func (m Model) complete(chunkSize int64) Model {
	if m.Weight == 0 {
		m.Weight = 1
	}
	if len(m.DTypes) == 0 && len(m.Shapes) == 0 {
		g := geometryOf(m.Name)
		m.DTypes = []string{"torch.bfloat16"}
		m.Shapes = [][]int64{{g.tensors, g.layers, chunkSize, g.width}}
	}
	return m.clone()
}

// clone returns a copy of m that shares no memory with it.
func (m Model) clone() Model {
	m.DTypes, m.Shapes = slices.Clone(m.DTypes), slices.Clone(m.Shapes)
	for i, shape := range m.Shapes {
		m.Shapes[i] = slices.Clone(shape)
	}
	return m
}

// maxWeight keeps the sum of all weights within bounds.
const maxWeight = 1_000_000

func checkModels(models []Model) error {
	names := make(map[string]bool, len(models))
	for _, m := range models {
		if names[m.Name] {
			return fmt.Errorf("model %q is given twice", m.Name)
		}
		names[m.Name] = true
		if err := m.check(); err != nil {
			return fmt.Errorf("model %q: %w", m.Name, err)
		}
	}
	return nil
}

func (m Model) check() error {
	if m.Weight < 0 || m.Weight > maxWeight {
		return fmt.Errorf("a weight is from 1 to %d, not %d", maxWeight, m.Weight)
	}
	if len(m.DTypes) != len(m.Shapes) {
		return fmt.Errorf("%d dtypes and %d shapes: there is one of each per tensor", len(m.DTypes), len(m.Shapes))
	}
	for _, shape := range m.Shapes {
		if slices.ContainsFunc(shape, func(n int64) bool { return n <= 0 }) {
			return errors.New("a dimension is above zero")
		}
	}
	return nil
}
