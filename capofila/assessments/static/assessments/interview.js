/* The interview page: hears what a person does, and says it. Without this script the form around the questions saves the
   area with a button. */
"use strict";

capofila.interview = (() => {
  const { page, held, drawn, implied, moving } = capofila;
  if (!held) return null;
  const { store, said, send, card: cards } = capofila;
  const element = (code) => document.getElementById(code);
  const { of, fold, keep, inTurn, NOTHING } = held;
  const { here, current } = drawn;
  const { open, next, jump, WANTED } = moving;
  const TYPING = 800; // milliseconds of rest until a text counts as said
  const typing = new Map();

  // Saying something

  const answer = (card, options) => inTurn(async () => {
    const content = cards.said(card);
    const own = of(card.id)[page.side];
    if (!content || held.sameContent(content, own ? own.entry : NOTHING)) return;
    if (content.state !== "cleared") implied.note(card.id);
    await keep("answer", card.id, content, options);
    await fold();
  });

  const flag = (card) => inTurn(async () => {
    await keep("flag", card.id, { flagged: !of(card.id).flagged });
    await fold();
  });

  const privately = (card) => inTurn(async () => {
    const field = cards.field(card, "private")[0];
    const before = of(card.id).private.map((one) => one.text).join("\n");
    if (field.value === before) return;
    await keep("private-note", card.id, { text: field.value });
    await fold();
  });

  const take = (card, id) => inTurn(async () => {
    const own = of(card.id)[page.side];
    await keep("answer", card.id, held.contentOf([own.entry, ...own.rivals].find((entry) => entry.id === id)));
    await fold();
    cards.fill(card, of(card.id)[page.side].entry);
  });

  const undo = () => inTurn(async () => {
    const last = held.undone.pop();
    if (!last) return;
    const content = last.before ? held.contentOf(last.before) : NOTHING;
    await keep("answer", last.code, content, { undoable: false });
    await fold();
    const card = element(last.code);
    if (card) { cards.fill(card, content); open(card); }
    moving.announce(page.words.undone);
  });

  const attach = (card, files) => inTurn(async () => {
    for (const file of files) {
      const id = crypto.randomUUID();
      const fields = {
        id, question: card.id, name: file.name || "file", effective_on: null,
        device: await store.device(), device_time: said.now(), clock_offset_ms: (await store.fact("offset")) ?? null,
      };
      // A copy of the bytes: the file on the phone may be gone when the network returns.
      const copy = new Blob([await file.arrayBuffer()], { type: file.type });
      await held.guarded(() => store.add({ id, assessment: page.assessment, author: page.author, author_name: page.author_name, side: page.side, question: card.id, kind: "evidence", fields, file: copy }));
    }
    await fold();
    send.soon();
  });

  // Listening

  function touched(target) {
    const card = target.closest("details.question");
    if (!card || !page.may_answer) return;
    if (target.matches("[data-files-of]")) { attach(card, [...target.files]); target.value = ""; return; }
    if (target.matches("[data-value]")) {
      const choice = [...cards.field(card, "answer")].find((input) => input.value === "value");
      if (choice) choice.checked = true;
    }
    if (target.matches("[name$='.private']")) privately(card);
    else answer(card);
  }

  document.addEventListener("change", (event) => {
    clearTimeout(typing.get(event.target));
    typing.delete(event.target);
    touched(event.target);
  });
  document.addEventListener("input", (event) => {
    if (!event.target.matches("textarea, input[type=text], input[type=number], input[type=date]")) return;
    clearTimeout(typing.get(event.target));
    typing.set(event.target, setTimeout(() => { typing.delete(event.target); touched(event.target); }, TYPING));
  });
  function flush() {
    for (const [target, timer] of typing) { clearTimeout(timer); touched(target); }
    typing.clear();
  }

  /* What is typed is kept before the page goes, as far as a browser allows. */
  addEventListener("pagehide", flush);
  document.addEventListener("capofila:leaving", flush);
  document.addEventListener("visibilitychange", () => { if (document.hidden) flush(); });

  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-do], [data-take], [data-drop], [data-reason], [data-jump]");
    const summary = event.target.closest("details.question > summary");
    if (summary) {
      const card = summary.parentElement;
      if (!card.open) { event.preventDefault(); open(card, { focus: false }); }
      return;
    }
    if (!button) return;
    const card = button.closest("details.question");
    if (button.dataset.take) take(card, button.dataset.take);
    else if (button.dataset.drop) store.remove([Number(button.dataset.drop)]);
    else if (button.dataset.reason !== undefined) { cards.field(card, "reason")[0].value = button.textContent; answer(card); }
    else if (button.dataset.jump) { event.preventDefault(); jump(WANTED[button.dataset.jump]); }
    else if (DOES[button.dataset.do]) { event.preventDefault(); DOES[button.dataset.do](card || current()); }
  });

  const DOES = {
    next: () => next(1),
    back: () => next(-1),
    flag: (card) => card && flag(card),
    confirm: (card) => { if (card) { implied.confirm([card.id], { seen: true }); open(card); } },
    private: (card) => { if (card) { const box = cards.part(card, "private"); if (box) { box.hidden = false; box.querySelector("textarea").focus(); } } },
    note: (card) => card && cards.field(card, "note")[0].focus(),
    evidence: (card) => card && card.querySelector("[data-files-of]").click(),
    na: (card) => {
      const choice = card && [...cards.field(card, "answer")].find((input) => input.value === "na");
      if (choice) { choice.checked = true; cards.field(card, "reason")[0].focus(); answer(card); }
    },
    level: (card, number) => {
      const choice = card && [...cards.field(card, "answer")].find((input) => input.value === String(number));
      if (choice && card.open) { choice.checked = true; choice.focus({ preventScroll: true }); answer(card); }
    },
    todo: () => jump(WANTED.missing),
    disputed: () => jump(WANTED.disputed),
    undo: () => undo(),
    search: () => document.querySelector("[data-search]").focus(),
  };

  for (const kind of ["dragover", "dragleave", "drop"]) {
    document.addEventListener(kind, (event) => {
      const card = event.target.closest && event.target.closest("details.question[open]");
      if (!event.dataTransfer || ![...event.dataTransfer.types].includes("Files")) return;
      event.preventDefault();
      if (!card || !page.may_answer) return;
      card.classList.toggle("drop", kind === "dragover");
      if (kind === "drop") attach(card, [...event.dataTransfer.files]);
    });
  }

  /* The rail with the scores, as the server sees them; its time stands in it. */
  document.addEventListener("capofila:sent", (event) => { if (event.detail.assessment === page.assessment) refresh(); });
  let refreshing = null;
  function refresh() {
    clearTimeout(refreshing);
    refreshing = setTimeout(async () => {
      try {
        const response = await fetch(page.side_url, { credentials: "same-origin", headers: { "X-Part": "side" } });
        if (response.ok && !response.redirected) {
          const parsed = new DOMParser().parseFromString(await response.text(), "text/html");
          for (const name of ["scores", "scores-bar", "implied"]) {
            const fresh = parsed.querySelector(`[data-${name}]`);
            const old = document.querySelector(`[data-${name}]`);
            if (fresh && old) old.replaceWith(document.adoptNode(fresh));
          }
          drawn.counts();
        }
      } catch { /* the old figures stay, with their time */ }
    }, 700);
  }

  async function begin() {
    await held.begin();
    for (const card of document.querySelectorAll("details.question")) {
      const own = of(card.id)[page.side];
      cards.fill(card, own ? own.entry : null);
      implied.propose(card);
      const box = cards.part(card, "private");
      if (box) {
        box.querySelector("textarea").value = of(card.id).private.map((one) => one.text).join("\n");
        box.hidden = !box.querySelector("textarea").value;
      }
    }
    const wanted = element(decodeURIComponent(location.hash.slice(1)));
    const first = wanted || here().find((card) => !of(card.id).holds) || here()[0];
    if (!document.querySelector("[data-all-open]")) for (const card of here()) card.open = card === first;
    if (first) open(first, { focus: Boolean(wanted) });
    document.documentElement.setAttribute("data-ready", "");
    send.now();
  }

  addEventListener("hashchange", () => { const card = element(decodeURIComponent(location.hash.slice(1))); if (card && card.matches(".question")) open(card); });
  for (const form of document.querySelectorAll("form[data-answers]")) form.addEventListener("submit", (event) => {
    if (!document.documentElement.hasAttribute("data-ready")) return; // nothing is kept here: the form saves
    event.preventDefault();
    next(1);
  });
  inTurn(() => begin().catch((reason) => { console.warn(reason); document.dispatchEvent(new CustomEvent("capofila:kept", { detail: false })); }));

  return { page, does: DOES, announce: moving.announce, go: moving.go, questions: page.questions, waiting: held.waiting };
})();
