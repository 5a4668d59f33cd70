/* A condition's value in an input that fits its fact: chips, a select, numbers, moments, yes or no. What is
   chosen is written into the plain text input, which is all that the server reads. */
(() => {
  const PART = /\s*(?:"(?:[^"]|"")*"(?=\s*(?:,|$))|[^,]+)/g;
  const QUOTED = /^"(?:[^"]|"")*"$/;

  const split = (text) =>
    (text.match(PART) ?? [])
      .map((part) => part.trim())
      .map((part) => (part.length > 1 && QUOTED.test(part) ? part.slice(1, -1).replaceAll('""', '"') : part))
      .filter((part) => part.trim());

  const quoted = (value) =>
    value === value.trim() && !value.includes(",") && !value.startsWith('"') ? value : `"${value.replaceAll('"', '""')}"`;

  const make = (tag, attributes = {}, ...children) => {
    const element = document.createElement(tag);
    for (const [name, value] of Object.entries(attributes)) {
      if (value === true) element.setAttribute(name, "");
      else if (value !== false && value !== "") element.setAttribute(name, value);
    }
    element.append(...children);
    return element;
  };

  const plainClass = (input) => input.className;

  // Moments: typed in the zone of the person who looks, kept in UTC with the zone written out.
  const zone = document.documentElement.dataset.zone || document.querySelector("[data-zone]")?.dataset.zone || "UTC";
  const wall = (at) => {
    const parts = new Intl.DateTimeFormat("en-CA", {
      timeZone: zone, hourCycle: "h23", year: "numeric", month: "2-digit", day: "2-digit", hour: "2-digit", minute: "2-digit",
    }).formatToParts(at);
    const { year, month, day, hour, minute } = Object.fromEntries(parts.map(({ type, value }) => [type, value]));
    return `${year}-${month}-${day}T${hour}:${minute}`;
  };
  const utc = (local) => {
    const wanted = Date.parse(`${local}:00Z`);
    let at = wanted;
    for (let turn = 0; turn < 2; turn += 1) at -= Date.parse(`${wall(new Date(at))}:00Z`) - wanted;
    return `${new Date(at).toISOString().slice(0, 16)}+00:00`;
  };
  const shownMoment = (text) => (Number.isNaN(Date.parse(text)) ? "" : wall(new Date(text)));

  const single = (type, input, text, label, change, show = (one) => one, read = (one) => one) => {
    const field = make("input", { type, class: plainClass(input), "aria-label": label, step: type === "number" && "any" });
    field.value = show(text);
    field.addEventListener("input", () => change(field.value ? read(field.value) : ""));
    return field;
  };

  const known = (choices, text) =>
    choices.find(([value]) => value.toLowerCase() === text.toLowerCase()) ?? [text, text];

  const select = (input, choices, text, label, change, first = "Choose") => {
    const [chosen] = known(choices, text);
    const like = input.closest("tr")?.querySelector("select") ?? input;
    const field = make("select", { class: plainClass(like), "aria-label": label }, new Option(first, ""));
    for (const [value, shown] of choices) field.append(new Option(shown, value, false, value === chosen));
    if (chosen && field.value !== chosen) field.append(new Option(chosen, chosen, true, true));
    field.addEventListener("change", () => change(field.value));
    return field;
  };

  const suggest = (field, values) => {
    const list = make("datalist", { id: `${Math.random().toString(36).slice(2)}-values` });
    list.append(...values.map((value) => new Option(value, value)));
    field.setAttribute("list", list.id);
    field.after(list);
  };

  const seen = new Map();
  const seenValues = (address, fact) => {
    if (!seen.has(fact)) {
      const asked = fetch(`${address}?fact=${encodeURIComponent(fact)}`, { headers: { Accept: "application/json" } });
      seen.set(fact, asked.then((answer) => (answer.ok ? answer.json() : { values: [] })).catch(() => ({ values: [] })));
    }
    return seen.get(fact).then(({ values }) => values);
  };

  const chips = (input, fact, text, change, offer) => {
    const chosen = split(text);
    const box = make("span", { class: "lr-chips" });
    const tell = () => change(chosen.map(quoted).join(", "));
    const add = (value) => {
      const [exact] = known(fact.choices, value.trim());
      if (exact && !chosen.includes(exact)) chosen.push(exact);
      tell();
      draw();
      box.querySelector("input, select")?.focus();
    };
    const chip = (value) => {
      const [, shown] = known(fact.choices, value);
      const off = make("button", { type: "button", "aria-label": `Remove ${shown.trim()}` }, "×");
      off.addEventListener("click", () => {
        chosen.splice(chosen.indexOf(value), 1);
        tell();
        draw();
      });
      return make("span", { class: "lr-chip" }, make("span", {}, shown.trim()), off);
    };
    const adder = () => {
      if (fact.closed) {
        const rest = fact.choices.filter(([value]) => !chosen.includes(value));
        return select(input, rest, "", "Add a value", add, chosen.length ? "Add another" : "Choose");
      }
      const field = make("input", { type: "text", class: plainClass(input), "aria-label": "Add a value", placeholder: "Add a value" });
      const take = () => split(field.value).forEach(add);
      field.addEventListener("keydown", (event) => {
        if (event.key !== "Enter" || !field.value.trim()) return;
        event.preventDefault();
        take();
      });
      field.addEventListener("change", take);
      return field;
    };
    const draw = () => {
      const next = adder();
      box.replaceChildren(...chosen.map(chip), next);
      if (!fact.closed) offer(next);
    };
    draw();
    return [box];
  };

  const yesNo = (text, name, change) => {
    const now = { yes: "yes", true: "yes", 1: "yes", no: "no", false: "no", 0: "no" }[text.trim().toLowerCase()];
    return [
      make("span", { class: "lr-toggle", role: "radiogroup", "aria-label": "Value" }, ...["yes", "no"].map((value) => {
        const radio = make("input", { type: "radio", name, value, checked: value === now });
        radio.addEventListener("change", () => change(value));
        return make("label", {}, radio, value);
      })),
    ];
  };

  /* The inputs for one condition, or null where the plain text input fits best. `change` takes the new text. */
  window.lrValueInputs = (input, fact, takes, operator, key, address, change) => {
    const text = input.value;
    if (takes === "none") return [];
    const offer = (field) => seenValues(address, key).then((values) => values.length && suggest(field, values));
    const ends = split(text);
    const both = (type, show, read) => {
      const pair = [ends[0] ?? "", ends[1] ?? ""];
      const told = (at) => (value) => {
        pair[at] = value;
        change(pair.filter(Boolean).join(", "));
      };
      return [
        single(type, input, pair[0], "From", told(0), show, read),
        make("span", { class: "lr-quiet" }, "and"),
        single(type, input, pair[1], "To", told(1), show, read),
      ];
    };
    const unit = fact.unit ? [make("span", { class: "lr-quiet" }, fact.unit)] : [];
    if (fact.type === "moment") {
      return takes === "range" ? both("datetime-local", shownMoment, utc) : [single("datetime-local", input, text, "Value", change, shownMoment, utc)];
    }
    if (fact.type === "yes_no") return yesNo(text, `${input.name}-choice`, change);
    if (takes === "range") return [...both("number"), ...unit];
    if (takes === "list") return chips(input, fact, text, change, offer);
    if (fact.type === "number") return [single("number", input, text, "Value", change), ...unit];
    if (fact.closed) return [select(input, fact.choices, text, "Value", change)];
    const field = single("text", input, text, "Value", change);
    if (operator !== "matches") offer(field);
    return [field];
  };
})();
