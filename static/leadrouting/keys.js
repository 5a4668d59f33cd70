// Keys and the arrival of leads. What is done here can be done without it.
"use strict";

const SETTINGS = { keys: "on", sound: "on" };

const setting = (name) => localStorage.getItem(`leadrouting-${name}`) ?? SETTINGS[name];

// --- Keys: never while somebody types, never together with Ctrl, Alt or Cmd ------------------------------
const names = () => [...document.querySelectorAll(".lead .name")];
const row = () => document.activeElement?.closest(".lead");

function step(by) {
  const all = names();
  if (!all.length) return false;
  const here = all.indexOf(row()?.querySelector(".name"));
  const next = here < 0 ? (by > 0 ? 0 : all.length - 1) : Math.min(Math.max(here + by, 0), all.length - 1);
  all[next].focus();
  all[next].closest(".lead").scrollIntoView({ block: "nearest" });
  return true;
}

function press(selector, within = document) {
  const found = within?.querySelector(selector);
  found?.click();
  return Boolean(found);
}

function opened(id) {
  const menu = document.getElementById(id);
  if (!menu) return false;
  menu.querySelector("summary").focus();
  menu.open = true;
  return true;
}

function answer() {
  const said = document.getElementById("log-text");
  const name = row()?.querySelector(".name");
  if (said) said.focus();
  else if (name) location.assign(`${name.href}#log-text`);
  return Boolean(said || name);
}

const help = () => {
  const sheet = document.getElementById("keys");
  if (!sheet) return false;
  for (const box of sheet.querySelectorAll("[data-setting]")) box.checked = setting(box.dataset.setting) === "on";
  sheet.showModal();
  return true;
};

const KEYS = {
  j: () => step(1),
  k: () => step(-1),
  a: () => press("form[action$='/accept/'] button", row() ?? document.querySelector(".actions")),
  r: answer,
  d: () => opened("decline"),
  p: () => opened("pause") || press("form[action$='/resume/'] button"),
  h: () => opened("reassign-menu"),
  n: () => press("a[href$='/leads/new/']"),
  u: () => press(".crumb a"),
  "?": help,
};

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.altKey || event.metaKey || event.defaultPrevented || event.repeat && !"jk".includes(event.key)) return;
  if (event.target.closest("input:not([type=radio]):not([type=checkbox]), textarea, select, dialog[open]")) return;
  if (event.key !== "?" && setting("keys") === "off") return;
  if (Object.hasOwn(KEYS, event.key) && KEYS[event.key]()) event.preventDefault();
});
document.addEventListener("click", (event) => {
  if (event.target.closest("[data-keys]")) help();
  if (event.target.id === "keys") event.target.close(); // beside the sheet
});
document.addEventListener("change", (event) => {
  const { setting: name } = event.target.dataset;
  if (name) localStorage.setItem(`leadrouting-${name}`, event.target.checked ? "on" : "off");
  if (name === "sound" && event.target.checked) chime();
});

// --- A lead that arrives slides in, and is heard ----------------------------------------------------------
let audio = null;

function chime() {
  if (setting("sound") === "off") return;
  audio ??= new AudioContext();
  if (audio.state !== "running") return void audio.resume().catch(() => {});
  const volume = audio.createGain();
  volume.connect(audio.destination);
  volume.gain.setValueAtTime(0.08, audio.currentTime);
  volume.gain.exponentialRampToValueAtTime(0.0001, audio.currentTime + 0.5);
  for (const [at, pitch] of [[0, 660], [0.12, 880]]) {
    const tone = audio.createOscillator();
    tone.frequency.value = pitch;
    tone.connect(volume);
    tone.start(audio.currentTime + at);
    tone.stop(audio.currentTime + at + 0.35);
  }
}

let seen = null; // the keys of the leads that were shown before a live page came anew

const shown = () => new Set([...document.querySelectorAll("#live .lead")].map((lead) => lead.id));
const isLive = (event) => event.detail.requestConfig?.triggeringEvent?.type === "live";

document.addEventListener("htmx:beforeSwap", (event) => {
  seen = isLive(event) && document.querySelector("#live[data-arrivals]") ? shown() : null;
});
document.addEventListener("htmx:afterSwap", () => {
  if (!seen) return;
  const fresh = [...document.querySelectorAll("#live .lead.assigned")].filter((lead) => !seen.has(lead.id));
  seen = null;
  for (const lead of fresh) lead.classList.add("arrived");
  if (fresh.length) chime();
});
document.addEventListener("pointerdown", () => audio?.resume(), { once: true });

for (const button of document.querySelectorAll("[data-keys]")) button.hidden = false;
