// Countdowns, live pages, drafts, menus, the theme. Every page works without this file.
"use strict";

const SOON = 15 * 60 * 1000; // as in templatetags/shown.py
const POLL = 2000;

// --- Countdowns: true to the server's clock, not to this computer's -------------------------------------
let ahead = 0; // how far this computer's clock is ahead of the server's, in ms

function left(ms) {
  const over = ms < 0 ? " over" : "";
  const seconds = Math.floor(Math.abs(ms) / 1000);
  const minutes = Math.floor(seconds / 60);
  const hours = Math.floor(seconds / 3600);
  if (seconds < 3600) return `${minutes}:${String(seconds % 60).padStart(2, "0")}${over}`;
  if (hours < 24) return `${hours} h ${String(minutes % 60).padStart(2, "0")} m${over}`;
  return `${Math.floor(hours / 24)} d ${hours % 24} h${over}`;
}

function tick() {
  for (const due of document.querySelectorAll("[data-due]")) {
    const ms = Number(due.dataset.due) - (Date.now() - ahead);
    const text = left(ms);
    if (due.textContent !== text) due.textContent = text;
    const tone = ms <= 0 ? "late" : ms <= SOON ? "soon" : "calm";
    if (!due.classList.contains(tone)) {
      due.classList.remove("late", "soon", "calm");
      due.classList.add(tone);
    }
  }
}

function setClock() {
  const served = document.querySelector("[data-now]");
  if (served) ahead = Date.now() - Number(served.dataset.now);
}

// --- What was typed outlives a reload, a lost session and a lead that moves away ------------------------
const drafts = {
  save(field) {
    if (field.value) sessionStorage.setItem(field.dataset.draft, field.value);
    else sessionStorage.removeItem(field.dataset.draft);
  },
  restore() {
    for (const field of document.querySelectorAll("[data-draft]")) {
      const kept = sessionStorage.getItem(field.dataset.draft);
      if (kept && !field.value) {
        field.value = kept;
      }
    }
    const view = document.querySelector("[data-draft-view]");
    if (view && !view.value) {
      const keys = Object.keys(sessionStorage).filter((key) => key.startsWith(view.dataset.draftView));
      view.value = keys.map((key) => sessionStorage.getItem(key)).join("\n");
      view.closest("[data-draft-box]").hidden = !view.value;
    }
  },
  drop(form) {
    for (const field of form.querySelectorAll("[data-draft]")) sessionStorage.removeItem(field.dataset.draft);
  },
};

// --- Messages at the foot of the page ------------------------------------------------------------------
function toast(text, kind = "") {
  const box = document.createElement("p");
  box.className = `toast ${kind}`;
  box.textContent = text;
  document.getElementById("toasts").append(box);
  setTimeout(() => box.remove(), 8000);
}

let newest = null;
function tellNews() {
  const mail = document.getElementById("unread");
  const message = Number(mail?.dataset.message ?? 0);
  if (newest !== null && message > newest) toast(mail.dataset.subject);
  newest = Math.max(newest ?? 0, message);
}

// --- Live pages: ask while somebody looks --------------------------------------------------------------
setInterval(() => {
  if (!document.hidden) document.body.dispatchEvent(new Event("live"));
}, POLL);

const isPoll = (event) => event.detail.requestConfig?.triggeringEvent?.type === "live";
const FOCUSABLE = "a, button, summary, input, select, textarea";
let open = []; // menus that were open, and where the focus was, before a swap
let focused = null;

function remember(isLive) {
  open = isLive ? [...document.querySelectorAll("#live details[open][id]")].map((one) => one.id) : [];
  const home = document.activeElement?.closest("#live [id]");
  focused = home ? [home.id, [...home.querySelectorAll(FOCUSABLE)].indexOf(document.activeElement)] : null;
}

