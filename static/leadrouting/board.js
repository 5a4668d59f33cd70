// Moving leads on the team's board: by dragging, by the card's button, by the key m. Without this file the button
// leads to the lead's page, where the same form is.
"use strict";

const UNDO = 15 * 1000;
const TOLD = 8 * 1000;
const sheet = document.getElementById("move");
const moveForm = sheet.querySelector("form");

let dragged = null; // the card that is being dragged
let moving = null; // the card that is being moved, and where it stood

const cardOf = (element) => element?.closest?.(".deck-card");
const columnOf = (element) => element?.closest?.(".deck-column");
const isBusy = () => Boolean(dragged) || sheet.open;
const isAsking = (event) => event.detail.requestConfig?.triggeringEvent?.type === "live";

// --- The sheet: who gets it, and why --------------------------------------------------------------------
function choices(here) {
  const select = moveForm.elements.to;
  const empty = new Option(select.dataset.choose, "");
  const reps = [...document.querySelectorAll(".deck-column[data-to]")].filter((column) => column !== here);
  select.replaceChildren(empty, ...reps.map((column) => new Option(column.dataset.told, column.dataset.to)));
}

function ask(card, to = "") {
  const here = columnOf(card);
  const title = document.getElementById("move-title");
  const from = moveForm.querySelector("[data-from]");
  moveForm.reset();
  choices(here);
  moveForm.action = card.dataset.move;
  moveForm.elements.seen.value = card.dataset.seen;
  moveForm.elements.to.value = to;
  moveForm.elements.reason.value = sessionStorage.getItem("move-reason") ?? "";
  title.textContent = title.dataset.says.replace("LEAD", card.dataset.name);
  from.textContent = from.dataset.from.replace("NOW", here.dataset.name);
  moving = { card, parent: card.parentElement, next: card.nextElementSibling };
  sheet.showModal();
  moveForm.elements.reason.select();
  if (!to) moveForm.elements.to.focus();
}

function putBack() {
  if (!moving) return;
  moving.card.classList.remove("moving");
  if (moving.parent.isConnected) moving.parent.insertBefore(moving.card, moving.next?.isConnected ? moving.next : null);
  moving = null;
}

moveForm.addEventListener("submit", (event) => {
  event.preventDefault();
  const { to, reason } = moveForm.elements;
  sessionStorage.setItem("move-reason", reason.value);
  const column = document.querySelector(`.deck-column[data-to="${to.value}"]`);
  if (moving?.card.isConnected && column) {
    moving.card.classList.add("moving");
    column.querySelector("ol").prepend(moving.card);
  }
  htmx.ajax("POST", moveForm.action, { source: moveForm, target: "#live", select: "#live", swap: "outerHTML" });
  sheet.close();
});
sheet.addEventListener("click", (event) => {
  if (event.target === sheet || event.target.closest("[data-close]")) sheet.close();
});
for (const failure of ["htmx:responseError", "htmx:sendError"]) {
  document.addEventListener(failure, (event) => {
    if (!isAsking(event)) putBack();
  });
}

// --- By mouse -------------------------------------------------------------------------------------------
const target = (event) => {
  const column = columnOf(event.target);
  return dragged && column?.dataset.to && column !== columnOf(dragged) ? column : null;
};
const unmark = () => document.querySelectorAll(".deck-column.over").forEach((column) => column.classList.remove("over"));

document.addEventListener("dragstart", (event) => {
  const card = cardOf(event.target);
  if (!card) return;
  dragged = card;
  event.dataTransfer.effectAllowed = "move";
  event.dataTransfer.setData("text/plain", card.dataset.name);
  event.dataTransfer.setDragImage(card, 20, 20);
  card.classList.add("dragged");
});
document.addEventListener("dragover", (event) => {
  const column = target(event);
  unmark();
  if (!column) return;
  event.preventDefault();
  column.classList.add("over");
});
document.addEventListener("drop", (event) => {
  const column = target(event);
  if (dragged) event.preventDefault(); // elsewhere it is nothing, and no address to go to
  if (column) ask(dragged, column.dataset.to);
});
document.addEventListener("dragend", () => {
  dragged?.classList.remove("dragged");
  dragged = null;
  unmark();
});

// --- By the button, and by keys ---------------------------------------------------------------------------
document.addEventListener("click", (event) => {
  const card = cardOf(event.target);
  if (!card || !event.target.closest(".move") || event.ctrlKey || event.metaKey) return;
  event.preventDefault();
  ask(card);
});

function stepCard(by) {
  const all = [...document.querySelectorAll(".deck-card .name")];
  const here = all.indexOf(cardOf(document.activeElement)?.querySelector(".name"));
  all[Math.min(Math.max(here + by, 0), all.length - 1)]?.focus();
}

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.altKey || event.metaKey || setting("keys") === "off") return;
  if (event.target.closest("input, textarea, select, dialog[open]")) return;
  const card = cardOf(document.activeElement);
  if (event.key === "m" && card) ask(card);
  else if (event.key === "j" || event.key === "k") stepCard(event.key === "j" ? 1 : -1);
  else return;
  event.preventDefault();
});

// --- The page comes anew, but never under somebody's hand -------------------------------------------------
let places = null; // in which column each lead was

const placed = () => new Map([...document.querySelectorAll(".deck-card")].map((card) => [card.dataset.lead, columnOf(card).id]));

document.addEventListener("htmx:beforeRequest", (event) => {
  if (isAsking(event) && isBusy()) event.preventDefault();
});
document.addEventListener("htmx:beforeSwap", (event) => {
  if (isAsking(event) && isBusy()) event.detail.shouldSwap = false;
  places = isAsking(event) && event.detail.shouldSwap ? placed() : null;
});

function tellMoves() {
  const moves = document.getElementById("moves");
  const said = [];
  for (const card of document.querySelectorAll(".deck-card")) {
    const before = places.get(card.dataset.lead);
    const column = columnOf(card);
    if (before === column.id) continue;
    card.classList.add("arrived");
    if (before) said.push(moves.dataset.says.replace("LEAD", card.dataset.name).replace("NEW", column.dataset.name));
  }
  if (said.length) moves.textContent = said.slice(0, 3).join(" ");
}

const offered = new Set();

// What was said goes to the foot of the page, where the next change of the board does not take it away.
function lift() {
  for (const said of document.querySelectorAll("#live .flash")) {
    const undo = said.dataset.undo;
    if (undo && offered.has(undo)) {
      said.remove();
      continue;
    }
    if (undo) offered.add(undo);
    for (const old of document.querySelectorAll("#toasts [data-undo]")) old.remove();
    said.classList.add("toast");
    said.removeAttribute("role"); // #toasts has one
    document.getElementById("toasts").append(said);
    setTimeout(() => said.remove(), undo ? UNDO : TOLD);
  }
}

document.addEventListener("htmx:afterSettle", () => {
  if (places) tellMoves();
  places = null;
  if (!sheet.open) moving = null;
  lift();
});
lift();
