// Package chart draws a report as pictures: the token hit rate by capacity ([Capacity]), beside the misses ([Misses]) and as
// what more capacity gains ([Gain]); by class of requests ([By]); by time ([Rolling]), by both time and capacity ([Heat]); by
// prompt length and by request ([Requests]); by tier ([Tiers]) and by TTL ([TTL]); how chunks are reused ([Reuse]); and a
// comparison, the token hit rate of every cache by capacity ([Caches]), and a fleet, that of every way to deal requests to nodes
// ([Fleet]).
//
//	report, err := analyze.Run(ctx, files, analyze.Options{})
//	…
//	f, err := os.Create("capacity.png")
//	…
//	err = chart.Capacity(f, chart.PNG, report, chart.Axis{From: 1 << 30, To: 1 << 40}) // 1 GiB to 1 TiB
//
// Rolling needs a report with Options.Rolling; Heat, Requests, Reuse and Tiers need the option of their name; Gain needs
// Options.Grid, By Options.By (or Options.Models) and Options.Grid, and TTL Options.TTLs with its Grid.
//
// A picture is an exact reading of the report at the resolution of the page. The capacity curve is evaluated once per pixel
// column and drawn as a step function. If the cache evicts in batches, only the points of a table are known; straight lines
// join them. The lines of the rolling chart are steps over their windows; windows narrower than 3 pixels of a screen share a
// column, which shows their median and range, and areas of bandwidths in use keep every extreme. The areas of tiers sum the
// windows of a pixel column, which keeps their size. Heat has its rates in twenty classes of equal width, each with a colour;
// a class and all above it are one area, so the file is small and no gaps show. The cost of a picture thus depends on its
// width, not on the length of the log.
//
// Charts over capacity share their axes. Hit rates begin at 0 and end at 1, 2, 5, 10, 20, 30, 40, 50, 60, 80 or 100 %, the
// first above all that is drawn and the ceiling. If the lines rise by less than a quarter of that, the axis is zoomed to them
// and its name says so. Capacities have ticks at round numbers, and at the targets and the ceiling.
//
// Every picture says what it was made from: the subtitle gives requests, those counted after a warm-up, tokens, time range
// and models, the footnote what was read and skipped and what the figures of this picture assume. If the texts need more
// room, the page grows downwards.
//
// The same report gives the same bytes, in every format and in every time zone. Names may be in any script: an internal
// package, lettering, has the fonts and says what becomes of letters that they lack. An SVG holds real text, names its fonts,
// and says in its title and description what the chart shows. The text of a PDF can be selected and searched.
//
// gonum/plot provides strokes, fonts and file formats only. Layout, ticks and label placement are the package's own,
// because a label that covers another misleads as much as a wrong figure.
package chart
