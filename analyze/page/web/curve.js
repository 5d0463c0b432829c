// Hit rate against capacity: the rows of capacity.csv.

/** The columns of capacity.csv, by name. An empty cell is NaN. */
const rows = (() => {
	const [head, ...lines] = data.tables.capacity.trimEnd().split("\n").map((line) => line.split(","));
	/** @type {Record<string, number[]>} */
	const columns = {};
	head.forEach((name, i) => { columns[name] = lines.map((cells) => (cells[i] === "" ? NaN : Number(cells[i]))); });
	return columns;
})();

/** The unit of the axis. */
let axisUnit = data.unit;
let logarithmic = true;

const capacityColumn = () => rows[axisUnit === "bytes" ? "capacity_bytes" : "capacity_chunks"];

/** @param {number} n */
const axisText = (n) => (axisUnit === "bytes" ? bytesText(n) : scaled(n, ""));

/** Ticks of the capacity axis: powers of two, or round numbers of a binary unit. @param {number} min @param {number} max @param {number} most */
function capacityTicks(min, max, most) {
	const ticks = [];
	const low = Math.ceil(Math.log2(min) - 1e-9), high = Math.floor(Math.log2(max) + 1e-9);
	if (logarithmic && high - low >= 2) {
		const step = Math.ceil((high - low + 1) / most);
		for (let k = Math.ceil(low / step) * step; k <= high; k += step) ticks.push(2 ** k);
		return ticks;
	}
	const unit = 1024 ** Math.max(0, Math.floor(Math.log2(max) / 10));
	const wanted = (max - min) / unit / most;
	const ten = 10 ** Math.floor(Math.log10(wanted));
	let step = [1, 2, 5, 10].map((n) => n * ten).find((n) => n >= wanted) ?? wanted;
	if (unit === 1) step = Math.max(1, Math.round(step));
	for (let k = Math.ceil(min / unit / step); k * step * unit <= max; k++) ticks.push(k * step * unit);
	return ticks;
}

/** The top of an axis of rates above a rate. @param {number} rate */
const roundTop = (rate) => [0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.8].find((top) => rate < top * 0.98) ?? 1;

/** @type {Chart} */
let curve;
/** The row under the crosshair. */
let curveAt = -1;

/** Shows a row under the chart, and returns what it says. @param {number} i */
function readCurve(i) {
	curveAt = i;
	const bytes = rows.capacity_bytes[i], chunks = rows.capacity_chunks[i], hits = rows.hit_tokens[i], all = rows.total_tokens[i];
	const parts = [];
	if (!Number.isNaN(bytes)) parts.push(`${bytesText(bytes)} (${comma(bytes)} bytes)`);
	if (!Number.isNaN(chunks)) parts.push(`${comma(chunks)} chunks`);
	parts.push(`${percent(rows.token_hit_rate[i])} of all tokens`, `${comma(hits)} of ${comma(all)} tokens`);
	if (rows.lru_token_hit_rate) parts.push(`plain LRU: ${percent(rows.lru_token_hit_rate[i])}`);
	const text = parts.join(" · ");
	const read = byId("curve-read"), at = byId("curve");
	read.textContent = text;
	read.dataset.row = String(i);
	at.setAttribute("aria-valuenow", String(i));
	at.setAttribute("aria-valuetext", text);
	return text;
}

/** Returns the page's capacity nearest to a point of the axis. @param {number} x */
function nearestCapacity(x) {
	let best = data.chosen, least = Infinity;
	data.capacities.forEach((c, i) => {
		const size = axisUnit === "bytes" ? c.bytes : c.chunks;
		const off = size === null ? Infinity : Math.abs(Math.log(size / x));
		if (off < least) [best, least] = [i, off];
	});
	return best;
}

/** Draws the ceiling, and a line at each capacity of the page. @param {Chart} u */
function drawMarks(u) {
	const { ctx, bbox } = u, dot = devicePixelRatio;
	ctx.save();
	ctx.beginPath();
	ctx.rect(bbox.left, 0, bbox.width, bbox.top + bbox.height);
	ctx.clip();
	ctx.font = `${12 * dot}px system-ui, sans-serif`;
	ctx.textAlign = "left";
	ctx.textBaseline = "alphabetic";
	const ceiling = share(data.ceiling_hits, data.total_tokens), y = u.valToPos(ceiling, "y", true);
	ctx.strokeStyle = ctx.fillStyle = colour("muted");
	ctx.lineWidth = dot;
	ctx.setLineDash([6 * dot, 4 * dot]);
	strokeLine(ctx, bbox.left, y, bbox.left + bbox.width, y);
	ctx.fillText(`ceiling ${percent(ceiling)}`, bbox.left + 6 * dot, y - 5 * dot);
	let free = -Infinity;
	data.capacities.forEach((c, i) => {
		const size = axisUnit === "bytes" ? c.bytes : c.chunks;
		if (size === null) return;
		const x = u.valToPos(size, "x", true), mine = i === chosen;
		if (x < bbox.left - dot || x > bbox.left + bbox.width + dot) return;
		ctx.strokeStyle = ctx.fillStyle = colour(mine ? "accent" : "muted");
		ctx.lineWidth = (mine ? 2 : 1) * dot;
		ctx.setLineDash(mine ? [] : [2 * dot, 3 * dot]);
		strokeLine(ctx, x, bbox.top, x, bbox.top + bbox.height);
		const width = ctx.measureText(c.label).width, left = Math.min(Math.max(x - width / 2, bbox.left), bbox.left + bbox.width - width);
		if (mine || left > free) {
			if (left > free) ctx.fillText(c.label, left, bbox.top - 6 * dot);
			free = Math.max(free, left + width + 8 * dot);
		}
	});
	ctx.restore();
}

