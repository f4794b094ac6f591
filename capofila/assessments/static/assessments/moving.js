/* Moving about in the interview: one question open at a time, the next one, another area; what is said aloud. */
"use strict";

capofila.moving = (() => {
  const { held, drawn, page } = capofila;
  if (!held) return null;
  const { of } = held;
  const { here, current, order } = drawn;
  const WANTED = { missing: (one) => !one.holds, flagged: (one) => one.flagged, disputed: (one) => one.disagreement || one.conflict };

  /* The open question keeps its place on the screen when a row above it closes. */
  function open(card, { focus = true } = {}) {
    const before = document.querySelector("details.question[data-current]");
    for (const other of here()) other.removeAttribute("data-current");
    card.setAttribute("data-current", "");
    card.open = true;
    if (before && before !== card && !document.querySelector("[data-all-open]")) before.open = false;
    if (focus) card.querySelector("summary").focus({ preventScroll: true });
    const top = card.getBoundingClientRect().top;
    if (top < 0 || top > innerHeight * 0.4) card.scrollIntoView({ block: "start" });
    drawn.counts();
  }

  /* What is being said is on the disk before the page goes. */
  function leave(address) {
    document.dispatchEvent(new CustomEvent("capofila:leaving"));
    held.inTurn(() => { location.href = address; });
  }

  function go(code) {
    const found = document.getElementById(code);
    if (found) { open(found); return; }
    const question = page.questions[order.indexOf(code)];
    leave(`${page.areas[question.area]}#${code}`);
  }

  function jump(wanted, step = 1) {
    const listed = drawn.listed();
    const from = current() ? listed.indexOf(current().id) : -1;
    for (let away = 1; away <= listed.length; away += 1) {
      const code = listed[(from + step * away + listed.length * 2) % listed.length];
      if (wanted(of(code))) { go(code); return; }
    }
    announce(page.words.none_left);
  }

  const next = (step = 1) => {
    const listed = drawn.listed();
    const at = current() ? listed.indexOf(current().id) + step : 0;
    if (listed[at]) go(listed[at]);
    else if (at >= listed.length) leave(page.overview);
  };

  let spoken = 0;
  let speech = null;
  /* Politely, at most every five seconds. */
  function announce(words) {
    clearTimeout(speech);
    speech = setTimeout(() => { spoken = Date.now(); document.querySelector("[data-announce]").textContent = words; }, Math.max(0, spoken + 5000 - Date.now()));
  }

  return { open, go, jump, next, announce, WANTED };
})();
