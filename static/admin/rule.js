/* On a rule's page: each condition offers only the operators that its fact allows and a fitting input; a target
   asks only for what means something to it. */
(() => {
  const field = (row, prefix, name) => row.querySelector(`[name^="${prefix}-"][name$="-${name}"]`);
  const rowsOf = (prefix) => document.querySelectorAll(`#${prefix}-data > tbody.form-group:not(.empty-form)`);

  const note = (row, text) => {
    const input = field(row, "conditions", "value");
    let hint = row.querySelector(".lr-hint");
    if (!hint) {
      hint = Object.assign(document.createElement("p"), { className: "lr-hint", id: `${input.name}-hint` });
      input.after(hint);
      input.setAttribute("aria-describedby", hint.id);
    }
    hint.textContent = text;
  };

  const operatorsOf = (row, fact) => {
    const operators = field(row, "conditions", "operator");
    const chosen = operators.value;
    operators.replaceChildren(
      new Option("Choose how", ""),
      ...fact.operators.map(([value, label]) => new Option(label, value, false, value === chosen)),
    );
    return fact.operators.find(([value]) => value === operators.value)?.[2];
  };

  const shape = (row, guide, address) => {
    const input = field(row, "conditions", "value");
    const key = field(row, "conditions", "fact").value;
    const fact = guide[key];
    row.querySelector(".lr-inputs")?.remove();
    input.hidden = false;
    if (!fact) return;
    const takes = operatorsOf(row, fact);
    note(row, fact.help);
    if (!takes) return;
    if (takes === "none" && input.value) write(input, "");
    const operator = field(row, "conditions", "operator").value;
    const inputs = window.lrValueInputs(input, fact, takes, operator, key, address, (text) => write(input, text));
    const box = Object.assign(document.createElement("div"), { className: "lr-inputs" });
    box.append(...inputs);
    input.before(box);
    input.hidden = true;
    row.querySelector(".lr-hint").hidden = takes === "none";
  };

  const write = (input, text) => {
    input.value = text;
    input.dispatchEvent(new Event("input", { bubbles: true }));
  };

  // A queue takes every lead at once: nothing to wait for, nothing to lift. Dropping skills needs some.
  const shapeTarget = (row) => {
    const kind = field(row, "targets", "goes_to")?.value.split(":")[0];
    for (const name of ["wait", "only_present", "ignore_hours", "ignore_capacity", "drop_skills"]) {
      const input = field(row, "targets", name);
      const cell = input?.closest("td");
      cell?.classList.toggle("lr-blank", kind === "queue");
      if (input) input.disabled = kind === "queue";
    }
  };

  window.addEventListener("load", () => {
    const guide = JSON.parse(document.getElementById("fact-guide").textContent);
    const address = document.getElementById("rule-preview").dataset.values;
    const shaped = new WeakSet();
    const all = () => {
      rowsOf("conditions").forEach((row) => {
        if (!shaped.has(row)) shape(row, guide, address);
        shaped.add(row);
      });
      rowsOf("targets").forEach(shapeTarget);
    };
    all();
    document.addEventListener("formsetGroup:added", all);
    document.addEventListener("change", (event) => {
      const row = event.target.closest("tbody.form-group");
      if (!row || !event.target.name) return;
      if (/^conditions-\d+-(fact|operator)$/.test(event.target.name)) {
        if (event.target.name.endsWith("-fact")) field(row, "conditions", "value").value = "";
        shape(row, guide, address);
      }
      if (/^targets-\d+-goes_to$/.test(event.target.name)) shapeTarget(row);
    });
    const logic = document.querySelector("input[name=logic][data-column]");
    if (logic) {
      logic.focus();
      logic.setSelectionRange(logic.dataset.column - 1, Number(logic.dataset.column));
    }
  });
})();
