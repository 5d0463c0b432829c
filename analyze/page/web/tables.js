// Tables that sort, copy, and save as CSV.

/** Value of a cell: the number behind a formatted one, else the text. @param {HTMLTableCellElement} cell */
const cellValue = (cell) => cell.dataset.v ?? cell.textContent ?? "";

/** Compares by number where there are numbers. @param {string} a @param {string} b */
function compareCells(a, b) {
	const x = a === "inf" ? Infinity : parseFloat(a), y = b === "inf" ? Infinity : parseFloat(b);
	if (!Number.isNaN(x) && !Number.isNaN(y)) return x - y || a.localeCompare(b);
	return Number(Number.isNaN(x)) - Number(Number.isNaN(y)) || a.localeCompare(b);
}

/** Sorts a table by a column, the other way round the second time. @param {HTMLTableElement} table @param {number} column */
function sortTable(table, column) {
	const heads = [...table.tHead?.rows[0].cells ?? []], rising = heads[column].getAttribute("aria-sort") !== "ascending", body = table.tBodies[0];
	for (const h of heads) h.removeAttribute("aria-sort");
	heads[column].setAttribute("aria-sort", rising ? "ascending" : "descending");
	const sorted = [...body.rows].sort((a, b) => (rising ? 1 : -1) * compareCells(cellValue(a.cells[column]), cellValue(b.cells[column])));
	body.append(...sorted);
	say(`sorted by ${heads[column].textContent}, ${rising ? "rising" : "falling"}`);
}

/** Writes a cell of CSV. A spreadsheet would run one that begins like a formula, so an apostrophe is put before it. @param {string} s */
function csvCell(s) {
	if (/^[=+@\t\r]|^-(?![\d.])/.test(s)) s = "'" + s;
	return /[",\r\n]/.test(s) ? `"${s.replaceAll('"', '""')}"` : s;
}

/** @param {HTMLTableElement} table */
const valuesOf = (table) => [...table.rows].map((row) => [...row.cells].map((cell, i) => (row.parentElement === table.tHead ? cell.textContent ?? "" : cellValue(cell))));

/** @param {string} name @param {string} text */
function save(name, text) {
	const link = document.createElement("a");
	link.href = URL.createObjectURL(new Blob([text], { type: "text/csv;charset=utf-8" }));
	link.download = name;
	link.click();
	setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
	say(`saved ${name}`);
}

/** Copies a text; some browsers allow it only by way of a selection. @param {string} text */
async function copy(text) {
	try {
		await navigator.clipboard.writeText(text);
	} catch {
		const area = document.createElement("textarea");
		area.value = text;
		document.body.append(area);
		area.select();
		document.execCommand("copy");
		area.remove();
	}
	say("copied");
}

/** @param {string} text @param {string} label @param {() => void} act */
function button(text, label, act) {
	const b = /** @type {HTMLButtonElement} */ (element("button", "", text));
	b.type = "button";
	b.setAttribute("aria-label", label);
	b.addEventListener("click", act);
	return b;
}

/** Adds buttons to all tables, and to the pictures that have a CSV. */
function equipTables() {
	for (const box of document.querySelectorAll(".table")) {
		const table = /** @type {HTMLTableElement} */ (box.querySelector("table")), name = box.id.replace("table-", ""), caption = table.caption?.textContent ?? "";
		for (const [i, h] of [...table.tHead?.rows[0].cells ?? []].entries()) {
			const sort = element("button", "sort", h.textContent ?? "");
			sort.setAttribute("type", "button");
			sort.addEventListener("click", () => sortTable(table, i));
			h.replaceChildren(sort);
		}
		const tools = element("div", "tools");
		tools.append(
			button("Copy", `Copy: ${caption}`, () => copy(valuesOf(table).map((row) => row.join("\t")).join("\n") + "\n")),
			button("Save CSV", `Save CSV: ${caption}`, () => save(`${name}.csv`, valuesOf(table).map((row) => row.map(csvCell).join(",")).join("\n") + "\n")),
		);
		box.append(tools);
	}
	for (const picture of /** @type {NodeListOf<HTMLElement>} */ (document.querySelectorAll(".picture[data-table]"))) {
		const name = `${picture.dataset.table}.csv`, tools = element("div", "tools live");
		tools.append(button(`Save ${name}`, `Save ${name}: as plot writes it`, () => save(name, data.tables[picture.dataset.table ?? ""])));
		picture.after(tools);
	}
}
