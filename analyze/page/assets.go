package page

import (
	"crypto/sha256"
	_ "embed"
	"encoding/base64"
	"html/template"
)

//go:embed web/vendor/uPlot.iife.min.js
var uplotScript string

//go:embed web/vendor/uPlot.min.css
var uplotStyle string

//go:embed web/format.js
var formatScript string

//go:embed web/curve.js
var curveScript string

//go:embed web/time.js
var timeScript string

//go:embed web/parts.js
var partsScript string

//go:embed web/tables.js
var tablesScript string

//go:embed web/page.js
var pageScript string

//go:embed web/page.css
var pageStyle string

//go:embed web/page.html
var pageText string

var (
	// script is the charting library and ours, in the order in which they use each other.
	script = uplotScript + "\n" + formatScript + curveScript + timeScript + partsScript + tablesScript + pageScript
	style  = uplotStyle + "\n" + pageStyle
)

// policy forbids whatever is not in the page: no request leaves it, and only its own script and style sheet apply.
var policy = "default-src 'none'; script-src '" + hash(script) + "'; style-src '" + hash(style) +
	"'; img-src data:; base-uri 'none'; form-action 'none'"

// hash returns the hash of an inline script or style sheet as a Content-Security-Policy names it.
func hash(text string) string {
	sum := sha256.Sum256([]byte(text))
	return "sha256-" + base64.StdEncoding.EncodeToString(sum[:])
}

var pageTemplate = template.Must(template.New("page").Parse(pageText))
