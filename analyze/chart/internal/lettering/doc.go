// Package lettering turns a line of text in any of the world's larger scripts into glyphs in their places.
//
// Liberation Sans is the font of all texts; it has Latin, Greek, Cyrillic and Hebrew letters. Letters that it lacks come from
// a font for their script: Noto Sans for Arabic, Armenian, Bengali, Devanagari, Ethiopic, Georgian, Gujarati, Gurmukhi,
// Kannada, Khmer, Lao, Malayalam, Myanmar, Oriya, Sinhala, Tamil, Telugu and Thai, and Droid Sans Fallback for Chinese,
// Japanese and Korean. These have no bold style. fonts/NOTICE.md has the licences.
//
// Letters are joined, reordered and positioned by HarfBuzz's rules, and lines are ordered by the Unicode Bidirectional
// Algorithm (https://www.unicode.org/reports/tr9/), with left to right as the direction of the line. [Isolate] keeps a name
// that is written from right to left from reordering the text around it.
//
// A character that none of the fonts has becomes its code point in brackets, such as [U+1F600], so that no two names look
// the same because of it.
package lettering
