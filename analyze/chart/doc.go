// Package chart draws a report as pictures: the token hit rate by capacity ([Capacity]), by class of requests ([By]), by
// time ([Rolling]), by tier ([Tiers]) and by TTL ([TTL]); and a comparison, the token hit rate of every cache by capacity
// ([Caches]).
//
//	report, err := analyze.Run(ctx, files, analyze.Options{})
//	…
//	f, err := os.Create("capacity.png")
//	…
//	err = chart.Capacity(f, chart.PNG, report, chart.Axis{From: 1 << 30, To: 1 << 40}) // 1 GiB to 1 TiB
//
// Rolling needs a report with Options.Rolling, Tiers one with Options.Tiers, By one with Options.By and Options.Grid, TTL one
// with Options.TTLs and its Grid.
//
// A picture is an exact reading of the report at the resolution of the page. The capacity curve is evaluated once per pixel
// column and drawn as a step function. If the cache evicts in batches, only the points of a table are known; straight lines
// join them. The lines of the rolling chart are steps over their windows, thinned to the pixels so that every extreme is
// kept, and so are the areas of bandwidths in use. The areas of tiers sum the windows of a pixel column, which keeps their
// size. The cost of a picture thus depends on its width, not on the length of the log.
//
// Every picture says what it was made from: the subtitle gives requests, tokens, time range and models, the footnote what
// was read and skipped and what the figures assume. If the texts need more room, the page grows downwards.
//
// The same report gives the same bytes, in every format and in every time zone. Names may be in any script: an internal
// package, lettering, has the fonts and says what becomes of letters that they lack. An SVG holds real text, names its fonts,
// and says in its title and description what the chart shows. The text of a PDF can be selected and searched.
//
// gonum/plot provides strokes, fonts and file formats only. Layout, ticks and label placement are the package's own,
// because a label that covers another misleads as much as a wrong figure.
package chart
