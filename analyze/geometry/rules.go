package geometry

import (
	"fmt"
	"slices"
)

// all returns n layers of a kind.
func all(n int, k kind) []kind {
	kinds := make([]kind, n)
	for i := range kinds {
		kinds[i] = k
	}
	return kinds
}

// some returns n layers: those for which is returns true have a growing cache, and the rest are of the other kind.
func some(n int, other kind, is func(i int64) bool) []kind {
	kinds := all(n, other)
	for i := range kinds {
		if is(int64(i)) {
			kinds[i] = grows
		}
	}
	return kinds
}

func everyLayer(_ *config, n int) []kind { return all(n, grows) }

// windowIfAny has one sliding window for all layers, unless the file has none or it is as long as the longest request.
func windowIfAny(c *config, n int) []kind {
	if !windowBinds(c) {
		return all(n, grows)
	}
	return all(n, window)
}

// windowBinds reports whether there is a sliding window shorter than the longest request.
func windowBinds(c *config) bool {
	length, ok := c.find("sliding_window")
	longest, bounded := c.find("max_position_embeddings")
	return ok && !(bounded && length >= longest)
}

// windowAsGiven is windowIfAny for an architecture that has a window by default: without one, the file must have null.
func windowAsGiven(c *config, n int) []kind {
	if !c.has("sliding_window") {
		c.lack("sliding_window (null for none)")
	}
	return windowIfAny(c, n)
}

// windowFromLayer has a sliding window from layer max_window_layers on, if use_sliding_window is set.
func windowFromLayer(c *config, n int) []kind {
	if !c.flag("use_sliding_window") || !windowBinds(c) {
		return all(n, grows)
	}
	first := c.index("max_window_layers")
	return some(n, window, func(i int64) bool { return i < first })
}

// everyNth has full attention in the last layer of every period, and the other kind before it. A field, if there are any,
// may override the period.
func everyNth(period int64, other kind, fields ...string) func(*config, int) []kind {
	return func(c *config, n int) []kind {
		every := period
		if len(fields) > 0 {
			every = c.orDefault(period, fields...)
		}
		return some(n, other, func(i int64) bool { return every > 0 && (i+1)%every == 0 })
	}
}

// exaoneLayers is EXAONE 4: windows in a repeating pattern, unless there is no window.
func exaoneLayers(c *config, n int) []kind {
	if !windowBinds(c) {
		return windowAsGiven(c, n)
	}
	period := exaonePeriod(c)
	if len(period) == 0 || n%len(period) != 0 {
		c.lack("layer_types") // code and documentation differ about the last layer of a broken period
		return nil
	}
	return slices.Repeat(period, n/len(period))
}

// exaonePeriod reads the pattern: its length, by default 4, or its letters, L for a layer with a sliding window and G for
// one without.
func exaonePeriod(c *config) []kind {
	const field = "sliding_window_pattern"
	raw, ok := c.raw(field)
	switch {
	case ok && raw[0] == '"':
		return kindsOf(c, field, []rune(c.word(field)), map[rune]kind{'L': window, 'G': grows})
	case !ok && c.has(field):
		return nil
	}
	every := min(c.orDefault(4, field), maxLayers+1)
	return some(int(every), window, func(i int64) bool { return i == every-1 })
}

// chunkedLayers is Llama 4: layers without rotary positions attend to everything, the others within their chunk.
func chunkedLayers(c *config, n int) []kind {
	if c.has("attention_chunk_size") && !c.notNull("attention_chunk_size") {
		return all(n, grows)
	}
	rotary := c.numbers("no_rope_layers") // 1 for a layer with rotary positions, whatever the name says
	if len(rotary) == 0 {
		return everyNth(4, chunked, "no_rope_layer_interval")(c, n)
	}
	if len(rotary) < n {
		c.fail(fmt.Errorf("no_rope_layers has %d layers, but %s is %d", len(rotary), layerCount[0], n))
		return nil
	}
	return some(n, chunked, func(i int64) bool { return rotary[i] == 0 })
}

// jambaLayers has attention in one layer of each period.
func jambaLayers(c *config, n int) []kind {
	period, offset := c.need("attn_layer_period"), c.index("attn_layer_offset")
	return some(n, mamba, func(i int64) bool { return period > 0 && i%period == offset })
}

// bambaLayers lists the layers with attention.
func bambaLayers(c *config, n int) []kind {
	layers := c.numbers("attn_layer_indices")
	if len(layers) == 0 {
		c.lack("attn_layer_indices")
	}
	has := map[int64]bool{}
	for _, i := range layers {
		has[i] = true
	}
	return some(n, mamba, func(i int64) bool { return has[i] })
}

// mustList requires a list of the layers.
func mustList(field string) func(*config, int) []kind {
	return func(c *config, n int) []kind {
		c.lack(field)
		return all(n, grows)
	}
}
