// Package chart draws a report as pictures: the token hit rate by capacity, by time, and by tier.
//
// A picture is an exact reading of the report, at the resolution of the page. The capacity curve is evaluated once per
// pixel column and drawn as the step function that it is, unless the cache evicts in batches: then only the points of a
// table are known, which straight lines join. The lines of the rolling chart are steps over their windows, thinned to the
// pixels in a way that keeps every extreme; the areas of tiers sum the windows of a pixel, which keeps their size. So the
// cost of a picture follows its width, not the log.
//
// Every picture says what it was made of: the subtitle names requests, tokens, time and models, the footnote what was
// read and skipped and what the figures assume. Where more has to be said than there is room for, the page grows downwards.
//
// The same report gives the same bytes, in every format, in every time zone. SVG holds real text and names its fonts; a
// PDF embeds one, and draws as outlines what that can't write: bold text, and letters outside of Windows-1252.
//
// gonum/plot provides strokes, fonts and file formats, and doesn't show through: layout, ticks and the placement of
// labels are the package's own, since a label that covers another is as wrong as a wrong figure.
package chart
