/* Serves the interview without a network. It keeps the pages that a page asks it to keep, for one user, and the files they
   name. The network goes first, so that nobody works on an old page without need; statics carry their version in the
   address, so that a page and its scripts are always of one release. It sends nothing: the queue is the page's. */
"use strict";

const STATICS = "capofila-statics";
const PAGES = "capofila-pages-";
const PATIENCE = 5000; // milliseconds until the kept page is shown instead

addEventListener("install", () => skipWaiting());
addEventListener("activate", (event) => event.waitUntil(clients.claim()));

addEventListener("fetch", (event) => {
  const { request } = event;
  const address = new URL(request.url);
  if (request.method !== "GET" || address.origin !== location.origin || address.pathname.startsWith("/api/")) return;
  if (address.pathname.startsWith("/static/")) event.respondWith(fileOf(request, address));
  else if (request.mode === "navigate") event.respondWith(pageOf(request));
});

async function fileOf(request, address) {
  const kept = await caches.match(request);
  if (kept && (address.searchParams.has("v") || address.pathname.includes("/fonts/"))) return kept;
  try {
    const response = await fetch(request);
    if (response.ok && kept) await (await caches.open(STATICS)).put(request, response.clone());
    return response;
  } catch (reason) {
    if (kept) return kept;
    throw reason;
  }
}

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
  if (event.data.kind === "forget") event.waitUntil(forgetOthers(null));
});

/* Pages of somebody else who used this browser are not left lying about. Their queue is: it is theirs to send. */
async function forgetOthers(name) {
  for (const known of await caches.keys()) if (known.startsWith(PAGES) && known !== name) await caches.delete(known);
}

async function keep({ user, pages, statics }, client) {
  const name = PAGES + user;
  await forgetOthers(name);
  const [cache, files] = [await caches.open(name), await caches.open(STATICS)];
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
  for (const file of named) await keepFile(files, file);
  // Files of earlier releases go once no kept page names them.
  for (const file of await files.keys()) if (!named.has(file.url)) await files.delete(file);
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

async function keepFile(files, address) {
  if (await files.match(address)) return;
  try {
    const response = await fetch(address);
    if (response.ok) await files.put(address, response);
  } catch { /* asked for again at the next visit */ }
}
