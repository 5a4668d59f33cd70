// Whoever calls or writes leaves the page. On coming back they are asked what came of it: a click is no response.
"use strict";

const asked = (lead) => `asked-${lead}`;
const forms = () => [...document.querySelectorAll("[data-asked]")];

/** Show the question that is open for this lead, if there is one. */
function ask() {
  for (const form of forms()) form.hidden = sessionStorage.getItem(asked(form.dataset.lead)) !== form.dataset.asked;
}

function settle(form) {
  sessionStorage.removeItem(asked(form.dataset.lead));
  ask();
}

document.addEventListener("click", (event) => {
  const way = event.target.closest("[data-log]");
  const form = way && document.querySelector(`[data-asked="${way.dataset.log}"]`);
  if (form) {
    sessionStorage.setItem(asked(form.dataset.lead), form.dataset.asked);
    ask();
  }
  if (event.target.closest("[data-asked-off]")) settle(event.target.closest("[data-asked]"));
});
document.addEventListener("visibilitychange", () => {
  if (!document.hidden) forms().find((form) => !form.hidden)?.querySelector("input:not([type=hidden])").focus();
});
document.addEventListener("htmx:beforeOnLoad", (event) => {
  const { requestConfig, xhr } = event.detail;
  // Who logs it by the larger form has answered as well.
  if (requestConfig.verb === "post" && xhr.status < 300 && requestConfig.elt.matches(".asked, .composer")) forms().forEach(settle);
});
document.addEventListener("htmx:afterSwap", ask);

ask();
