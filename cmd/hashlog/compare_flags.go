package main

import (
	"fmt"
	"io"
	"strings"

	"github.com/spf13/cobra"

	"hashlog/analyze"
)

// allCaches is the value of compare --cache that stands for all of them.
const allCaches = "all"

// defaultCaches are compared without --cache: the policies, without the servers that evict nearly as the plain LRU does.
const defaultCaches = "lru,lmcache-server,fifo,sieve,s3fifo,arc,radix,random,opt"

// comparedFlag is --cache of compare.
type comparedFlag struct {
	caches []analyze.ComparedCache
	help   bool // --cache help
}

// value returns the flag.
func (c *comparedFlag) value() *value {
	words := []string{allCaches + "\tall of them"}
	for _, a := range analyze.ComparedCaches() {
		words = append(words, a.Name+"\t"+a.Text)
	}
	return (&value{kind: "NAME[,...]", list: true, set: c.set}).among(append(words, cacheHelp+"\tdescribes the caches")...)
}

func (c *comparedFlag) set(s string) error {
	for name := range strings.SplitSeq(s, ",") {
		switch name {
		case cacheHelp:
			c.help = true
			continue
		case allCaches:
			c.caches = append(c.caches, analyze.AllComparedCaches()...)
			continue
		}
		cache, err := analyze.ParseComparedCache(name)
		if err != nil {
			return err
		}
		c.caches = append(c.caches, cache)
	}
	return nil
}

// chosen returns the caches to compare.
func (c *comparedFlag) chosen() []analyze.ComparedCache {
	if len(c.caches) == 0 {
		if err := c.set(defaultCaches); err != nil {
			panic(err) // a name has changed
		}
	}
	return c.caches
}

// needLogsOrHelp requires logs, except with --cache help.
func (c *comparedFlag) needLogsOrHelp(cmd *cobra.Command, args []string) error {
	if c.help {
		return nil
	}
	return needLogs(cmd, args)
}

// describe prints what --cache help asks for.
func (c *comparedFlag) describe(w io.Writer) error {
	var b strings.Builder
	for _, a := range analyze.ComparedCaches() {
		describeCache(&b, a)
	}
	return showText(w, b.String())
}

// describeCache prints what there is to know of a cache.
func describeCache(b *strings.Builder, a analyze.ComparedCacheAbout) {
	fmt.Fprintf(b, "%s\n", a.Name)
	indented(b, a.Text)
	if a.TouchOrder != nil {
		indented(b, "touches the "+analyze.OrderName(*a.TouchOrder)+" of a request first")
	}
	for _, o := range a.Options {
		indented(b, fmt.Sprintf("%s:%s=%g: %s (%s)", a.Name, o.Name, o.Default, o.Text, o.Values))
	}
	if a.Bytes != "" {
		indented(b, "bytes: "+a.Bytes)
	}
	indented(b, "source: "+a.Source)
}

// indented prints a text in lines below a name.
func indented(b *strings.Builder, text string) {
	for _, line := range wrapped(text, helpWidth-2) {
		fmt.Fprintf(b, "  %s\n", line)
	}
}
