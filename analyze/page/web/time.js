// Over time: rate, traffic and misses, which share the time axis, the reading and the zoom.

const win = data.windows, count = win.start.length;
/** Starts of the windows, and the end of the last one. */
const times = count > 0 ? [...win.start, win.start[count - 1] + win.seconds] : [];

/** @type {Chart[]} */
let timeCharts = [];
let timeAt = -1;

/** Names of the parts that a window's tokens are split into, as they are stacked. */
const parts = [{ id: "hit", name: "hit", about: "was in the cache" }, ...data.kinds];

/** Tokens of a part in a window at a capacity. @param {number} part @param {number} c @param {number} w */
const partTokens = (part, c, w) => (part === 0 ? win.hits[c][w] : win.misses[c][part - 1][w]);

/** The paths of steps over the windows, filled down to a lower edge if there is one. @param {((w: number) => number)|null} low */
const steps = (low) => (/** @type {Chart} */ u, /** @type {number} */ s, /** @type {number} */ from, /** @type {number} */ to) => {
	const stroke = new Path2D(), fill = new Path2D(), ys = u.data[s], scale = /** @type {string} */ (u.series[s].scale);
	let end = NaN;
	for (let w = Math.max(0, from - 1); w <= Math.min(count - 1, to); w++) {
		const x0 = u.valToPos(times[w], "x", true), x1 = Math.max(x0 + 1, u.valToPos(times[w] + win.seconds, "x", true)), y = u.valToPos(ys[w] ?? 0, scale, true);
		if (low) fill.rect(x0, y, x1 - x0, u.valToPos(low(w), scale, true) - y);
		if (Math.abs(x0 - end) < 1.5) stroke.lineTo(x0, y);
		else stroke.moveTo(x0, y);
		stroke.lineTo(x1, y);
		end = x1;
	}
	return { stroke: low ? null : stroke, fill: low ? fill : null, clip: null, band: null, flags: 0 };
};

/** @type {Map<string, CanvasPattern|null>} */
const patterns = new Map();

/** The fill of a part: its colour with a pattern of its own. @param {CanvasRenderingContext2D} ctx @param {string} id */
function pattern(ctx, id) {
	if (!patterns.has(id)) {
		const size = Math.round(8 * devicePixelRatio), tile = document.createElement("canvas"), c = /** @type {CanvasRenderingContext2D} */ (tile.getContext("2d"));
		tile.width = tile.height = size;
		c.fillStyle = colour("k-" + id);
		c.fillRect(0, 0, size, size);
		c.strokeStyle = colour("hatch");
		c.lineWidth = size / 7;
		for (const [x0, y0, x1, y1] of hatches[id] ?? []) strokeLine(c, x0 * size, y0 * size, x1 * size, y1 * size);
		patterns.set(id, ctx.createPattern(tile, "repeat"));
	}
	return /** @type {CanvasPattern} */ (patterns.get(id));
}

/** Lines of each pattern, on a tile of size 1. @type {Record<string, number[][]>} */
const hatches = {
	capacity: [[0, 1, 1, 0], [-0.5, 0.5, 0.5, -0.5], [0.5, 1.5, 1.5, 0.5]],
	broken: [[0, 0, 1, 1], [-0.5, 0.5, 0.5, 1.5], [0.5, -0.5, 1.5, 0.5]],
	unaligned: [[0, 0, 1, 1], [0, 1, 1, 0]],
	expired: [[0, 0.5, 1, 0.5]],
	admission: [[0.5, 0, 0.5, 1]],
	tail: [[0, 0.5, 1, 0.5], [0.5, 0, 0.5, 1]],
};

const dashes = [[8, 4], [3, 3], [10, 3, 3, 3], [14, 5], [2, 5]];

/** Whether a capacity has a line: all have if they are few, else the chosen one and the largest. @param {number} c */
const hasLine = (c) => data.capacities.length <= 6 || c === chosen || c === data.capacities.length - 1;

/** The dashes of a capacity's line: none for the chosen one. @param {number} c */
const lineDash = (c) => (c === chosen ? [] : dashes[c % dashes.length]);