function restore() {
  for (const id of open) document.getElementById(id)?.setAttribute("open", "");
  if (document.activeElement !== document.body || !focused) return;
  const home = document.getElementById(focused[0]);
  const place = home?.querySelectorAll(FOCUSABLE)[focused[1]] ?? document.getElementById("live");
  place?.focus({ preventScroll: true });
}

document.addEventListener("htmx:beforeOnLoad", (event) => {
  const { requestConfig, xhr } = event.detail;
  if (requestConfig.verb === "post" && xhr.status < 300 && requestConfig.elt.matches("form")) drafts.drop(requestConfig.elt);
});
document.addEventListener("htmx:beforeSwap", (event) => remember(isPoll(event)));
// Who types while a live page comes anew would wait in vain: the form that was about to ask is gone.
function askWhatWasTyped() {
  const search = document.getElementById("search");
  if (search && search.value.trim() !== search.form.dataset.shows) htmx.trigger(search.form, "submit");
}

document.addEventListener("htmx:afterSwap", (event) => {
  restore();
  if (isPoll(event)) askWhatWasTyped();
  arrive();
});
document.addEventListener("htmx:responseError", (event) => {
  if (!isPoll(event)) toast("That could not be saved. Reload the page and try again: what you typed is kept.", "error");
});
document.addEventListener("htmx:sendError", (event) => {
  if (!isPoll(event)) toast("No connection. Nothing was changed, and what you typed is kept.", "error");
});

function arrive() {
  setClock();
  drafts.restore();
  tick();
  tellNews();
  for (const button of document.querySelectorAll("[data-theme-toggle]")) button.hidden = false;
}

// --- Menus, the theme, small helps ---------------------------------------------------------------------
document.addEventListener("click", (event) => {
  for (const menu of document.querySelectorAll("details.menu[open]")) {
    if (!menu.contains(event.target)) menu.open = false;
  }
  const target = event.target.closest("[data-theme-toggle], [data-username], [data-log]");
  if (!target) return;
  if (target.matches("[data-theme-toggle]")) {
    const root = document.documentElement;
    const isDark = root.dataset.theme ? root.dataset.theme === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
    root.dataset.theme = isDark ? "light" : "dark";
    document.cookie = `theme=${root.dataset.theme};path=/;max-age=31536000;samesite=lax`;
  } else if (target.matches("[data-username]")) {
    document.getElementById("username").value = target.dataset.username;
    document.getElementById("password").value = target.dataset.password;
    document.querySelector("form .primary").focus();
  } else {
    const kind = document.getElementById(`kind-${target.dataset.log}`);
    if (kind) kind.checked = true;
  }
});
document.addEventListener("keydown", (event) => {
  if (event.key === "Escape") {
    for (const menu of document.querySelectorAll("details.menu[open]")) {
      menu.open = false;
      menu.querySelector("summary").focus();
    }
  }
  if (event.key === "/" && !event.target.closest("input, textarea, select") && !event.metaKey && !event.ctrlKey) {
    const search = document.getElementById("search");
    if (search) {
      event.preventDefault();
      search.focus();
    }
  }
});
document.addEventListener("toggle", (event) => {
  const menu = event.target;
  if (menu.matches?.("details.menu[open]") && document.activeElement === menu.querySelector("summary")) {
    menu.querySelector("input:not([type=hidden]), select")?.focus();
  }
}, true);
document.addEventListener("input", (event) => {
  if (event.target.dataset?.draft) drafts.save(event.target);
});
document.addEventListener("submit", (event) => {
  if (event.target.action.endsWith("/logout/")) sessionStorage.clear();
  // A plain form is sent once; htmx looks after its own.
  if (event.target.hasAttribute("hx-post") || event.defaultPrevented) return;
  setTimeout(() => event.target.querySelectorAll("button").forEach((button) => (button.disabled = true)));
});
addEventListener("pageshow", (event) => {
  if (event.persisted) location.reload();
});

arrive();
setInterval(tick, 500);
