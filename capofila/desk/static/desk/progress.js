// An element with `data-progress` looks again every second for what goes on, until that is over: then the
// page shows what came of it. Without scripts the browser reloads the page.
"use strict";

const SECONDS = 1;

for (const shown of document.querySelectorAll("[data-progress]")) {
  async function look() {
    try {
      const answer = await fetch(location.href, { headers: { "X-Fragment": "1" } });
      if (!answer.ok || answer.redirected || answer.headers.get("X-Over")) {
        location.reload();
        return;
      }
      const words = await answer.text();
      if (shown.innerHTML !== words) {
        shown.innerHTML = words; // said aloud only when it changed
      }
    } catch {
      // no network for a moment: it goes on there, and is looked at again here
    }
    setTimeout(look, 1000 * SECONDS);
  }

  setTimeout(look, 1000 * SECONDS);
}
