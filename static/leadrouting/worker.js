// Shows push messages, and opens what they speak of.
"use strict";

self.addEventListener("install", () => self.skipWaiting());
self.addEventListener("activate", (event) => event.waitUntil(self.clients.claim()));

self.addEventListener("push", (event) => {
  let told = {};
  try {
    told = event.data?.json() ?? {};
  } catch {
    told = { title: event.data.text() };
  }
  event.waitUntil(
    self.registration.showNotification(told.title || "Leadrouting", {
      body: told.body ?? "",
      tag: told.key, // the same message again takes the place of the first
      icon: "/static/leadrouting/icon-192.png",
      data: { url: told.url ?? "/" },
    }),
  );
});

self.addEventListener("notificationclick", (event) => {
  event.notification.close();
  const url = new URL(event.notification.data.url, self.location.origin);
  if (url.origin !== self.location.origin) return;
  event.waitUntil(
    self.clients.matchAll({ type: "window" }).then((open) => {
      const same = open.find((one) => new URL(one.url).pathname === url.pathname) ?? open[0];
      return same ? same.focus().then((one) => (one.url === url.href ? one : one.navigate(url.href))) : self.clients.openWindow(url.href);
    }),
  );
});
