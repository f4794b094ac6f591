/* Draws what holds on the interview page: which questions show, each card, the counts, the ticks of the areas. */
"use strict";

capofila.drawn = (() => {
  const { held, page, card: cards } = capofila;
  if (!held) return null;
  const { of } = held;
  const order = page.questions.map((question) => question.code);
  let shown = new Set(order);

  const here = () => [...document.querySelectorAll("details.question:not([hidden])")];
  const current = () => {
    const focused = document.activeElement && document.activeElement.closest("details.question[open]");
    return focused || document.querySelector("details.question[data-current]") || here().find((card) => card.open) || null;
  };

  document.addEventListener("capofila:state", () => {
    shown = capofila.visible(page.questions, held.answers());
    for (const card of document.querySelectorAll("details.question")) {
      card.hidden = !shown.has(card.id);
      cards.show(card, of(card.id), page);
    }
    counts();
  });

  function counts() {
    const listed = page.questions.filter((question) => shown.has(question.code));
    const done = (question) => Boolean(of(question.code).holds);
    put("said", listed.filter(done).length);
    put("asked", listed.length);
    put("said-area", listed.filter((question) => question.area === page.area && done(question)).length);
    put("asked-area", listed.filter((question) => question.area === page.area).length);
    put("flagged", listed.filter((question) => of(question.code).flagged).length);
    put("disputed", listed.filter((question) => of(question.code).disagreement || of(question.code).conflict).length);
    put("missing", listed.length - listed.filter(done).length);
    const now = current();
    for (const holder of document.querySelectorAll("[data-ticks]")) {
      const inside = listed.filter((question) => question.area === holder.dataset.ticks);
      capofila.ticks(holder, inside.map((question) => tick(of(question.code))), inside.findIndex((question) => now && question.code === now.id));
    }
    if (now) {
      const inside = listed.filter((question) => question.area === page.area);
      for (const place of document.querySelectorAll("[data-place]")) {
        place.textContent = page.words.place.replace("%(place)s", inside.findIndex((question) => question.code === now.id) + 1).replace("%(of)s", inside.length);
      }
      put("number", page.questions[order.indexOf(now.id)].number);
    }
  }

  function tick(one) {
    const held = one[one.holds];
    if (!held) return null;
    return held.entry.state === "not_applicable" ? "na" : cards.level(held) || 3;
  }

  function put(name, value) {
    for (const place of document.querySelectorAll(`[data-count="${name}"]`)) place.textContent = value;
  }

  return { here, current, counts, order, listed: () => order.filter((code) => shown.has(code)) };
})();