/** Labels of a time axis. @param {Chart} _ @param {number[]} splits @param {number} _a @param {number} _s @param {number} step */
function timeLabels(_, splits, _a, _s, step) {
	if (data.undated) return splits.map((t) => durationText(t - win.start[0]));
	let before = "";
	return splits.map((t) => {
		const d = dateOf(t), date = `${weekdays[d.getDay()]} ${d.getDate()} ${months[d.getMonth()]}`, year = step >= 86400 * 27 ? ` ${d.getFullYear()}` : "";
		if (step >= 86400) return date.slice(step >= 86400 * 7 ? 4 : 0) + year;
		const text = before === date ? clock(d) : `${clock(d)}\n${date}`;
		before = date;
		return text;
	});
}

/** Steps of the time axis, in seconds. */
const timeSteps = [1, 2, 5, 15, 30, 60, 120, 300, 900, 1800, 3600, 7200, 10800, 21600, 43200, 86400, 172800, 604800, 1209600, 2419200, 4838400, 7257600, 31536000];

/** What the charts over time share. @param {any} y @param {boolean} labels */
function timeOptions(y, labels) {
	const x = { ...axisLook(), values: timeLabels, space: 90, incrs: timeSteps, ...(labels ? {} : { values: (/** @type {any} */ _, /** @type {number[]} */ s) => s.map(() => ""), size: 8 }) };
	return {
		padding: /** @type {[number, number, number, number]} */ ([10, 36, 0, 0]), axes: [x, { ...axisLook(), size: 62, ...y }],
		tzDate: (/** @type {number} */ t) => dateOf(t),
		cursor: {
			drag: { x: true, y: false }, sync: { key: "time", scales: /** @type {[string, null]} */ (["x", null]) }, points: { show: false },
			dataIdx: (/** @type {Chart} */ u, /** @type {number} */ _, /** @type {number} */ i, /** @type {number} */ t) => Math.min(count - 1, i > 0 && times[i] > t ? i - 1 : i),
		},
		hooks: { setScale: [zoomTogether], setCursor: [readCursor] },
	};
}

let zooming = false;

/** Zooms the other charts to what one shows. @param {Chart} u @param {string} key */
function zoomTogether(u, key) {
	if (key !== "x" || zooming || timeCharts.length === 0) return;
	zooming = true;
	const { min, max } = u.scales.x;
	if (min != null && max != null) for (const other of timeCharts) if (other !== u) other.setScale("x", { min, max });
	zooming = false;
}

/** Reads the window under the crosshair. @param {Chart} u */
function readCursor(u) {
	const { left } = u.cursor;
	if (left == null || left < 0) return;
	const t = u.posToVal(left, "x"), near = u.valToIdx(t), w = Math.min(count - 1, near > 0 && times[near] > t ? near - 1 : near);
	if (w !== timeAt) say(readTime(w));
}

/** Shows a window under the charts, and returns what it says. @param {number} w */
function readTime(w) {
	if (times[w + 1] === undefined) return "";
	timeAt = w;
	const all = win.tokens[w], c = chosen;
	const misses = data.kinds.map((k, i) => `${k.name} ${percent(share(win.misses[c][i][w], all))}`).join(", ");
	const text = `${spanText(win.start[w], win.start[w] + win.seconds)}: ${percent(share(win.hits[c][w], all))} hit at ${data.capacities[c].label} · ${comma(win.requests[w])} ${win.requests[w] === 1 ? "request" : "requests"} · ${comma(all)} tokens · missed: ${misses}`;
	const read = byId("time-read"), at = byId("time");
	read.textContent = text;
	read.dataset.row = String(w);
	at.setAttribute("aria-valuenow", String(w));
	at.setAttribute("aria-valuetext", text);
	return text;
}

