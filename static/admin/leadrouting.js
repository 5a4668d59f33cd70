/* Arrows beside every drag handle: the order can be changed without a mouse. They do what a drag does, through
   the theme's own sortRecords, and nothing is saved before Save. */
(() => {
  const spoken = document.createElement("div");
  spoken.className = "lr-spoken";
  spoken.setAttribute("aria-live", "polite");

  const rowsOf = (table) =>
    [...table.querySelectorAll(":scope > tbody")].filter(
      (row) => row.matches("#result_list > tbody") || (row.matches(".form-group") && !row.matches(".empty-form")),
    );

  const tell = (table) => {
    table.querySelector(`input[name$=-${table.dataset.orderingField}]`)
      ?.dispatchEvent(new Event("input", { bubbles: true }));
  };

  const refresh = (table) => {
    const rows = rowsOf(table);
    rows.forEach((row, index) => {
      row.querySelector(".lr-up")?.toggleAttribute("disabled", index === 0);
      row.querySelector(".lr-down")?.toggleAttribute("disabled", index === rows.length - 1);
    });
  };

  const move = (table, row, step, button) => {
    const rows = rowsOf(table);
    const place = rows.indexOf(row) + step;
    if (place < 0 || place >= rows.length) return;
    step < 0 ? rows[place].before(row) : rows[place].after(row);
    window.sortRecords({ from: table });
    tell(table);
    refresh(table);
    (button.disabled ? row.querySelector(".lr-move:not(:disabled)") : button)?.focus();
    spoken.textContent = `Now at place ${place + 1} of ${rows.length}. Save to keep it.`;
  };

  const arrow = (table, row, step) => {
    const button = document.createElement("button");
    button.type = "button";
    button.className = `lr-move ${step < 0 ? "lr-up" : "lr-down"}`;
    button.setAttribute("aria-label", step < 0 ? "Move up" : "Move down");
    button.innerHTML = `<span class="material-symbols-outlined">${step < 0 ? "arrow_upward" : "arrow_downward"}</span>`;
    button.addEventListener("click", () => move(table, row, step, button));
    return button;
  };

  const equip = (table, row) => {
    row.querySelector(".lr-moves")?.remove();
    const moves = document.createElement("span");
    moves.className = "lr-moves";
    moves.append(arrow(table, row, -1), arrow(table, row, 1));
    const handle = row.querySelector("[x-sort\\:handle], .cursor-not-allowed");
    if (!handle) return;
    if (handle.matches("td")) {
      handle.classList.add("lr-handle");
      handle.querySelector("div").after(moves);
    } else handle.after(moves);
  };

  const equipAll = (table) => {
    rowsOf(table).forEach((row) => equip(table, row));
    refresh(table);
  };

  // On a phone each cell is labelled; in lists without checkboxes the theme calls the first "Select record".
  const label = (list) => {
    list.querySelectorAll("[data-label]").forEach((cell) => {
      cell.dataset.label = cell.dataset.label.replace(/^./, (letter) => letter.toUpperCase());
    });
    if (list.querySelector(".action-select")) return;
    const heads = [...list.querySelectorAll("thead th")].map((head) => head.textContent.trim());
    list.querySelectorAll("tbody tr").forEach((row) => {
      const odd = row.querySelector("[data-label='Select record']");
      if (odd) odd.dataset.label = heads[odd.cellIndex] ?? "";
    });
  };

  window.addEventListener("load", () => {
    document.body.append(spoken);
    document.querySelectorAll("#result_list").forEach(label);
    document.querySelectorAll("table[data-ordering-field]").forEach((table) => {
      equipAll(table);
      table.addEventListener("end", () => (tell(table), refresh(table)));
    });
  });
  for (const name of ["formsetGroup:added", "formset:removed"]) {
    document.addEventListener(name, () => document.querySelectorAll("table.formset[data-ordering-field]").forEach(equipAll));
  }
})();
