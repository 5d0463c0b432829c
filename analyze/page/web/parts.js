// The parts of the page that follow the chosen capacity.

/** The capacity that the page shows, an index in data.capacities. */
let chosen = data.chosen;

/** Shows another capacity in every part. @param {number} i */
function choose(i) {
	chosen = i;
	const c = data.capacities[i], slider = /** @type {HTMLInputElement} */ (byId("chosen"));
	const text = `${c.label}: ${percent(share(c.hits, data.total_tokens))} of all tokens hit`;
	slider.value = String(i);
	slider.setAttribute("aria-valuetext", text);
	byId("chosen-text").textContent = text;
	byId("culprit").textContent = c.limit.culprit;
	byId("limit").replaceChildren(...c.limit.sentences.map((sentence) => element("p", "", sentence)));
	if (curve) curve.redraw(false);
	showSplit();
	showTime();
	showBars();
	say(text);
}

/** Shows where the tokens go, as a bar with a legend. */
function showSplit() {
	const c = data.capacities[chosen], tokens = [c.hits, ...c.misses], bar = element("div", "bar"), legend = element("ul", "legend column");
	parts.forEach((p, i) => {
		const rate = share(tokens[i], data.total_tokens), part = element("div", "k-" + p.id), item = element("li", "item");
		part.style.flexGrow = String(tokens[i]);
		if (tokens[i] > 0) bar.append(part);
		item.append(element("span", "swatch k-" + p.id), element("strong", "", percent(rate)), element("span", "", ` ${p.name}: ${p.about}`));
		legend.append(item);
	});
	bar.setAttribute("role", "img");
	bar.setAttribute("aria-label", `${atText(c)}: ` + parts.map((p, i) => `${p.name} ${percent(share(tokens[i], data.total_tokens))}`).join(", "));
	byId("split").replaceChildren(element("h3", "", atText(c)), bar, legend);
}

/**
 * Makes a bar of a list: its name, a bar with a mark, and a text.
 * @param {string} name @param {number} rate @param {number|null} mark @param {string} text
 */
function barRow(name, rate, mark, text) {
	const row = element("li"), track = element("span", "track"), fill = element("span", "fill");
	fill.style.width = `${100 * rate}%`;
	track.append(fill);
	if (mark !== null) {
		const at = element("span", "mark");
		at.style.left = `${100 * mark}%`;
		track.append(at);
	}
	row.append(element("bdi", "name", name), track, element("span", "figure", text));
	return row;
}

/** @param {Element} at @param {Element[]} items */
function listBars(at, items) {
	const list = element("ul");
	list.append(...items);
	at.replaceChildren(list);
}

/** Says what the marks of bars are. */
function aboutMark() {
	return element("p", "hint", "The line across a bar is the ceiling: what an unlimited cache hits.");
}

/** Shows the classes and the requests at the chosen capacity. */
function showBars() {
	const c = data.capacities[chosen];
	for (const head of document.querySelectorAll(".bars-head")) head.textContent = atText(c);
	for (const at of /** @type {NodeListOf<HTMLElement>} */ (document.querySelectorAll(".bars[data-division]"))) {
		const d = data.divisions?.find((one) => one.dimension === at.dataset.division);
		if (!d) continue;
		listBars(at, d.classes.map((name, i) => {
			const rate = share(d.hits[chosen][i], d.tokens[i]);
			return barRow(name, rate, share(d.ceiling[i], d.tokens[i]), `${percent(rate)} of ${countText(d.tokens[i])} tokens`);
		}));
		at.append(aboutMark());
	}
	const r = data.requests;
	if (!r) return;
	for (const at of /** @type {NodeListOf<HTMLElement>} */ (document.querySelectorAll(".bars[data-requests]"))) {
		if (at.dataset.requests === "lengths") {
			const last = data.capacities.length - 1, unlimited = data.capacities[last].bytes === null && data.capacities[last].chunks === null;
			listBars(at, r.lengths.map((name, i) => {
				const rate = share(r.hits[chosen][i], r.tokens[i]), ceiling = unlimited ? share(r.hits[last][i], r.tokens[i]) : null;
				return barRow(`${name} tokens`, rate, ceiling, `${percent(rate)} of ${countText(r.tokens[i])} tokens`);
			}));
			if (unlimited) at.append(aboutMark());
		} else listBars(at, ratesOf(r.rates[chosen]));
	}
}

/** Adds up the classes of rates to tens of per cent. @param {number[]} classes */
function ratesOf(classes) {
	const all = classes.reduce((a, b) => a + b, 0), groups = [{ name: "0 %", n: classes[0] }];
	for (let from = 0; from < 100; from += 10) {
		groups.push({ name: `over ${from} to ${from + 10} %`, n: classes.slice(from + 1, from + 11).reduce((a, b) => a + b, 0) });
	}
	return groups.map((g) => barRow(g.name, share(g.n, all), null, `${percent(share(g.n, all))} of requests`));
}
