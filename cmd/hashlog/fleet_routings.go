package main

import (
	"fmt"
	"io"
	"strings"

	"hashlog/sim/routing"
)

// routingWords are values of --routing with their descriptions.
func routingWords() (words []string) {
	for _, a := range routing.All() {
		name := a.Name
		if a.Argument != "" {
			name += ":2"
		}
		words = append(words, name+"\t"+a.Text)
	}
	return words
}

// loadedRoutings returns how the routings are written that look at the load of nodes, all or those that are cache-aware.
func loadedRoutings(aware bool) (names []string) {
	for _, a := range routing.All() {
		if a.Load != "" && (a.CacheAware || !aware) {
			name := a.Form()
			if a.LoadOption != "" {
				name += ":" + a.LoadOption + "=…"
			}
			names = append(names, name)
		}
	}
	return names
}

// describeRoutings prints what --routing help asks for.
func describeRoutings(w io.Writer) error {
	var b strings.Builder
	for _, a := range routing.All() {
		fmt.Fprintf(&b, "%s\n", a.Form())
		indented(&b, a.Text)
		if a.CacheAware {
			indented(&b, "looks at the caches: replayed at the listed capacities")
		}
		if a.Instead != "" {
			indented(&b, "here: "+a.Instead)
		}
		if a.Load != "" {
			indented(&b, "load is counted in "+a.Load)
		}
		for _, o := range a.Options {
			indented(&b, fmt.Sprintf("%s:%s=%g: %s (%s)", a.Form(), o.Name, o.Default, o.Text, o.Values))
		}
		if a.Source != "" {
			source := "source: " + a.Source
			if a.Date != "" {
				source += " (" + a.Date + ")"
			}
			indented(&b, source)
		}
	}
	return showText(w, b.String())
}