/** Draws all three charts, anew where the time zone has changed. */
function drawTime() {
	for (const u of timeCharts) charts.splice(charts.indexOf(u), 1)[0].destroy();
	timeCharts = [];
	if (count === 0) return;
	const order = data.capacities.map((_, i) => i).reverse(); // the largest is drawn first, under the others
	const rates = order.map((c) => [...win.hits[c].map((n, w) => share(n, win.tokens[w])), null]);
	const top = roundTop(Math.max(0, ...rates.flat().map((r) => r ?? 0)));
	const xScale = { time: !data.undated };
	const percents = { values: (/** @type {any} */ _, /** @type {number[]} */ s) => s.map((r) => `${Math.round(100 * r)} %`) };
	const base = timeOptions(percents, false);
	const rate = makeChart(byId("time-rate"), 240, {
		...base, scales: { x: xScale, y: { range: [0, top] } },
		series: [{}, ...order.map((c) => ({ label: data.capacities[c].label, paths: steps(null), points: { show: false } }))],
	}, [times, ...rates]);
	const tokens = makeChart(byId("time-tokens"), 110, {
		...timeOptions({ values: (/** @type {any} */ _, /** @type {number[]} */ s) => s.map(countText), space: 24 }, false), scales: { x: xScale, y: { range: (_, _min, max) => [0, max * 1.05 || 1] } },
		series: [{}, { label: "tokens", fill: () => colour("muted"), paths: steps(() => 0), points: { show: false } }],
	}, [times, [...win.tokens, null]]);
	const misses = makeChart(byId("time-misses"), 240, {
		...timeOptions(percents, true), scales: { x: xScale, y: { range: [0, 1] } },
		series: [{}, ...parts.map((p, i) => ({ label: p.name, fill: (/** @type {Chart} */ u) => pattern(u.ctx, p.id), paths: steps((w) => (i === 0 ? 0 : Number(misses.data[i][w]))), points: { show: false } }))],
	}, [times, ...parts.map(() => [])]);
	timeCharts = [rate, tokens, misses];
	byId("time").setAttribute("aria-valuemax", String(count - 1));
	showTime();
}

/** Shows the chosen capacity. */
function showTime() {
	if (timeCharts.length === 0) return;
	const [rate, , misses] = timeCharts, last = data.capacities.length;
	rate.series.forEach((s, i) => {
		const c = last - i, mine = c === chosen;
		if (i > 0) Object.assign(s, { show: hasLine(c), width: mine ? 2.5 : 1.2, dash: lineDash(c), stroke: () => colour(mine ? "accent" : `line-${c % 4}`) });
	});
	rate.redraw();
	const sums = new Array(count).fill(0);
	misses.setData(/** @type {any} */ ([times, ...parts.map((_, p) => [...sums.map((_n, w) => (sums[w] += partTokens(p, chosen, w), share(sums[w], win.tokens[w]))), null])]), false);
	misses.redraw();
	byId("time-misses-head").textContent = `Where the tokens go. ${atText(data.capacities[chosen])}`;
	showTimeLegend();
	if (timeAt >= 0) readTime(timeAt);
}

/** Writes what the lines are. */
function showTimeLegend() {
	const at = byId("time-legend");
	at.replaceChildren(...data.capacities.flatMap((c, i) => {
		if (!hasLine(i)) return [];
		const item = element("span", i === chosen ? "item mine" : "item"), sample = document.createElement("canvas"), ctx = /** @type {CanvasRenderingContext2D} */ (sample.getContext("2d"));
		sample.width = 72;
		sample.height = 24;
		ctx.setLineDash(lineDash(i).map((n) => 2 * n));
		ctx.lineWidth = i === chosen ? 5 : 2.5;
		ctx.strokeStyle = colour(i === chosen ? "accent" : `line-${i % 4}`);
		strokeLine(ctx, 0, 12, 72, 12);
		item.append(sample, `${c.label}${i === chosen ? " (chosen)" : ""}: ${percent(share(c.hits, data.total_tokens))}`);
		return item;
	}));
	byId("misses-legend").replaceChildren(...parts.map((p) => {
		const item = element("span", "item");
		item.append(element("span", "swatch k-" + p.id), p.name);
		return item;
	}));
}
