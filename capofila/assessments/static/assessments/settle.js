/* On pages that show or close an assessment: what is still on this device is sent first. A button marked data-settled
   waits for it, with the reason beside it; the page is read again once everything has arrived. */
"use strict";

(() => {
  const { page, store, send } = capofila;
  if (!page || !window.indexedDB || !page.assessment) return;
  let waited = false;

  async function look() {
    const left = (await store.queue()).filter((item) => item.assessment === page.assessment);
    for (const button of document.querySelectorAll("[data-settled]")) button.disabled = left.length > 0;
    for (const reason of document.querySelectorAll("[data-unsettled]")) reason.hidden = left.length === 0;
    if (waited && !left.length) { location.reload(); return; }
    waited = left.length > 0;
    document.documentElement.setAttribute("data-ready", "");
  }

  document.addEventListener("capofila:queue", look);
  look().then(() => send.now()).catch(() => document.documentElement.setAttribute("data-ready", ""));
})();
