/* Serves the interview without a network. It keeps the pages that a page asks it to keep, for one user, and the files they
   name. The network goes first, so that nobody works on an old page without need; statics carry their release in the
   address and are kept under its name, so that a page and its scripts are always of one release. It sends nothing: the
   queue is the page's. Who signs out leaves no page and no answers here but those still to be sent. */
"use strict";

const STATICS = "capofila-statics-"; // and the release; "any" for what is of no release
const PAGES = "capofila-pages-"; // and the user
const SIGN_OUT = "/account/sign-out/";
const PATIENCE = 5000; // milliseconds until the kept page is shown instead

addEventListener("install", () => skipWaiting());
addEventListener("activate", (event) => event.waitUntil(clients.claim()));

addEventListener("fetch", (event) => {
  const { request } = event;
  const address = new URL(request.url);
  if (address.origin !== location.origin || address.pathname.startsWith("/api/")) return;
  if (request.method === "POST" && address.pathname === SIGN_OUT) event.respondWith(signedOut(event));
  if (request.method !== "GET") return;
  if (address.pathname.startsWith("/static/")) event.respondWith(fileOf(request, address));
  else if (request.mode === "navigate") event.respondWith(pageOf(request));
});

async function fileOf(request, address) {
  const kept = await caches.match(request);
  if (kept && (address.searchParams.has("v") || address.pathname.includes("/fonts/"))) return kept;
  try {
    const response = await fetch(request);
    if (response.ok && kept) await (await caches.open(staticsOf(address))).put(request, response.clone());
    return response;
  } catch (reason) {
    if (kept) return kept;
    throw reason;
  }
}

const staticsOf = (address) => STATICS + (address.searchParams.get("v") || "any");

async function pageOf(request) {
  const kept = await keptPage(request);
  if (!kept) return fetch(request);
  const cut = new AbortController();
  const timer = setTimeout(() => cut.abort(), PATIENCE);
  try {
    const response = await fetch(request, { signal: cut.signal });
    if (response.status >= 500) return kept.response;
    if (response.ok && !response.redirected && response.type === "basic") await kept.cache.put(plain(request.url), response.clone());
    return response;
  } catch {
    return kept.response;
  } finally {
    clearTimeout(timer);
  }
}

const plain = (address) => { const found = new URL(address); found.search = found.hash = ""; return found.href; };

async function keptPage(request) {
  for (const name of await caches.keys()) {
    if (!name.startsWith(PAGES)) continue;
    const cache = await caches.open(name);
    const response = await cache.match(plain(request.url));
    if (response) return { cache, response };
  }
  return null;
}

addEventListener("message", (event) => {
  if (event.data.kind === "keep") event.waitUntil(keep(event.data, event.source));
});

/* The server says that somebody is signed out by sending them on. Pages go, and what the server had told of answers;
   the queue stays: nothing of it is anywhere else. */
async function signedOut(event) {
  const response = await fetch(event.request);
  if (response.type === "opaqueredirect") event.waitUntil(Promise.all([forgetOthers(null), forgetStates()]));
  return response;
}

function forgetStates() {
  return new Promise((resolve) => {
    const opening = indexedDB.open("capofila");
    opening.onupgradeneeded = () => opening.transaction.abort(); // there is none: none is made
    opening.onerror = resolve;
    opening.onsuccess = () => {
      const base = opening.result;
      const clearing = base.transaction("states", "readwrite");
      clearing.objectStore("states").clear();
      clearing.oncomplete = clearing.onabort = () => { base.close(); resolve(); };
    };
  });
}

/* Pages of somebody else who used this browser are not left lying about. Their queue is: it is theirs to send. */
async function forgetOthers(name) {
  for (const known of await caches.keys()) if (known.startsWith(PAGES) && known !== name) await caches.delete(known);
}

async function keep({ user, pages, statics }, client) {
  const name = PAGES + user;
  await forgetOthers(name);
  const cache = await caches.open(name);
  let done = 0;
  const of = pages.length;
  for (const address of pages) {
    try {
      const response = await fetch(address, { credentials: "same-origin", cache: "no-cache" });
      if (response.ok && !response.redirected) await cache.put(plain(new URL(address, location.href).href), response);
    } catch { /* what was kept before stays */ }
    if (await cache.match(plain(new URL(address, location.href).href))) done += 1;
    if (done < of) client.postMessage({ kind: "kept", done, of });
  }
  const named = await namedBy(cache, statics);
  const releases = new Set(statics.map((file) => new URL(file, location.href).searchParams.get("v")));
  for (const file of named) await keepFile(new URL(file), releases);
  // An earlier release goes once no kept page names any of its files.
  const needed = new Set([...named].map((file) => staticsOf(new URL(file))));
  for (const known of await caches.keys()) if (known.startsWith("capofila-statics") && !needed.has(known)) await caches.delete(known);
  client.postMessage({ kind: "kept", done, of });
}

/* The addresses of all scripts and styles that the kept pages name, and of those that were asked for. */
async function namedBy(cache, asked) {
  const named = new Set(asked.map((one) => new URL(one, location.href).href));
  for (const page of await cache.keys()) {
    const text = await (await cache.match(page)).text();
    for (const [, address] of text.matchAll(/(?:src|href)="(\/static\/[^"]+)"/g)) named.add(new URL(address, location.href).href);
  }
  return named;
}

/* The server has the files of its own release alone, which the page that asks is of too: one of another release comes
   from this device, or not at all. */
async function keepFile(address, releases) {
  const files = await caches.open(staticsOf(address));
  if (await files.match(address.href)) return;
  const version = address.searchParams.get("v");
  try {
    const kept = await caches.match(address.href);
    const response = kept || (version && !releases.has(version) ? null : await fetch(address.href));
    if (response && response.ok) await files.put(address.href, response);
  } catch { /* asked for again at the next visit */ }
}
