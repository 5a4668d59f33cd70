// The week while it is typed: bars follow the lines, and hours are copied without saving. Without this script
// the server draws the bars, and the button copies and saves.
(() => {
  const DAY = 24 * 60;
  const TIME = String.raw`(\d{1,2})(?:[:.h](\d{2}))?\s*([ap]\.?m\.?)?`;
  const WINDOW = new RegExp(`^${TIME}\\s*(?:-|–|—|to|until)\\s*${TIME}$`, "i");
  const BETWEEN = /\s*(?:,|;|\band\b|&)\s*/i;
  const GROUPS = { weekdays: [0, 1, 2, 3, 4], all: [0, 1, 2, 3, 4, 5, 6], weekend: [5, 6] };

  const minutes = (hour, minute, half) => {
    const hours = half ? (Number(hour) % 12) + (/^p/i.test(half) ? 12 : 0) : Number(hour);
    return 60 * hours + Number(minute ?? 0);
  };

  // The spans that a line says, in minutes of the day; null where it is not understood (the server says why).
  const read = (line) => {
    const said = line.trim().toLowerCase();
    if (["", "closed", "-", "–"].includes(said)) return [];
    if (["all day", "24h", "24 h", "24 hours"].includes(said)) return [[0, DAY]];
    const spans = said.split(BETWEEN).filter(Boolean).map((part) => {
      const found = WINDOW.exec(part);
      return found && [minutes(...found.slice(1, 4)), minutes(...found.slice(4, 7))];
    });
    return spans.every((span) => span && span[0] < span[1] && span[1] <= DAY) ? spans : null;
  };

  const draw = (input) => {
    const spans = read(input.value);
    const bars = input.closest(".lr-day").querySelector("svg");
    bars.querySelectorAll(".lr-fill").forEach((bar) => bar.remove());
    input.toggleAttribute("aria-invalid", spans === null);
    if (spans === null) input.setAttribute("aria-invalid", "true");
    for (const [opens, closes] of spans ?? []) {
      const bar = document.createElementNS("http://www.w3.org/2000/svg", "rect");
      bar.setAttribute("class", "lr-fill");
      bar.setAttribute("x", `${(100 * opens) / DAY}%`);
      bar.setAttribute("width", `${(100 * (closes - opens)) / DAY}%`);
      bar.setAttribute("height", "18");
      bars.querySelector(".lr-track").after(bar);
    }
  };

  document.addEventListener("DOMContentLoaded", () => {
    for (const week of document.querySelectorAll("div.lr-week")) {
      const lines = [...week.querySelectorAll("input[type=text]")];
      const [from, to] = week.querySelectorAll("select");
      const copy = week.querySelector("[data-unsaved]");
      const told = document.createElement("span");
      told.setAttribute("role", "status");
      told.className = "lr-quiet";
      copy.type = "button";
      copy.textContent = copy.dataset.unsaved;
      copy.after(told);
      copy.addEventListener("click", () => {
        for (const number of GROUPS[to.value] ?? [Number(to.value)]) {
          lines[number].value = lines[from.value].value;
          lines[number].dispatchEvent(new Event("input", { bubbles: true }));
        }
        told.textContent = "Copied. Save to keep it.";
      });
      lines.forEach((line) => {
        line.addEventListener("input", () => draw(line));
        line.addEventListener("change", () => (told.textContent = ""));
      });
    }
  });
})();
