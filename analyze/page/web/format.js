// The page's data, and how its figures are written. All scripts share one scope, in the order of assets.go.

/**
 * @typedef {uPlot} Chart
 * @typedef {uPlot.Options} ChartOptions
 * @typedef {{label: string, bytes: number|null, chunks: number|null, hits: number, misses: number[], limit: {culprit: string, sentences: string[]}}} Capacity
 * @typedef {{id: string, name: string, about: string}} Kind
 * @typedef {{seconds: number, merged: number, start: number[], requests: number[], tokens: number[], hits: number[][], misses: number[][][]}} Windows
 * @typedef {{dimension: string, classes: string[], requests: number[], tokens: number[], ceiling: number[], hits: number[][], left: number}} Division
 * @typedef {{lengths: string[], tokens: number[], hits: number[][], rates: number[][]}} Requests
 * @typedef {{unit: "bytes"|"chunks", has_chunks: boolean, exact: boolean, total_tokens: number, ceiling_hits: number, undated: boolean, first: number,
 *   capacities: Capacity[], chosen: number, kinds: Kind[], windows: Windows, divisions: Division[]|null, requests: Requests|null, tables: Record<string, string>}} Data
 */

/** @param {string} id */
function byId(id) {
	return /** @type {HTMLElement} */ (document.getElementById(id));
}

/** @type {Data} */
const data = JSON.parse(byId("data").textContent ?? "");

/**
 * Makes an element with a class and a text.
 * @param {string} tag @param {string} [className] @param {string} [text]
 */
function element(tag, className, text) {
	const e = document.createElement(tag);
	if (className) e.className = className;
	if (text !== undefined) e.textContent = text;
	return e;
}

/** Says where the page is read. @param {Capacity} c */
const atText = (c) => (c.bytes === null && c.chunks === null ? "Without a limit on the capacity" : `At ${c.label}`);

/** @param {number} n */
const comma = (n) => n.toLocaleString("en-US");

/** Prints a fraction, with two decimals below 10 %. Only the whole is 100 %. @param {number} rate */
function percent(rate) {
	const decimals = rate < 0.09995 || (rate >= 0.9995 && rate < 1) ? 2 : 1;
	const text = (100 * rate).toFixed(decimals);
	return `${rate < 1 && text.startsWith("100") ? "99.99" : text} %`;
}

/** @param {number} part @param {number} whole */
const share = (part, whole) => (whole === 0 ? 0 : part / whole);

const binary = ["", "Ki", "Mi", "Gi", "Ti", "Pi", "Ei"];

/** Prints a number in a binary unit, with three figures. @param {number} n @param {string} suffix */
function scaled(n, suffix) {
	let unit = 0;
	for (; n >= 1023.95 && unit + 1 < binary.length; unit++) n /= 1024;
	const text = unit === 0 ? String(Math.round(n)) : String(Number(n.toFixed(n < 99.995 ? 2 : 1)));
	return `${text} ${binary[unit]}${suffix}`.trim();
}

/** @param {number} n */
const bytesText = (n) => scaled(n, "B");

/** Prints a count as a person says it. @param {number} n */
function countText(n) {
	return new Intl.NumberFormat("en-US", { notation: "compact", maximumFractionDigits: 1 }).format(n);
}

/** Prints seconds in the two largest units that apply. @param {number} s */
function durationText(s) {
	const parts = [];
	for (const [n, name] of /** @type {[number, string][]} */ ([[86400, "d"], [3600, "h"], [60, "min"], [1, "s"]])) {
		const whole = Math.floor(s / n + 1e-9);
		if (whole > 0 && parts.length < 2) parts.push(`${whole} ${name}`);
		s -= whole * n;
	}
	return parts.join(" ") || `${Number(s.toFixed(3))} s`;
}

/** The time zone of the page: UTC, or that of the reader. */
let local = false;

/** @param {number} seconds */
const dateOf = (seconds) => (local ? new Date(seconds * 1e3) : uPlot.tzDate(new Date(seconds * 1e3), "Etc/UTC"));

/** @param {number} n */
const two = (n) => String(n).padStart(2, "0");

/** @param {Date} d */
const clock = (d) => `${two(d.getHours())}:${two(d.getMinutes())}` + (d.getSeconds() > 0 ? `:${two(d.getSeconds())}` : "");

/** @param {Date} d */
const day = (d) => `${d.getFullYear()}-${two(d.getMonth() + 1)}-${two(d.getDate())}`;

const weekdays = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"];
const months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

/** Prints a stretch of time. @param {number} from @param {number} to */
function spanText(from, to) {
	if (data.undated) return `${durationText(from - data.windows.start[0])} to ${durationText(to - data.windows.start[0])} from the start`;
	const a = dateOf(from), b = dateOf(to);
	const end = day(a) === day(b) ? clock(b) : `${day(b)} ${clock(b)}`;
	return `${weekdays[a.getDay()]} ${day(a)} ${clock(a)} – ${end} ${local ? "local time" : "UTC"}`;
}

/** @type {Map<string, string>} */
const colours = new Map();

/** Reads a colour of the style sheet. @param {string} name */
function colour(name) {
	let c = colours.get(name);
	if (c === undefined) {
		c = getComputedStyle(document.documentElement).getPropertyValue("--" + name).trim();
		colours.set(name, c);
	}
	return c;
}

/** All charts, to draw them anew where colours change. @type {Chart[]} */
const charts = [];

/**
 * Makes a chart that is as wide as its element.
 * @param {HTMLElement} at @param {number} height @param {Omit<ChartOptions, "width"|"height">} options @param {any} columns
 */
function makeChart(at, height, options, columns) {
	const u = new uPlot({ ...options, width: at.clientWidth, height, legend: { show: false } }, columns, at);
	new ResizeObserver(() => u.width !== at.clientWidth && u.setSize({ width: at.clientWidth, height })).observe(at);
	charts.push(u);
	return u;
}

/** The look of an axis. */
function axisLook() {
	return {
		stroke: () => colour("muted"), font: "12px system-ui, sans-serif", labelFont: "12px system-ui, sans-serif",
		grid: { stroke: () => colour("grid"), width: 1 }, ticks: { stroke: () => colour("rule"), width: 1, size: 5 },
	};
}

let saying = 0;

/** Tells a screen reader something, once nothing else has come for a moment. @param {string} text */
function say(text) {
	clearTimeout(saying);
	saying = setTimeout(() => { byId("status").textContent = text; }, 400);
}
