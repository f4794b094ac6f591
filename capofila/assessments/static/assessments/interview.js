/* The interview page: every answer is put on this device at once, then sent; the page shows which is where. Without this
   script the form around the questions saves the area with a button. */
"use strict";

window.capofila = window.capofila || {};

capofila.interview = (() => {
  const { page } = capofila;
  if (!page || !page.questions || !window.indexedDB) return null;
  const { store, said, send, card: cards } = capofila;
  const TYPING = 800; // milliseconds of rest until a text counts as said
  const undone = [];
  const order = page.questions.map((question) => question.code);
  const typing = new Map();
  let server = page.state;
  let served = page.now;
  let queue = [];
  let state = {};

  const element = (code) => document.getElementById(code);
  const of = (code) => state[code] || said.nobody();
  const here = () => [...document.querySelectorAll("details.question:not([hidden])")];
  const current = () => {
    const focused = document.activeElement && document.activeElement.closest("details.question[open]");
    return focused || document.querySelector("details.question[data-current]") || here().find((card) => card.open) || null;
  };

  // What holds

  async function fold() {
    queue = (await store.queue()).filter((item) => item.assessment === page.assessment);
    const mine = queue.filter((item) => item.author === page.author);
    state = said.together(server, mine, page.side, page.author_name);
    hide();
    for (const card of document.querySelectorAll("details.question")) {
      cards.show(card, of(card.id), page);
      for (const mark of card.querySelectorAll("[data-mark]")) mark.hidden = Boolean(!page.implied[card.id] || confirmed.has(card.id));
    }
    counts();
    document.dispatchEvent(new CustomEvent("capofila:state"));
  }

  function answers() {
    const found = {};
    for (const [code, one] of Object.entries(state)) {
      const held = one[one.holds];
      if (held) found[code] = { applicable: held.entry.state === "answered", value: held.entry.value };
    }
    return found;
  }

  let shown = new Set(order);
  function hide() {
    shown = capofila.visible(page.questions, answers());
    for (const card of document.querySelectorAll("details.question")) card.hidden = !shown.has(card.id);
  }

  // Counts and ticks

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

  // Saying something

  async function keep(kind, code, content, { undoable = true } = {}) {
    const replaces = said.holding(of(code), page.side, kind);
    const entry = await said.entry(kind, code, content, replaces);
    if (undoable && kind === "answer") undone.push({ code, before: of(code)[page.side] && of(code)[page.side].entry });
    await guarded(() => store.add({ id: entry.id, assessment: page.assessment, author: page.author, author_name: page.author_name, side: page.side, question: code, kind, entry }));
    send.soon();
  }

  /* A full disk or a window that keeps nothing is told at once: what was said is then only on the screen. */
  async function guarded(act) {
    try {
      await act();
      document.dispatchEvent(new CustomEvent("capofila:kept", { detail: true }));
    } catch (reason) {
      document.dispatchEvent(new CustomEvent("capofila:kept", { detail: false }));
      throw reason;
    }
  }

  const KEYS = ["state", "value", "reason", "note", "why"];
  const sameContent = (one, other) => KEYS.every((key) => JSON.stringify(one[key] ?? "") === JSON.stringify(other[key] ?? ""));
  const NOTHING = { state: "cleared", value: null, reason: "", note: "", why: "" };

  let chain = Promise.resolve(); // one thing after the other, so that each names the one before it
  const inTurn = (act) => { chain = chain.then(act).catch((reason) => console.warn(reason)); return chain; };

  const answer = (card, options) => inTurn(async () => {
    const content = cards.said(card);
    const held = of(card.id)[page.side];
    if (!content || sameContent(content, held ? held.entry : NOTHING)) return;
    if (content.state !== "cleared") confirmed.add(card.id);
    await keep("answer", card.id, content, options);
    await fold();
  });

  // What another questionnaire implies

  const confirmed = new Set(); // on this page
  const heldAnswer = (code) => { const one = of(code); const held = one[one.holds]; return held && held.entry.state !== "cleared" ? held.entry : null; };

  /* Puts what is implied into the boxes; it is said only once it is confirmed or changed. */
  function propose(card) {
    const implied = page.implied[card.id];
    const held = heldAnswer(card.id);
    if (!implied || (held && !rowByRow(implied, held))) return;
    const own = of(card.id)[page.side];
    const choice = own && own.entry.state === "answered" ? "value" : "";
    cards.fill(card, { note: "", ...(own ? own.entry : {}), state: "answered", value: together(implied, held) });
    for (const input of cards.field(card, "answer")) input.checked = input.value === choice;
  }

  const rowByRow = (implied, held) => !implied.asks && held.state === "answered" && !Array.isArray(implied.value) && ["scale", "tristate"].includes(typeOf(held.question));
  const typeOf = (code) => page.questions[order.indexOf(code)].type;
  const together = (implied, held) => (held && held.state === "answered" ? { ...implied.value, ...held.value } : implied.value);

  /* Says what is implied, in these questions, as it stands on the page or where it is elsewhere. */
  const confirm = (codes, { seen = false } = {}) => inTurn(async () => {
    for (const code of codes) {
      const implied = page.implied[code];
      const held = heldAnswer(code);
      if (confirmed.has(code) || (held && !rowByRow(implied, held))) continue;
      const own = of(code)[page.side];
      const value = together(implied, held);
      let content = { state: "answered", value, reason: "", note: (own && own.entry.note) || implied.note, why: "" };
      const card = element(code);
      if (seen && card) {
        [...cards.field(card, "answer")].find((input) => input.value === "value").checked = true;
        const said = cards.said(card);
        if (said && said.state === "answered") content = { ...said, note: said.note || implied.note };
        else content = { ...content, value: Array.isArray(value) ? [] : {} };
      }
      confirmed.add(code);
      await keep("answer", code, content);
      await fold();
      if (card) cards.fill(card, content);
    }
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
    const held = of(card.id)[page.side];
    const chosen = [held.entry, ...held.rivals].find((entry) => entry.id === id);
    await keep("answer", card.id, Object.fromEntries(KEYS.map((key) => [key, chosen[key] ?? NOTHING[key]])));
    await fold();
    cards.fill(card, of(card.id)[page.side].entry);
  });

  const undo = () => inTurn(async () => {
    const last = undone.pop();
    if (!last) return;
    const content = last.before ? Object.fromEntries(KEYS.map((key) => [key, last.before[key] ?? NOTHING[key]])) : NOTHING;
    await keep("answer", last.code, content, { undoable: false });
    await fold();
    if (element(last.code)) { cards.fill(element(last.code), content); open(element(last.code)); }
    announce(page.words.undone);
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
      await guarded(() => store.add({ id, assessment: page.assessment, author: page.author, author_name: page.author_name, side: page.side, question: card.id, kind: "evidence", fields, file: copy }));
    }
    await fold();
    send.soon();
  });

  // Moving about

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
    counts();
  }

  function flush() {
    for (const [target, timer] of typing) { clearTimeout(timer); touched(target); }
    typing.clear();
  }

  /* What is being said is on the disk before the page goes. */
  function leave(address) {
    flush();
    inTurn(() => { location.href = address; });
  }

  function go(code) {
    const found = element(code);
    if (found) { open(found); return; }
    const question = page.questions[order.indexOf(code)];
    leave(`${page.areas[question.area]}#${code}`);
  }

  function jump(wanted, step = 1) {
    const listed = order.filter((code) => shown.has(code));
    const from = current() ? listed.indexOf(current().id) : -1;
    for (let away = 1; away <= listed.length; away += 1) {
      const code = listed[(from + step * away + listed.length * 2) % listed.length];
      if (wanted(of(code))) { go(code); return; }
    }
    announce(page.words.none_left);
  }

  const next = (step = 1) => {
    const listed = order.filter((code) => shown.has(code));
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
  /* What is typed is kept before the page goes, as far as a browser allows. */
  addEventListener("pagehide", flush);
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

  const WANTED = { missing: (one) => !one.holds, flagged: (one) => one.flagged, disputed: (one) => one.disagreement || one.conflict };
  const DOES = {
    next: () => next(1),
    back: () => next(-1),
    flag: (card) => card && flag(card),
    confirm: (card) => { if (card) { confirm([card.id], { seen: true }); open(card); } },
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

  // Hearing from the queue and the server

  document.addEventListener("capofila:queue", () => inTurn(fold));
  document.addEventListener("capofila:sent", (event) => {
    if (event.detail.assessment !== page.assessment) return;
    inTurn(() => { server = said.acknowledged(server, event.detail.questions, event.detail.items); return fold(); });
    refresh();
  });
  document.addEventListener("capofila:evidence", (event) => {
    if (event.detail.assessment !== page.assessment) return;
    const { evidence } = event.detail;
    inTurn(() => {
      const known = server[evidence.question] || {};
      server[evidence.question] = { ...known, evidence: [...(known.evidence || []).filter((one) => one.id !== evidence.id), evidence] };
      return fold();
    });
  });

  /* The rail with the scores, as the server sees them; its time stands in it. */
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
          counts();
        }
      } catch { /* the old figures stay, with their time */ }
    }, 700);
  }

  /* The page may come from the service worker's cupboard, and be older than what this device knows. */
  async function begin() {
    await Promise.all([store.device(), store.fact("offset")]);
    const kept = await store.state(page.assessment);
    if (kept && kept.author === page.author && kept.now > served) { server = kept.questions; served = kept.now; }
    else await store.keepState({ assessment: page.assessment, author: page.author, now: served, questions: server });
    await fold();
    for (const card of document.querySelectorAll("details.question")) {
      const held = of(card.id)[page.side];
      cards.fill(card, held ? held.entry : null);
      propose(card);
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
  document.addEventListener("submit", (event) => {
    if (!event.target.matches("form[data-confirm]") || !document.documentElement.hasAttribute("data-ready")) return;
    event.preventDefault();
    const everywhere = event.submitter && event.submitter.value === "all";
    confirm(Object.keys(page.implied).filter((code) => !page.implied[code].asks && (everywhere || page.implied[code].area === page.area)));
  });
  chain = chain.then(begin).catch((reason) => { console.warn(reason); document.dispatchEvent(new CustomEvent("capofila:kept", { detail: false })); });

  return { page, does: DOES, announce, go, questions: page.questions, waiting: () => queue };
})();
