/* On a rule's page: each condition offers only the operators that its fact allows, and says what to write. */
(() => {
  const HINTS = {
    none: "No value is needed.",
    one: "",
    range: "From, to: two values with a comma between.",
    list: "Several values are separated by commas.",
  };

  const field = (row, name) => row.querySelector(`[name^="conditions-"][name$="-${name}"]`);

  const offer = (row, values) => {
    const input = field(row, "value");
    const id = `${input.name}-values`;
    row.querySelector("datalist")?.remove();
    input.removeAttribute("list");
    if (!values.length) return;
    const list = document.createElement("datalist");
    list.id = id;
    list.append(...values.map((value) => new Option(value, value)));
    input.after(list);
    input.setAttribute("list", id);
  };

  const hint = (row, text) => {
    const input = field(row, "value");
    let note = row.querySelector(".lr-hint");
    if (!note) {
      note = Object.assign(document.createElement("p"), { className: "lr-hint", id: `${input.name}-hint` });
      input.after(note);
      input.setAttribute("aria-describedby", note.id);
    }
    note.textContent = text;
  };

  const shape = (row, guide) => {
    const fact = guide[field(row, "fact").value];
    const operators = field(row, "operator");
    const chosen = operators.value;
    if (fact) {
      operators.replaceChildren(
        new Option("Choose how", ""),
        ...fact.operators.map(([value, label]) => new Option(label, value, false, value === chosen)),
      );
    }
    const takes = fact?.operators.find(([value]) => value === operators.value)?.[2];
    const input = field(row, "value");
    input.readOnly = takes === "none";
    if (takes === "none") input.value = "";
    offer(row, fact?.values ?? []);
    hint(row, [HINTS[takes] ?? "", fact?.help ?? "", fact?.unit ? `In ${fact.unit}.` : ""].filter(Boolean).join(" "));
  };

  window.addEventListener("load", () => {
    const guide = JSON.parse(document.getElementById("fact-guide").textContent);
    const rows = () => document.querySelectorAll("#conditions-data > tbody.form-group:not(.empty-form)");
    const shapeAll = () => rows().forEach((row) => shape(row, guide));
    shapeAll();
    document.addEventListener("formsetGroup:added", shapeAll);
    document.addEventListener("change", (event) => {
      const row = event.target.closest("#conditions-data > tbody.form-group");
      if (row && /-(fact|operator)$/.test(event.target.name)) shape(row, guide);
    });
    const logic = document.querySelector("input[name=logic][data-column]");
    if (logic) {
      logic.focus();
      logic.setSelectionRange(logic.dataset.column - 1, Number(logic.dataset.column));
    }
  });
})();
