/* What another questionnaire implies: put into the boxes, and said only once it is confirmed or changed. */
"use strict";

capofila.implied = (() => {
  const { held, page, card: cards } = capofila;
  if (!held) return null;
  const { of, entryOf } = held;
  const confirmed = new Set(); // on this page
  const types = new Map(page.questions.map((question) => [question.code, question.type]));

  document.addEventListener("capofila:state", () => {
    for (const card of document.querySelectorAll("details.question")) {
      for (const mark of card.querySelectorAll("[data-mark]")) mark.hidden = Boolean(!page.implied[card.id] || confirmed.has(card.id));
    }
  });

  /* Puts what is implied into the boxes; it is said only once it is confirmed or changed. */
  function propose(card) {
    const implied = page.implied[card.id];
    const entry = entryOf(card.id);
    if (!implied || (entry && !rowByRow(implied, entry))) return;
    const own = of(card.id)[page.side];
    const choice = own && own.entry.state === "answered" ? "value" : "";
    cards.fill(card, { note: "", ...(own ? own.entry : {}), state: "answered", value: together(implied, entry) });
    for (const input of cards.field(card, "answer")) input.checked = input.value === choice;
  }

  const rowByRow = (implied, entry) => !implied.asks && entry.state === "answered" && !Array.isArray(implied.value) && ["scale", "tristate"].includes(types.get(entry.question));
  const together = (implied, entry) => (entry && entry.state === "answered" ? { ...implied.value, ...entry.value } : implied.value);

  /* Says what is implied, in these questions, as it stands on the page or where it is elsewhere. */
  const confirm = (codes, { seen = false } = {}) => held.inTurn(async () => {
    for (const code of codes) {
      const implied = page.implied[code];
      const entry = entryOf(code);
      if (confirmed.has(code) || (entry && !rowByRow(implied, entry))) continue;
      const own = of(code)[page.side];
      const value = together(implied, entry);
      let content = { state: "answered", value, reason: "", note: (own && own.entry.note) || implied.note, why: "" };
      const card = document.getElementById(code);
      if (seen && card) {
        [...cards.field(card, "answer")].find((input) => input.value === "value").checked = true;
        const said = cards.said(card);
        if (said && said.state === "answered") content = { ...said, note: said.note || implied.note };
        else content = { ...content, value: Array.isArray(value) ? [] : {} };
      }
      confirmed.add(code);
      await held.keep("answer", code, content);
      await held.fold();
      if (card) cards.fill(card, content);
    }
  });

  document.addEventListener("submit", (event) => {
    if (!event.target.matches("form[data-confirm]") || !document.documentElement.hasAttribute("data-ready")) return;
    event.preventDefault();
    const everywhere = event.submitter && event.submitter.value === "all";
    confirm(Object.keys(page.implied).filter((code) => !page.implied[code].asks && (everywhere || page.implied[code].area === page.area)));
  });

  return { propose, confirm, note: (code) => confirmed.add(code) };
})();
