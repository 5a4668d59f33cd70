/* The rules of a draft: dragged, moved by arrows, switched, found. Each act is saved at once by the same POST
   that the buttons make without this script; acts wait for each other, so that editions follow on. */
(() => {
  const list = document.getElementById("rule-list");
  if (!list) return;
  const form = document.getElementById("rule-acts");
  const mover = document.getElementById("rule-mover");
  const toast = document.getElementById("rule-said");
  const [words, undo] = [toast.querySelector("span"), toast.querySelector("button")];
  let last = Promise.resolve();

  const rows = () => [...list.querySelectorAll(":scope > li")];
  const placed = (row) => rows().indexOf(row) + 1;

  const number = () => {
    const all = rows();
    all.forEach((row, index) => {
      const [up, down] = [row.querySelector(".lr-up"), row.querySelector(".lr-down")];
      row.querySelector(".lr-no").textContent = index + 1;
      up.value = `to:${row.dataset.rule}:${index}`;
      down.value = `to:${row.dataset.rule}:${index + 2}`;
      up.disabled = index === 0;
      down.disabled = index === all.length - 1;
    });
  };

  const place = (row, at) => {
    const others = rows().filter((one) => one !== row);
    if (at > others.length) list.append(row);
    else others[Math.max(0, at - 1)].before(row);
    number();
  };

  const say = (text, act = "") => {
    words.textContent = text;
    undo.hidden = !act;
    undo.dataset.act = act;
    undo.textContent = "Undo";
    toast.hidden = false;
  };

  const editions = (edition) =>
    document.querySelectorAll("input[name=edition]").forEach((input) => (input.value = edition));

  const renumber = (row, edition) =>
    row.querySelectorAll("button[name=act]:not(.lr-move)").forEach((button) => {
      button.value = button.value.replace(/\d+$/, edition);
    });

  const refused = (text) => {
    say(`${text} `);
    undo.hidden = false;
    undo.dataset.act = "reload";
    undo.textContent = "Show what it says now";
  };

  const send = async (act) => {
    const body = new FormData(form);
    body.set("act", act);
    let answer;
    let told;
    try {
      answer = await fetch(form.action, { method: "POST", body, headers: { Accept: "application/json" } });
      told = await answer.json();
    } catch {
      return refused("That was not saved: the server did not answer. Try again.");
    }
    if (!answer.ok) return refused(told.said);
    if (told.fresh) {
      location.hash = `rule-${told.rule}`;
      return location.reload();
    }
    settle(act, told);
  };

  const settle = (act, told) => {
    const [verb] = act.split(":");
    const row = document.getElementById(`rule-${told.rule}`);
    editions(told.order);
    document.getElementById("rule-state").textContent = told.state;
    document.body.dispatchEvent(new CustomEvent("rules-changed"));  // the check below the tabs looks again
    renumber(row, told.edition);
    if (verb === "on" || verb === "off") {
      const button = row.querySelector(".lr-switch");
      button.setAttribute("aria-checked", verb === "on");
      button.value = `${verb === "on" ? "off" : "on"}:${told.rule}:${told.edition}`;
      row.classList.toggle("lr-off", verb === "off");
    } else if (verb === "right") row.querySelector("[data-noted]").textContent = told.said;
    say(told.said, told.undo);
  };

  const enact = (act) => {
    const [verb, key, at] = act.split(":");
    if (verb === "to") place(document.getElementById(`rule-${key}`), Number(at));
    last = last.then(() => send(act));
    return last;
  };

  form.addEventListener("submit", (event) => {
    const button = event.submitter;
    if (!button?.value) return;
    event.preventDefault();
    enact(button.value);
    const row = button.closest("li");
    if (button.matches(".lr-move")) (button.disabled ? row.querySelector(".lr-move:not(:disabled)") : button).focus();
  });

  list.addEventListener("end", (event) => {
    const row = event.item;
    if (!row || event.oldIndex === event.newIndex) return;
    const at = placed(row);
    number();
    enact(`to:${row.dataset.rule}:${at}`);
  });

  undo.addEventListener("click", () => {
    if (undo.dataset.act === "reload") return location.reload();
    toast.hidden = true;
    const [verb, key] = undo.dataset.act.split(":");
    const button = document.querySelector(`#rule-${key} .lr-switch`);
    enact(verb === "to" ? undo.dataset.act : button.value);
  });

  mover?.addEventListener("submit", (event) => {
    event.preventDefault();
    const row = rows()[Number(mover.elements.from.value) - 1];
    if (!row) return;
    enact(`to:${row.dataset.rule}:${mover.elements.to.value}`);
    row.scrollIntoView({ block: "center" });
  });

  const search = document.getElementById("rule-search");
  search.hidden = rows().length < 6;
  search.addEventListener("input", () => {
    const wanted = search.value.trim().toLowerCase();
    rows().forEach((row) => {
      row.hidden = !row.querySelector(".lr-says").textContent.toLowerCase().includes(wanted);
    });
  });
})();
