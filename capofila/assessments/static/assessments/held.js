/* What holds on the interview page: the server's state with what still waits on this device. Every answer is put on this
   device first, then sent. Whoever draws hears `capofila:state` after each change. */
"use strict";

window.capofila = window.capofila || {};

capofila.held = (() => {
  const { page } = capofila;
  if (!page || !page.questions || !window.indexedDB) return null;
  const { store, said, send } = capofila;
  const KEYS = ["state", "value", "reason", "note", "why"];
  const NOTHING = { state: "cleared", value: null, reason: "", note: "", why: "" };
  const undone = [];
  let server = page.state;
  let served = page.now;
  let queue = [];
  let state = {};

  const of = (code) => state[code] || said.nobody();
  const sameContent = (one, other) => KEYS.every((key) => JSON.stringify(one[key] ?? "") === JSON.stringify(other[key] ?? ""));
  const contentOf = (entry) => Object.fromEntries(KEYS.map((key) => [key, entry[key] ?? NOTHING[key]]));
  /* The entry that holds for a question, of whichever side; null where there is none, or it was taken back. */
  const entryOf = (code) => { const one = of(code); const held = one[one.holds]; return held && held.entry.state !== "cleared" ? held.entry : null; };

  async function fold() {
    queue = (await store.queue()).filter((item) => item.assessment === page.assessment);
    const mine = queue.filter((item) => item.author === page.author);
    state = said.together(server, mine, page.side, page.author_name);
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

  let chain = Promise.resolve(); // one thing after the other, so that each names the one before it
  const inTurn = (act) => { chain = chain.then(act).catch((reason) => console.warn(reason)); return chain; };

  // Hearing from the queue and the server

  document.addEventListener("capofila:queue", () => inTurn(fold));
  document.addEventListener("capofila:sent", (event) => {
    if (event.detail.assessment !== page.assessment) return;
    inTurn(() => { server = said.acknowledged(server, event.detail.questions, event.detail.items); return fold(); });
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

  /* The page may come from the service worker's cupboard, and be older than what this device knows. */
  async function begin() {
    await Promise.all([store.device(), store.fact("offset")]);
    const kept = await store.state(page.assessment);
    if (kept && kept.author === page.author && kept.now > served) { server = kept.questions; served = kept.now; }
    else await store.keepState({ assessment: page.assessment, author: page.author, now: served, questions: server });
    await fold();
  }

  return { of, entryOf, answers, fold, keep, guarded, inTurn, begin, undone, sameContent, contentOf, NOTHING, waiting: () => queue };
})();
