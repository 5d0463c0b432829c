// Puts the page together.

/** @param {string} name @param {(value: string) => void} act */
function onRadio(name, act) {
	for (const input of /** @type {NodeListOf<HTMLInputElement>} */ (document.querySelectorAll(`input[name=${name}]`))) {
		input.addEventListener("change", () => act(input.value));
		if (input.checked && input.value !== "bytes") act(input.value);
	}
}

/** Draws everything anew in the colours of the reader's scheme. */
function recolour() {
	colours.clear();
	patterns.clear();
	for (const u of charts) u.redraw();
	showTimeLegend();
}

function begin() {
	document.documentElement.classList.add("js");
	onRadio("scale", (value) => { logarithmic = value === "log"; if (curve) drawCurve(); });
	onRadio("unit", (value) => { axisUnit = /** @type {"bytes"|"chunks"} */ (value); if (curve) drawCurve(); });
	onRadio("zone", (value) => { local = value === "local"; if (timeCharts.length > 0) drawTime(); });
	drawCurve();
	drawTime();
	choose(chosen);
	byId("chosen").addEventListener("input", () => choose(Number(/** @type {HTMLInputElement} */ (byId("chosen")).value)));
	byId("capacity-reset").addEventListener("click", () => wholeRange(curve));
	byId("time-reset").addEventListener("click", () => { if (timeCharts[0]) wholeRange(timeCharts[0]); });
	steer(byId("curve"), () => [curve], () => curveAt, rows.token_hit_rate.length - 1, readCurve, () => choose(nearestCapacity(capacityColumn()[curveAt])));
	if (count > 0) steer(byId("time"), () => timeCharts.slice(0, 1), () => timeAt, count - 1, readTime);
	equipTables();
	matchMedia("(prefers-color-scheme: dark)").addEventListener("change", recolour);
}

try {
	begin();
} catch (err) {
	document.documentElement.classList.remove("js"); // the pictures stand in
	throw err;
}
