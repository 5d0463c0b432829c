// The page in a real browser.
import assert from "node:assert/strict";
import { readFileSync, statSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { boxOf, close, demo, folder, launch, open, report, rowsOf, run, writeLog } from "./pages.mjs";

const capacities = ["--capacity", "16GiB,64GiB,256GiB,inf"];
const comma = (n) => Number(n).toLocaleString("en-US");
let page, plotted, alike;

before(async () => {
	await launch();
	page = report("demo", demo, ...capacities);
	plotted = join(folder, "plotted");
	run("plot", demo, "-o", plotted, "--format", "svg", "--quiet", ...capacities);
	run("generate", "-o", join(folder, "alike"), "--requests", "2000", "--model", "one");
	alike = report("alike", join(folder, "alike"), "--capacity", "1GiB,16GiB,64GiB");
});
after(close);

/** The readings that the crosshair shows must be those of a row of capacity.csv. */
function assertReading(text, row) {
	if (row.capacity_bytes !== "") assert.ok(text.includes(`(${comma(row.capacity_bytes)} bytes)`), text);
	if (row.capacity_chunks !== "") assert.ok(text.includes(`${comma(row.capacity_chunks)} chunks`), text);
	assert.ok(text.includes(`${comma(row.hit_tokens)} of ${comma(row.total_tokens)} tokens`), text);
	const shown = Number(/([\d.]+) % of all/.exec(text)[1]);
	assert.ok(Math.abs(shown / 100 - Number(row.token_hit_rate)) <= 0.0005, text);
}

test("the crosshair shows the rows of capacity.csv", () => open(page, {}, async (p) => {
	const rows = rowsOf(join(plotted, "capacity.csv")), seen = new Set();
	const box = await boxOf(p.locator("#curve .u-over"));
	for (let i = 0; i <= 40; i++) {
		await p.mouse.move(box.x + 1 + (box.width - 2) * i / 40, box.y + box.height / 2);
		const read = p.locator("#curve-read"), row = Number(await read.getAttribute("data-row"));
		assertReading(await read.innerText(), rows[row]);
		seen.add(row);
	}
	assert.ok(seen.size > 20, `${seen.size} rows`);
	assert.ok(seen.has(0) && seen.has(rows.length - 1));
	assert.equal(await p.evaluate("data.tables.capacity"), readFileSync(join(plotted, "capacity.csv"), "utf8"));
}));

test("keys move the reading, zoom, and choose", () => open(page, {}, async (p) => {
	const rows = rowsOf(join(plotted, "capacity.csv")), curve = p.locator("#curve");
	await curve.focus();
	await p.keyboard.press("Home");
	assert.equal(await curve.getAttribute("aria-valuenow"), "0");
	for (let i = 0; i < 3; i++) await p.keyboard.press("ArrowRight");
	assert.equal(await curve.getAttribute("aria-valuenow"), "3");
	assertReading(await curve.getAttribute("aria-valuetext"), rows[3]);
	await p.keyboard.press("Shift+ArrowRight");
	assert.equal(await curve.getAttribute("aria-valuenow"), "13");
	await p.keyboard.press("+");
	const zoomed = await p.evaluate("[curve.scales.x.min, curve.scales.x.max]");
	assert.ok(zoomed[1] < Number(rows.at(-1).capacity_bytes) / 2);
	await p.keyboard.press("0");
	assert.deepEqual(await p.evaluate("[curve.scales.x.min, curve.scales.x.max]"), [Number(rows[0].capacity_bytes), Number(rows.at(-1).capacity_bytes)]);
	await p.keyboard.press("Home");
	await p.keyboard.press("Enter");
	assert.match(await p.locator("#chosen-text").innerText(), /^16 GiB: /);
	await p.waitForFunction(() => document.getElementById("status").textContent.startsWith("16 GiB: "));
}));

test("dragging zooms, a double click shows the whole range", () => open(page, {}, async (p) => {
	const range = () => p.evaluate("[curve.scales.x.min, curve.scales.x.max]"), whole = await range();
	const box = await boxOf(p.locator("#curve .u-over")), y = box.y + box.height / 2;
	await p.mouse.move(box.x + box.width * 0.5, y);
	await p.mouse.down();
	await p.mouse.move(box.x + box.width * 0.75, y, { steps: 5 });
	await p.mouse.up();
	const [min, max] = await range();
	assert.ok(min > whole[0] && max < whole[1] && min < max, `${min} to ${max}`);
	assert.match(await p.locator("#chosen-text").innerText(), /^256 GiB: /, "a drag chooses nothing");
	await p.mouse.dblclick(box.x + box.width * 0.5, y);
	assert.deepEqual(await range(), whole);
}));

test("a capacity that is chosen moves every other part", () => open(page, {}, async (p) => {
	const parts = () => p.evaluate(() => ({
		output: document.getElementById("chosen-text").textContent, split: document.getElementById("split").textContent, limit: document.getElementById("limit").textContent,
		bars: [...document.querySelectorAll(".bars")].map((b) => b.textContent).join(), legend: document.querySelector("#time-legend .mine").textContent,
		// eslint-disable-next-line no-undef
		misses: JSON.stringify(timeCharts[2].data[1]), width: timeCharts[0].series.map((s) => s.width).join(),
	}));
	const at256 = await parts();
	await p.locator("#chosen").focus();
	await p.keyboard.press("ArrowLeft");
	const at64 = await parts();
	for (const part of Object.keys(at64)) assert.notEqual(at64[part], at256[part], part);
	assert.match(at64.output, /^64 GiB: /);
	const rolling = rowsOf(join(plotted, "rolling.csv")).filter((r) => r.capacity_bytes === String(64 * 2 ** 30));
	const hits = rolling.reduce((n, r) => n + Number(r.hit_tokens), 0), total = rolling.reduce((n, r) => n + Number(r.total_tokens), 0);
	assert.equal(at64.output, `64 GiB: ${(100 * hits / total).toFixed(1)} % of all tokens hit`);
	assert.deepEqual(JSON.parse(at64.misses).slice(0, -1), rolling.map((r) => Number(r.token_hit_rate)));
	const box = await boxOf(p.locator("#curve .u-over")); // a click on the chart does the same
	const x = await p.evaluate(`curve.valToPos(${16 * 2 ** 30}, "x")`);
	await p.mouse.click(box.x + x, box.y + box.height / 2);
	assert.match((await parts()).output, /^16 GiB: /);
}));

test("the charts over time are read and zoomed together", () => open(page, { timezoneId: "America/New_York" }, async (p) => {
	const rolling = rowsOf(join(plotted, "rolling.csv")).filter((r) => r.capacity_bytes === String(256 * 2 ** 30));
	let box = await boxOf(p.locator("#time-tokens .u-over")), y = box.y + box.height / 2;
	await p.mouse.move(box.x + box.width * 0.3, y);
	const read = p.locator("#time-read"), row = rolling[Number(await read.getAttribute("data-row"))], text = await read.innerText();
	assert.ok(text.includes(`${comma(row.requests)} request`) && text.includes(`${comma(row.total_tokens)} tokens`), text);
	const utc = new Date(Number(row.window_start) * 1e3).toISOString();
	assert.ok(text.includes(`${utc.slice(0, 10)} ${utc.slice(11, 16)}`) && text.includes("UTC"), text);
	await p.getByLabel("local time").check();
	box = await boxOf(p.locator("#time-tokens .u-over")); // drawn anew
	y = box.y + box.height / 2;
	await p.mouse.move(box.x + box.width * 0.3, y + 1);
	const there = new Date(Number(row.window_start) * 1e3).toLocaleTimeString("en-GB", { timeZone: "America/New_York", hour: "2-digit", minute: "2-digit" });
	assert.ok((await read.innerText()).includes(`${there} –`), await read.innerText());
	await p.mouse.down();
	await p.mouse.move(box.x + box.width * 0.5, y, { steps: 5 });
	await p.mouse.up();
	const ranges = await p.evaluate("timeCharts.map((u) => [u.scales.x.min, u.scales.x.max])");
	assert.ok(ranges[0][0] > Number(rolling[0].window_start) && ranges[0][1] < Number(rolling.at(-1).window_end));
	assert.deepEqual(ranges[1], ranges[0]);
	assert.deepEqual(ranges[2], ranges[0]);
	await p.getByRole("button", { name: "Whole time" }).click();
	assert.deepEqual(await p.evaluate("timeCharts.map((u) => u.scales.x.min)"), Array(3).fill(Number(rolling[0].window_start)));
	await p.locator("#time").focus();
	await p.keyboard.press("Home");
	assert.equal(await p.locator("#time").getAttribute("aria-valuenow"), "0");
	await p.keyboard.press("ArrowRight");
	assert.equal(await p.locator("#time").getAttribute("aria-valuenow"), "1");
}));

test("scale and unit change", () => open(alike, {}, async (p) => {
	assert.equal(await p.evaluate("curve.scales.x.distr"), 3);
	await p.getByLabel("linear", { exact: true }).check();
	assert.notEqual(await p.evaluate("curve.scales.x.distr"), 3);
	await p.getByLabel("chunks", { exact: true }).check();
	assert.deepEqual(await p.evaluate("[curve.data[0][0], curve.data[0].at(-1)]"), await p.evaluate("[rows.capacity_chunks[0], rows.capacity_chunks.at(-1)]"));
	await p.getByLabel("GiB", { exact: true }).check();
	await p.getByLabel("log", { exact: true }).check();
	assert.deepEqual(await p.evaluate("[curve.data[0][0], curve.scales.x.distr]"), [await p.evaluate("rows.capacity_bytes[0]"), 3]);
}));

test("tables sort, copy, and save as CSV", () => open(page, { permissions: ["clipboard-read", "clipboard-write"] }, async (p) => {
	const saved = async (button) => {
		const [download] = await Promise.all([p.waitForEvent("download"), button.click()]);
		return [download.suggestedFilename(), readFileSync(await download.path(), "utf8")];
	};
	for (const name of ["capacity.csv", "rolling.csv"]) {
		assert.deepEqual(await saved(p.getByRole("button", { name: `Save ${name}` })), [name, readFileSync(join(plotted, name), "utf8")]);
	}
	const table = p.locator("#table-classes-length");
	const column = () => table.locator("tbody tr td:nth-child(3)").evaluateAll((cells) => cells.map((c) => Number(c.dataset.v)));
	const rising = (list) => list.every((n, i) => i === 0 || list[i - 1] <= n);
	await table.getByRole("button", { name: "tokens", exact: true }).click();
	assert.ok(rising(await column()));
	assert.equal(await table.locator("th[aria-sort]").getAttribute("aria-sort"), "ascending");
	await table.getByRole("button", { name: "tokens", exact: true }).click();
	assert.ok(rising((await column()).reverse()));
	const [name, text] = await saved(table.getByRole("button", { name: /Save CSV/ }));
	assert.equal(name, "classes-length.csv");
	const lines = text.trimEnd().split("\n");
	assert.match(lines[0], /^length,requests,tokens,share of tokens,16 GiB,64 GiB,256 GiB,unlimited$/);
	assert.equal(lines.length, 1 + (await column()).length);
	assert.deepEqual(lines.slice(1).map((line) => Number(line.split(",")[2])), await column());
	await table.getByRole("button", { name: /^Copy/ }).click();
	await p.waitForFunction(() => document.getElementById("status").textContent === "copied");
	assert.equal(await p.evaluate(() => navigator.clipboard.readText()), text.replaceAll(",", "\t"));
}));

test("without JavaScript every chart is a picture", () => open(page, { javaScriptEnabled: false }, async (p) => {
	const pictures = p.locator(".picture svg");
	assert.ok(await pictures.count() >= 4);
	for (const picture of await pictures.all()) assert.ok((await picture.boundingBox()).height > 200);
	for (const live of await p.locator(".live").all()) assert.ok(!(await live.isVisible()));
	assert.match(await p.locator(".answer").innerText(), /256 GiB gives 78\.\d %/);
	assert.ok(await p.getByText("Token hit rate by prompt length", { exact: true }).isVisible());
}));

test("it prints as pictures and tables", () => open(page, {}, async (p) => {
	await p.emulateMedia({ media: "print" });
	for (const picture of await p.locator(".picture").all()) assert.ok(await picture.isVisible());
	for (const live of await p.locator(".live, .tools").all()) assert.ok(!(await live.isVisible()));
	const pdf = await p.pdf({ format: "A4" });
	assert.ok(pdf.length > 50_000, `${pdf.length} bytes`);
}));

for (const width of [360, 1920, 3840]) for (const colorScheme of ["light", "dark"]) {
	test(`axe finds nothing at ${width} pixels, ${colorScheme}`, () => open(page, { viewport: { width, height: 900 }, colorScheme }, async (p) => {
		assert.ok(await p.evaluate("document.documentElement.scrollWidth <= innerWidth"), "the page is wider than the window");
		await p.evaluate("for (const d of document.querySelectorAll('details')) d.open = true");
		// The page's policy keeps axe out of a script element: it is evaluated by the debugger instead.
		await p.evaluate(readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8"));
		const found = await p.evaluate("axe.run()");
		assert.deepEqual(found.violations.map((v) => `${v.id}: ${v.nodes.map((n) => `${n.html} ${n.failureSummary}`).join("; ")}`), []);
	}));
}

test("colours follow the scheme, and motion can be reduced", () => open(page, { colorScheme: "light", reducedMotion: "reduce" }, async (p) => {
	const accent = "curve.series[1].stroke(curve, 1)", light = await p.evaluate(accent);
	await p.emulateMedia({ colorScheme: "dark" });
	await p.waitForFunction(`${accent} !== ${JSON.stringify(light)}`);
	assert.equal(await p.evaluate("getComputedStyle(document.querySelector('.fill')).transitionDuration"), "0s");
}));

test("the policy forbids the network", () => open(page, {}, async (p, context, bad) => {
	const tried = await p.evaluate(async () => {
		const blocked = [];
		document.addEventListener("securitypolicyviolation", (e) => blocked.push(e.effectiveDirective));
		await fetch("http://127.0.0.1:9/").catch(() => {});
		const image = new Image();
		image.src = "http://127.0.0.1:9/x.png";
		const script = document.createElement("script");
		script.textContent = "window.ran = true";
		document.body.append(script);
		const styled = document.createElement("div");
		styled.innerHTML = `<p style="color: red">x</p><style>p { color: red }</style>`;
		document.body.append(styled);
		await new Promise((resolve) => setTimeout(resolve, 300));
		return { blocked, ran: window.ran };
	});
	for (const directive of ["connect-src", "img-src", "script-src-elem", "style-src-attr", "style-src-elem"]) assert.ok(tried.blocked.includes(directive), directive);
	assert.equal(tried.ran, undefined);
	assert.ok(bad.every((line) => line.startsWith("console: ") && /Content Security Policy/.test(line) || /127\.0\.0\.1:9/.test(line)), bad.join("\n"));
	bad.length = 0; // all of them were asked for
}));

const hostile = [
	"</script><script>alert(1)</script>", "\u202eevil\u202c \u0645\u0631\u062d\u0628\u0627", "x".repeat(10_000), "<img src=x onerror=alert(2)>", "中文模型",
	'" onmouseover="alert(3)', "=cmd|' /C calc'!A0", "{{.Policy}}", "]]>", "<!--", "\\u003c/script>", "&lt;b&gt;", "",
];

test("hostile names do no harm", async () => {
	const log = writeLog("hostile", hostile.flatMap((name, i) => Array.from({ length: 20 }, (_, k) => ({
		timestamp: 1711929600 + i * 60 + k, request_id: name, model_name: name, chunk_size: 4, seq_len: 9, dtypes: ["float16"], shapes: [[1, 1024]], chunk_hashes: [`0x${k % 3}`, `0x${i}${k % 7}`],
	}))).concat("</script><script>alert(4)</script>"));
	const path = report("hostile", log, "--title", hostile[0], "--by", "model,source,length", "--tiers", "a<b>=8KiB,</script>=64KiB");
	assert.ok(statSync(path).size < 1_500_000);
	await open(path, { viewport: { width: 360, height: 800 } }, async (p) => {
		assert.equal(await p.locator("h1").innerText(), hostile[0]);
		assert.equal(await p.evaluate("document.scripts.length"), 2);
		assert.ok(await p.evaluate("document.documentElement.scrollWidth <= innerWidth"), "the page is wider than the window");
		const names = await p.locator("#table-classes-model tbody th").allInnerTexts();
		for (const name of [hostile[0], hostile[3], hostile[5], hostile[6], hostile[7], "中文模型", "unnamed"]) assert.ok(names.includes(name), name);
		assert.ok(names.every((name) => name.length <= 125 && !/[\u202a-\u202e]/.test(name)));
		assert.ok(await p.locator("text=alert(4)").count() <= 1);
		const [download] = await Promise.all([p.waitForEvent("download"), p.locator("#table-classes-model").getByRole("button", { name: /Save CSV/ }).click()]);
		const text = readFileSync(await download.path(), "utf8");
		assert.ok(text.includes("'=cmd"), "a spreadsheet would run it");
	});
});

test("odd logs give whole pages", async () => {
	const record = (i, more) => ({ timestamp: 1711929600 + i * 60, model_name: "m", chunk_size: 4, seq_len: 8, chunk_hashes: [`0x${i}`, `0x${i}f`], ...more });
	const logs = {
		one: [record(1)], "no hits": Array.from({ length: 30 }, (_, i) => record(i)), "all hits": Array.from({ length: 30 }, (_, i) => record(i, { chunk_hashes: ["0x1", "0x2"], seq_len: 8 })),
		undated: Array.from({ length: 30 }, (_, i) => record(i, { timestamp: i * 60, chunk_hashes: [`0x${i % 3}`] })), "no tokens": [record(1, { seq_len: 0 }), record(2, { seq_len: 0 })],
	};
	for (const [name, records] of Object.entries(logs)) {
		const path = report(name.replace(" ", ""), writeLog(name.replace(" ", "-"), records));
		await open(path, {}, async (p) => {
			assert.equal(await p.evaluate("document.documentElement.className"), "js", name);
			assert.ok((await p.locator("#curve canvas").boundingBox()).height > 200);
			if (name === "undated") assert.ok(!(await p.getByLabel("local time").isVisible().catch(() => false)), "an undated trace has no time zone");
		});
	}
});

test("a server's cache and a comparison", async () => {
	const compared = join(folder, "compared"), logs = join(folder, "alike");
	run("compare", logs, "--capacity", "1GiB,16GiB", "--cache", "lru,s3fifo,opt", "-o", compared, "--quiet");
	await open(report("compared", logs, "--capacity", "16GiB,64GiB", "--compare", compared), {}, async (p) => {
		assert.match(await p.locator("#limit").innerText(), /policy/);
		assert.ok(await p.locator("#picture-compared svg").isVisible());
	});
	await open(report("server", logs, "--cache", "lmcache-server", "--points", "20"), {}, async (p) => {
		await p.locator("#curve").focus();
		await p.keyboard.press("Home");
		assert.match(await p.locator("#curve-read").innerText(), /plain LRU: /);
	});
});

test("a year of logs makes a page that is small and quick", async () => {
	const year = join(folder, "year");
	run("generate", "-o", year, "--requests", "20000", "--duration", "365d", "--rate", "0.00063", "--daily");
	const path = report("year", year, "--window", "5m", "--by", "length,model,hour,turn,source");
	assert.ok(statSync(path).size < 1_500_000, `${statSync(path).size} bytes`);
	await open(path, {}, async (p) => {
		const timing = await p.evaluate("performance.getEntriesByType('navigation')[0].toJSON()");
		assert.ok(timing.loadEventEnd < 5000, `${timing.loadEventEnd} ms`); // a second on a machine that does nothing else
		assert.match(await p.locator("section[aria-labelledby=h-rolling] .say").innerText(), /added up/);
	});
});
