// A form with `data-live` sends itself while somebody types, and the answer takes the place of the element
// it names. Without scripts its button does the same.
"use strict";

for (const form of document.querySelectorAll("form[data-live]")) {
  const shown = document.getElementById(form.dataset.live);
  let waiting = 0;
  let running = null;

  async function look() {
    running?.abort();
    running = new AbortController();
    const asked = `?${new URLSearchParams(new FormData(form))}`;
    try {
      const answer = await fetch(asked, { headers: { "X-Fragment": "1" }, signal: running.signal });
      if (!answer.ok || answer.redirected) {
        form.submit();
        return;
      }
      shown.innerHTML = await answer.text();
      history.replaceState(null, "", asked);
    } catch (error) {
      if (error.name !== "AbortError") {
        form.submit();
      }
    }
  }

  form.addEventListener("input", () => {
    clearTimeout(waiting);
    waiting = setTimeout(look, 200);
  });
}
