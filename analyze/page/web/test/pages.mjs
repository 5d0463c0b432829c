// What the tests have in common: pages that hashlog writes, and a browser that opens them.
import { execFileSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { chromium } from "playwright-core";

const root = resolve(dirname(fileURLToPath(import.meta.url)), "../../../..");
const hashlog = process.env.HASHLOG ?? join(root, "bin/hashlog");
const places = [process.env.CHROMIUM, "/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"];

/** A folder for everything that the tests write. */
export const folder = mkdtempSync(join(tmpdir(), "hashlog-web-"));
export const demo = join(root, "testdata/demo");

/** Runs hashlog, which may report bad input. */
export function run(...args) {
	try {
		execFileSync(hashlog, args, { stdio: ["ignore", "pipe", "pipe"], maxBuffer: 1 << 28 });
	} catch (err) {
		if (err.status !== 3) throw new Error(`hashlog ${args.join(" ")}: ${err.stderr}`);
	}
}

/** Writes a page and returns its path. */
export function report(name, ...args) {
	const path = join(folder, `${name}.html`);
	run("report", ...args, "-o", path, "--quiet");
	return path;
}

/** Reads a table of plot as objects. */
export function rowsOf(path) {
	const [head, ...lines] = readFileSync(path, "utf8").trimEnd().split("\n").map((line) => line.split(","));
	return lines.map((cells) => Object.fromEntries(head.map((name, i) => [name, cells[i]])));
}

/** Writes a log of records. */
export function writeLog(name, records) {
	const path = join(folder, `${name}.jsonl`);
	writeFileSync(path, records.map((r) => (typeof r === "string" ? r : JSON.stringify(r))).join("\n") + "\n");
	return path;
}

let browser;

export async function launch() {
	const executablePath = places.find((place) => place && existsSync(place));
	if (!executablePath) throw new Error("there is no Chromium: install it, or name it in CHROMIUM");
	browser = await chromium.launch({ executablePath, args: ["--no-sandbox"] });
}

export async function close() {
	await browser?.close();
	rmSync(folder, { recursive: true });
}

/** Opens a page and calls act. It fails on messages of the console, on errors, and on requests but that for the page. */
export async function open(path, options, act) {
	const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, acceptDownloads: true, ...options });
	const page = await context.newPage(), bad = [], url = pathToFileURL(path).href;
	page.on("console", (m) => bad.push(`console: ${m.text()}`));
	page.on("pageerror", (err) => bad.push(`error: ${err.message}`));
	page.on("dialog", (d) => { bad.push(`dialog: ${d.message()}`); d.dismiss(); });
	page.on("request", (r) => { if (r.url() !== url && !r.url().startsWith("blob:null/") && !r.url().startsWith("blob:file:")) bad.push(`request: ${r.url()}`); });
	page.on("popup", () => bad.push("a window opened"));
	await page.goto(url);
	await act(page, context, bad);
	await context.close();
	if (bad.length > 0) throw new Error(bad.join("\n"));
}

/** The middle of an element's box, scrolled into view. */
export async function boxOf(locator) {
	await locator.scrollIntoViewIfNeeded();
	return locator.boundingBox();
}
