// Push to this device: asked for by a click, given up when somebody logs out.
"use strict";

const box = () => document.getElementById("this-device");
const tell = (text) => {
  box().querySelector("[data-said]").textContent = text;
};
const mine = () => navigator.serviceWorker?.getRegistration("/").then((worker) => worker?.pushManager.getSubscription());

async function showDevice() {
  if (!box()) return;
  const ask = box().querySelector("button");
  if (!window.isSecureContext) return tell("Push needs an address that begins with https.");
  if (!("serviceWorker" in navigator) || !("PushManager" in window))
    return tell("This browser knows no push. On an iPhone, add this page to the home screen first and open it from there.");
  if (Notification.permission === "denied") return tell("This browser blocks notifications of this page. Allow them in its settings, then reload.");
  const subscription = await mine();
  const known = [...document.querySelectorAll("[data-endpoint]")].find((one) => one.dataset.endpoint === subscription?.endpoint);
  if (known) {
    known.querySelector("[data-this]").hidden = false;
    return tell("");
  }
  ask.hidden = false;
  return tell("");
}

async function addDevice() {
  const form = box();
  try {
    const worker = await navigator.serviceWorker.register("/sw.js");
    await navigator.serviceWorker.ready;
    await (await worker.pushManager.getSubscription())?.unsubscribe(); // it may be of another key
    const key = Uint8Array.from(atob(form.dataset.key.replaceAll("-", "+").replaceAll("_", "/")), (letter) => letter.charCodeAt(0));
    const made = (await worker.pushManager.subscribe({ userVisibleOnly: true, applicationServerKey: key })).toJSON();
    form.elements.endpoint.value = made.endpoint;
    form.elements.p256dh.value = made.keys.p256dh;
    form.elements.auth.value = made.keys.auth;
    form.submit();
  } catch (error) {
    tell(Notification.permission === "denied" ? "You said no, so nothing comes here. Allow notifications in the browser's settings to change that." : `The browser could not be subscribed: ${error.message}`);
  }
}

document.addEventListener("click", (event) => {
  if (event.target.closest("#this-device button")) {
    event.preventDefault();
    addDevice();
  }
});

// Who shares a computer does not read on after the other has left.
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (!form.action.endsWith("/logout/") || !navigator.serviceWorker?.controller) return;
  event.preventDefault();
  Promise.race([mine().then((one) => one?.unsubscribe()), new Promise((done) => setTimeout(done, 1500))]).finally(() => form.submit());
});

showDevice();
