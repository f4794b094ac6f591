/* What the masthead says of this device: how much waits and why, and a notice when nothing can be kept here. */
"use strict";

window.capofila = window.capofila || {};

capofila.page = (() => {
  const source = document.getElementById("page");
  return source ? JSON.parse(source.textContent) : null;
})();

(() => {
  const { page, store } = capofila;
  const line = document.querySelector("[data-queue]");
  if (!page || !line || !store) return;
  const { words } = page;
  const notice = document.querySelector("[data-not-kept]");
  let how = "idle";
  let said = "";

  async function show() {
    let queue;
    try { queue = await store.queue(); } catch { if (notice) notice.hidden = false; return; }
    const stopped = queue.filter((item) => item.stopped).length;
    const waiting = queue.length - stopped;
    const kind = stopped ? "stuck" : waiting ? "device" : "server";
    const text = queue.length
      ? [waiting ? words.waiting.replace("%(count)s", waiting) : "", stopped ? words.stopped.replace("%(count)s", stopped) : ""].filter(Boolean).join(", ")
      : words.all_sent;
    const why = queue.length ? { none: words.offline, "signed-out": words.signed_out, busy: words.busy, "other-author": words.other_author }[how] || "" : "";
    line.querySelector("use").setAttribute("href", `#sync-${kind}`);
    line.querySelector("[data-words]").textContent = text;
    line.title = why;
    const reason = document.querySelector("[data-queue-why]");
    if (reason) {
      reason.hidden = !why;
      reason.querySelector("[data-words]").textContent = why;
      const enter = reason.querySelector("a");
      if (enter) enter.hidden = how !== "signed-out";
    }
    const whole = [text, why].filter(Boolean).join(". ");
    if (whole !== said && said && capofila.interview) capofila.interview.announce(whole);
    said = whole;
  }

  document.addEventListener("capofila:queue", show);
  document.addEventListener("capofila:line", (event) => { how = event.detail; show(); });
  document.addEventListener("capofila:kept", (event) => { if (notice) notice.hidden = event.detail; });
  addEventListener("offline", () => { how = "none"; show(); });
  show();
})();
