/* While a rule is written: how it reads, what is wrong with its logic, how many of the last leads it matches. */
(() => {
  const PAUSE = 400; // ms without a key
  const panel = document.getElementById("rule-preview");
  if (!panel) return;
  const form = document.querySelector("#rule_form, #policy_form, #scorerule_form");
  const sentence = panel.querySelector(".lr-sentence");
  const count = panel.querySelector("[data-count]");
  let waiting;
  let newest = 0;

  const table = (prefix, names) =>
    [...document.querySelectorAll(`#${prefix}-data > tbody.form-group:not(.empty-form)`)]
      .filter((row) => !row.querySelector("[name$=-DELETE]")?.checked)
      .map((row) => [row, Object.fromEntries(names.map((name) => [name, value(row.querySelector(`[name$="-${name}"]`))]))]);

  const value = (input) => (input?.type === "checkbox" ? input.checked && !input.disabled : (input?.value ?? ""));

  const ask = async (address, body) => {
    const headers = { "Content-Type": "application/json", "X-CSRFToken": form.elements.csrfmiddlewaretoken.value };
    const answer = await fetch(address, { method: "POST", headers, body: JSON.stringify(body) });
    return answer.ok ? answer.json() : null;
  };

  const faultOf = (logic, fault) => {
    let note = document.getElementById("logic-fault");
    if (!note) {
      note = Object.assign(document.createElement("p"), { id: "logic-fault", className: "lr-fault" });
      note.setAttribute("role", "status");
      logic.after(note);
    }
    note.replaceChildren();
    if (!fault) return;
    const [where, what] = [document.createElement("code"), document.createElement("span")];
    where.textContent = `${logic.value.slice(0, fault.column - 1)}▸${logic.value.slice(fault.column - 1)}`;
    what.textContent = `${fault.message} (column ${fault.column}).`;
    note.append(where, what);
  };

  const problemsOf = (rows, problems) =>
    rows.forEach(([row], index) => {
      const cell = row.querySelector("[name$=-value]").closest("td");
      let note = cell.querySelector(".lr-fault");
      if (!note) {
        note = Object.assign(document.createElement("p"), { className: "lr-fault" });
        cell.querySelector("[name$=-value]").parentElement.append(note);
      }
      // While a value is still empty, its absence is plain to see.
      note.textContent = row.querySelector("[name$=-value]").value ? (problems[index] ?? "") : "";
    });

  const counted = (found) => {
    count.replaceChildren();
    if (!found) return;
    if (found.error) return void (count.textContent = found.error);
    const leads = (number) => `${number.toLocaleString("en")} ${number === 1 ? "lead" : "leads"}`;
    if (!found.of) return void (count.textContent = "There are no leads yet to try it on.");
    count.append(`Matches ${found.matched.toLocaleString("en")} of the last ${leads(found.of)}.${reached(found)}`);
    if (found.examples.length) count.append(" Such as ");
    found.examples.forEach(({ name, url }, index) => {
      const link = Object.assign(document.createElement("a"), { href: url, textContent: name, target: "_blank" });
      count.append(index ? ", " : "", link);
    });
  };

  const reached = ({ first, matched }) => {
    const what = panel.dataset.what ?? "rule";
    if (first === null || !matched) return "";
    if (first === matched) return ` No ${what} above takes them first.`;
    const above = what === "rule" ? "rules above" : "policies above";
    return ` ${(matched - first).toLocaleString("en")} of them are taken by ${above}, ${first.toLocaleString("en")} get here.`;
  };

  const refresh = async () => {
    const turn = (newest += 1);
    const logic = form.elements.logic;
    const conditions = table("conditions", ["fact", "operator", "value"]);
    const asked = conditions.map(([, row]) => row);
    const body = {
      conditions: asked,
      logic: logic.value,
      targets: table("targets", ["goes_to", "wait", "only_present", "ignore_hours", "ignore_capacity", "drop_skills"]).map(([, row]) => row),
      skills: table("skills", ["skill", "level"]).map(([, row]) => row),
      valid_from: form.elements.valid_from?.value ?? "",
      valid_until: form.elements.valid_until?.value ?? "",
    };
    const whole = asked.filter(({ fact, operator }) => fact && operator);
    const { rule, ruleSet, words, matches } = panel.dataset;
    const about = { rule: rule ? Number(rule) : null, rule_set: ruleSet ? Number(ruleSet) : null };
    try {
      const [said, found] = await Promise.all([
        ask(words, body),
        matches ? ask(matches, { conditions: whole, logic: logic.value, ...about }) : null,
      ]);
      if (turn !== newest || !said) return;
      if (sentence) sentence.textContent = found?.sentence ?? said.sentence;
      faultOf(logic, said.logic);
      problemsOf(conditions, said.problems);
      counted(said.logic || Object.keys(said.problems).length ? null : found);
    } catch {
      if (turn === newest) count.textContent = "The server does not answer, so this is not up to date.";
    }
  };

  const soon = () => {
    clearTimeout(waiting);
    waiting = setTimeout(refresh, PAUSE);
  };
  window.addEventListener("load", soon);
  for (const name of ["input", "change"]) form.addEventListener(name, soon);
  for (const name of ["formsetGroup:added", "formset:removed"]) document.addEventListener(name, soon);
})();
