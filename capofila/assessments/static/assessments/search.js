/* Search in the questions of all areas, as one types; without this script the field is a form that asks the server. */
"use strict";

(() => {
  const field = document.querySelector("[data-search]");
  const results = document.querySelector("[data-found]");
  if (!field || !results || !capofila.interview) return;
  const { make } = capofila.card;
  const plain = (text) => text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();
  const known = capofila.interview.questions.map((question) => ({ ...question, plain: plain(`${question.number} ${question.ask} ${question.short}`) }));
  const MOST = 12;

  function show() {
    const words = plain(field.value).split(/\s+/).filter(Boolean);
    const found = words.length ? known.filter((question) => words.every((word) => question.plain.includes(word))) : [];
    results.replaceChildren(...found.slice(0, MOST).map((question) => {
      const link = make("a", { href: `${capofila.interview.page.areas[question.area]}#${question.code}` }, make("b", {}, question.number), " ", question.ask);
      return make("li", {}, link);
    }));
    if (words.length && !found.length) results.append(make("li", {}, capofila.interview.page.words.nothing_found));
  }

  field.addEventListener("input", show);
  field.form.addEventListener("submit", (event) => {
    event.preventDefault();
    const first = results.querySelector("a");
    if (first) first.click();
  });
  results.addEventListener("click", (event) => {
    const link = event.target.closest("a");
    if (!link) return;
    const code = link.hash.slice(1);
    if (document.getElementById(code)) { event.preventDefault(); field.value = ""; show(); capofila.interview.go(code); }
  });
})();
