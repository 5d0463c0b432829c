// Package page writes a report as one HTML file: the answer in words, interactive charts, tables, and every chart of package
// chart as an inline SVG.
//
//	report, err := analyze.Run(ctx, files, analyze.Options{Rolling: &analyze.RollingOptions{}, Grid: &analyze.GridOptions{}})
//	…
//	err = page.Write(f, report, page.Options{Title: "Cluster A"})
//
// The report needs Options.Rolling and Options.Grid. The page also shows Options.Targets, Options.By, Options.Tiers,
// Options.TTLs, Options.Heat, Options.Requests, Options.Reuse and Options.Stats, as far as they were asked for.
//
// # No network
//
// The file is complete: style sheet, script and data are in it, and fonts are those of the reader's system. Its
// Content-Security-Policy forbids every request, and allows only the style sheet and the script whose hashes it names.
//
// # Data
//
// All that comes from the logs is data. Text is escaped by html/template; figures for the script are JSON in a data block, in
// which "<", ">" and "&" are escaped. The pictures are parsed and written anew with known elements and attributes alone
// (svg.go).
//
// The curve is embedded as the text of capacity.csv. The script reads it from there, so what the crosshair shows is what the
// file holds. Windows and classes are embedded as counts at the capacities of Report.Rolling: rates are divided in the
// browser. Of more than 10,000 windows × capacities, successive windows are added up (windows.go), which is exact and keeps
// the page small. A chart's own CSV is embedded if it is small; others are left to `plot`.
//
// The same report gives the same bytes.
//
// # Parts
//
// sections.go is the table of the charts. words.go makes the sentences. data.go is what the script reads. web/ holds the
// style sheet, the script, and the charting library uPlot, which `make vendor-web` copies from npm.
package page
