// Package pdf writes a picture as a PDF file of one page, after ISO 32000-1 (PDF 1.7).
//
// Text is text: it can be selected, searched and read aloud. Each font that a picture uses is embedded with the glyphs that
// are used, and says which characters they stand for. Where several glyphs stand for several characters together, the
// characters are written beside them (ActualText). Glyphs come from left to right, in every script, as readers expect.
//
// The same picture gives the same bytes: files hold neither dates nor random numbers.
package pdf