/** @param {CanvasRenderingContext2D} ctx @param {number} x0 @param {number} y0 @param {number} x1 @param {number} y1 */
function strokeLine(ctx, x0, y0, x1, y1) {
	ctx.beginPath();
	ctx.moveTo(x0, y0);
	ctx.lineTo(x1, y1);
	ctx.stroke();
}

/** Draws the chart, anew where the scale or the unit has changed. */
function drawCurve() {
	const at = byId("curve"), old = charts.indexOf(curve);
	if (old >= 0) charts.splice(old, 1)[0].destroy();
	const top = roundTop(Math.max(share(data.ceiling_hits, data.total_tokens), ...rows.token_hit_rate)), dots = rows.token_hit_rate.length < 60;
	/** @type {uPlot.Series[]} */
	const series = [{}, { label: "token hit rate", stroke: () => colour("accent"), fill: () => colour("wash"), width: 2.5, points: { show: !data.exact || dots } }];
	const columns = [capacityColumn(), rows.token_hit_rate];
	if (rows.lru_token_hit_rate) {
		series.push({ label: "plain LRU", stroke: () => colour("muted"), dash: [4, 3], width: 1.5, points: { show: false } });
		columns.push(rows.lru_token_hit_rate);
	}
	/** @type {uPlot.Scale} */
	const log = logarithmic ? { distr: 3, log: 2 } : {}, one = columns[0].length === 1 ? 2 : 1;
	curve = makeChart(at, Math.min(460, Math.max(280, innerHeight * 0.5)), {
		padding: [22, 32, 0, 0],
		scales: { x: { time: false, range: (_, min, max) => [min / one, max * one], ...log }, y: { range: [0, top] } },
		axes: [
			{ ...axisLook(), space: 60, splits: (u, _, min, max) => capacityTicks(min, max, Math.max(2, u.bbox.width / devicePixelRatio / 76)), filter: (_, splits) => splits, values: (_, splits) => splits.map(axisText) },
			{ ...axisLook(), size: 54, values: (_, splits) => splits.map((r) => `${Math.round(100 * r)} %`) },
		],
		series, cursor: { drag: { x: true, y: false }, points: { size: 9 } },
		hooks: { draw: [drawMarks], setCursor: [(u) => { if (u.cursor.idx != null && u.cursor.idx !== curveAt) say(readCurve(u.cursor.idx)); }] },
	}, columns);
	readCurve(curveAt >= 0 ? curveAt : rows.token_hit_rate.length - 1);
	at.setAttribute("aria-valuemax", String(columns[0].length - 1));
	chooseByClick(curve);
}

/** Chooses the capacity at a click that is no drag. @param {Chart} u */
function chooseByClick(u) {
	let from = 0;
	u.over.addEventListener("mousedown", (e) => { from = e.clientX; });
	u.over.addEventListener("click", (e) => {
		if (Math.abs(e.clientX - from) < 4 && e.detail === 1) choose(nearestCapacity(u.posToVal(e.clientX - u.over.getBoundingClientRect().left, "x")));
	});
}

/**
 * Lets keys move the reading of some charts, and zoom.
 * @param {HTMLElement} at @param {() => Chart[]} all @param {() => number} row @param {number} last @param {(i: number) => unknown} read @param {() => void} [enter]
 */
function steer(at, all, row, last, read, enter) {
	at.addEventListener("keydown", (e) => {
		if (e.ctrlKey || e.altKey || e.metaKey) return;
		const step = e.shiftKey ? 10 : 1, [u] = all(), xs = u.data[0];
		const i = { ArrowRight: row() + step, ArrowUp: row() + step, ArrowLeft: row() - step, ArrowDown: row() - step, Home: 0, End: last, PageUp: row() + 10, PageDown: row() - 10 }[e.key];
		if (i !== undefined) {
			const to = Math.max(0, Math.min(last, i));
			for (const v of all()) v.setCursor({ left: v.valToPos(xs[to], "x") + (e.key === "Home" ? 1 : 0), top: v.over.clientHeight / 2 });
			read(to);
		} else if (e.key === "+" || e.key === "=") zoom(u, xs, row(), last, 4);
		else if (e.key === "-") zoom(u, xs, row(), last, 1);
		else if (e.key === "0" || e.key === "Escape") wholeRange(u);
		else if (e.key === "Enter" && enter) enter();
		else return;
		e.preventDefault();
	});
}

/** Shows the rows around one: a part of those that are shown. @param {Chart} u @param {any} xs @param {number} row @param {number} last @param {number} part */
function zoom(u, xs, row, last, part) {
	const from = u.valToIdx(u.scales.x.min ?? xs[0]), to = u.valToIdx(u.scales.x.max ?? xs[last]);
	const reach = Math.max(2, Math.round((to - from) / part));
	u.setScale("x", { min: xs[Math.max(0, row - reach)], max: xs[Math.min(xs.length - 1, Math.max(row, 0) + reach)] });
}

/** @param {Chart} u */
function wholeRange(u) {
	const xs = u.data[0];
	u.setScale("x", { min: xs[0], max: xs[xs.length - 1] });
}
