"use strict";
for (const section of document.querySelectorAll("section")) {
  const body = section.querySelector(".cases tbody");
  const text = section.querySelector("input[type=search]");
  const marks = [...section.querySelectorAll("input[type=checkbox]")];
  const told = section.querySelector("output");

  function filter() {
    const wanted = text.value.toLowerCase();
    const needed = marks.filter((mark) => mark.checked).map((mark) => mark.value);
    let shown = 0;
    for (const row of body.rows) {
      const has = needed.every((mark) => row.classList.contains(mark));
      row.hidden = !(has && row.textContent.toLowerCase().includes(wanted));
      shown += row.hidden ? 0 : 1;
    }
    told.value = shown === body.rows.length ? "" : `${shown} of ${body.rows.length}`;
  }

  function value(row, column) {
    const cell = row.cells[column];
    const number = parseFloat(cell.dataset.value ?? cell.textContent);
    return Number.isNaN(number) ? cell.textContent : number;
  }

  function sort(column) {
    const header = section.querySelectorAll(".cases th")[column];
    const sign = header.dataset.order === "up" ? -1 : 1;
    header.dataset.order = sign === 1 ? "up" : "down";
    const rows = [...body.rows].sort((left, right) => {
      const [one, other] = [value(left, column), value(right, column)];
      return sign * (one < other ? -1 : one > other ? 1 : 0);
    });
    body.append(...rows);
  }

  text.addEventListener("input", filter);
  marks.forEach((mark) => mark.addEventListener("change", filter));
  section.querySelectorAll(".cases th").forEach((header, column) => {
    header.addEventListener("click", () => sort(column));
  });
}
