/* Makes the interview open without a network: the service worker keeps its pages, the browser is asked not to throw
   them away, and the page says how far it is and until when what is kept here is safe. */
"use strict";

(() => {
  const { page } = capofila;
  const place = document.querySelector("[data-offline]");
  if (!page || !page.keep || !place || !("serviceWorker" in navigator)) return;
  const { words } = page;
  const say = (text) => { place.textContent = text; };
  const WEEK = 7 * 24 * 3600 * 1000;

  /* Safari drops what a page stored after seven days without a visit, unless it is on the home screen. */
  async function lasting() {
    if (!navigator.storage || !navigator.storage.persist) return false;
    return (await navigator.storage.persisted()) || navigator.storage.persist();
  }

  async function safe() {
    if (await lasting()) return words.kept_for_good;
    const until = new Date(Date.now() + WEEK).toLocaleDateString(page.language, { day: "numeric", month: "long" });
    return words.kept_until.replace("%(day)s", until);
  }

  async function begin() {
    const worker = await navigator.serviceWorker.register("/service-worker.js", { scope: "/", updateViaCache: "none" });
    await navigator.serviceWorker.ready;
    const statics = [...document.querySelectorAll("script[src], link[rel=stylesheet], link[rel=icon]")].map((one) => one.src || one.href);
    (worker.active || navigator.serviceWorker.controller).postMessage({ kind: "keep", user: page.author, pages: page.keep, statics: [...statics, ...page.fonts] });
  }

  navigator.serviceWorker.addEventListener("message", async (event) => {
    const { kind, done, of } = event.data;
    if (kind !== "kept") return;
    if (done < of) say(words.keeping.replace("%(done)s", done).replace("%(of)s", of));
    else {
      say(`${words.kept} ${await safe()}`);
      document.documentElement.setAttribute("data-offline-ready", "");
    }
  });
  begin().catch(() => say(words.not_kept));
})();
