/* Sends the queue: one tab at a time, a fresh token each time, in batches that shrink when one is refused, with pauses
   that grow. What the server acknowledged leaves the queue; what it will never take stops and is shown; the rest waits.
   Entries of another user are left alone. Event "capofila:sent" tells what came back, "capofila:line" how the line is. */
"use strict";

window.capofila = window.capofila || {};

capofila.send = (() => {
  const MOST = 100;                     // entries in a batch; the server takes 200
  const PAUSES = [2, 4, 8, 15, 30, 60]; // seconds
  const PATIENCE = 30000;               // milliseconds until a request counts as lost; a photo has longer
  let most = MOST;
  let failures = 0;
  let timer = null;
  let again = false;
  let running = null;

  class Interrupted extends Error {
    constructor(line) { super(line); this.line = line; }
  }

  async function ask(address, options = {}, patience = PATIENCE) {
    let response;
    try {
      response = await fetch(address, { credentials: "same-origin", cache: "no-store", signal: AbortSignal.timeout(patience), ...options });
    } catch {
      throw new Interrupted("none");
    }
    if (response.status === 401) throw new Interrupted("signed-out");
    if (response.status >= 500 || response.status === 429) throw new Interrupted("busy");
    let answer;
    try { answer = await response.json(); } catch { throw new Interrupted("busy"); }
    return { status: response.status, answer };
  }

  async function session() {
    const before = Date.now();
    const { status, answer } = await ask("/api/session");
    if (status !== 200) throw new Interrupted("signed-out");
    const after = Date.now();
    await capofila.store.keepFact("offset", Math.round(Date.parse(answer.now) - (before + after) / 2));
    return answer;
  }

  const sentence = (answer) => (answer.problems || []).map((problem) => problem.sentence).join(" ");
  const code = (answer) => ((answer.problems || [])[0] || {}).code || "";

  async function stop(item, problem) {
    await capofila.store.amend(item, { stopped: true, problem });
  }

  /* Waits, and is tried again; `problem` is shown beside it. */
  async function postpone(item, problem) {
    await capofila.store.amend(item, { tries: item.tries + 1, problem });
  }

  async function sendEntries(assessment, items, who) {
    const { status, answer } = await ask(`/api/assessments/${assessment}/entries`, {
      method: "POST",
      headers: { "Content-Type": "application/json", "X-CSRFToken": who.csrf },
      body: JSON.stringify({ author: who.user, entries: items.map((item) => item.entry) }),
    });
    if (status === 200) return took(assessment, items, answer);
    if (code(answer) === "api.csrf") throw new Interrupted("busy");
    if ((status === 413 || status === 422 || status === 400) && items.length > 1) {
      most = Math.max(1, Math.floor(items.length / 2));
      return sendAll(assessment, items, who);
    }
    for (const item of items) await (status === 422 || status === 400 || status === 413 ? stop : postpone)(item, sentence(answer));
    return undefined;
  }

  async function took(assessment, items, answer) {
    const gone = [];
    for (const [place, result] of answer.results.entries()) {
      const item = items[place];
      if (result.outcome !== "refused") gone.push(item.seq);
      else await (result.retry ? postpone : stop)(item, result.problem.sentence);
    }
    const kept = await capofila.store.state(assessment);
    const sent = items.filter((item) => gone.includes(item.seq));
    if (kept) await capofila.store.keepState({ ...kept, now: answer.now, questions: capofila.said.acknowledged(kept.questions, answer.questions, sent) });
    document.dispatchEvent(new CustomEvent("capofila:sent", { detail: { assessment, questions: answer.questions, items: sent } }));
    await capofila.store.remove(gone);
  }

  async function sendAll(assessment, items, who) {
    for (let start = 0; start < items.length; ) {
      const batch = items.slice(start, start + most);
      start += batch.length;
      try {
        await sendEntries(assessment, batch, who);
      } catch (reason) {
        // A batch that breaks the server may break it because of one entry: try it in smaller parts, others first.
        if (reason.line === "busy") {
          most = Math.max(1, Math.floor(batch.length / 2));
          for (const item of batch) await capofila.store.amend(item, { tries: item.tries + 1 });
        }
        throw reason;
      }
    }
  }

  async function sendEvidence(item, who) {
    const form = new FormData();
    form.append("author", who.user);
    for (const [name, value] of Object.entries(item.fields)) if (value !== null && value !== "") form.append(name, value);
    form.append("file", item.file, item.fields.name);
    let sent;
    try {
      sent = await ask(`/api/assessments/${item.assessment}/evidence`, { method: "POST", headers: { "X-CSRFToken": who.csrf }, body: form }, 10 * PATIENCE);
    } catch (reason) {
      if (reason.line === "busy") await capofila.store.amend(item, { tries: item.tries + 1 });
      throw reason;
    }
    const { status, answer } = sent;
    if (status === 200 || status === 201) {
      const evidence = answer.evidence || answer;
      document.dispatchEvent(new CustomEvent("capofila:evidence", { detail: { assessment: item.assessment, evidence } }));
      const kept = await capofila.store.state(item.assessment);
      if (kept) {
        const known = kept.questions[item.question] || {};
        const others = (known.evidence || []).filter((one) => one.id !== evidence.id);
        kept.questions[item.question] = { ...known, evidence: [...others, evidence] };
        await capofila.store.keepState(kept);
      }
      await capofila.store.remove([item.seq]);
    } else if (code(answer) === "api.csrf") {
      throw new Interrupted("busy");
    } else {
      const waits = status === 403 || status === 404 || code(answer) === "assessments.closed";
      await (waits ? postpone : stop)(item, sentence(answer));
    }
  }

  async function round() {
    const waiting = (await capofila.store.queue()).filter((item) => !item.stopped);
    if (!waiting.length) return "idle";
    const who = await session();
    const mine = waiting.filter((item) => item.author === who.user).sort((one, other) => one.tries - other.tries || one.seq - other.seq);
    const tried = new Set(mine.filter((item) => item.problem).map((item) => item.seq));
    const assessments = new Map();
    for (const item of mine.filter((one) => one.kind !== "evidence")) {
      assessments.set(item.assessment, [...(assessments.get(item.assessment) || []), item]);
    }
    for (const [assessment, items] of assessments) await sendAll(assessment, items, who);
    for (const item of mine.filter((one) => one.kind === "evidence")) await sendEvidence(item, who);
    most = MOST;
    const left = (await capofila.store.queue()).filter((item) => !item.stopped);
    if (!left.length) return "idle";
    if (left.every((item) => item.author !== who.user)) return "other-author";
    return left.every((item) => tried.has(item.seq) || item.problem || item.author !== who.user) ? "waits" : "more";
  }

  async function run() {
    clearTimeout(timer);
    let line;
    try {
      line = await round();
      failures = line === "waits" ? failures + 1 : 0;
    } catch (reason) {
      line = reason instanceof Interrupted ? reason.line : "device";
      failures += 1;
      if (!(reason instanceof Interrupted)) console.warn(reason);
    }
    document.dispatchEvent(new CustomEvent("capofila:line", { detail: line }));
    if (line === "more" || again) { again = false; timer = setTimeout(start, 50); }
    else if (line !== "idle" && line !== "other-author") {
      const pause = PAUSES[Math.min(failures, PAUSES.length) - 1] * 1000;
      timer = setTimeout(start, pause * (0.8 + 0.4 * Math.random()));
    }
  }

  /* Tabs share one queue; the lock is the browser's, so a closed tab never keeps it. */
  function start() {
    if (running) { again = true; return running; }
    const locked = navigator.locks ? navigator.locks.request("capofila-send", run) : run();
    running = locked.finally(() => { running = null; });
    return running;
  }

  const now = () => { failures = 0; return start(); };
  addEventListener("online", now);
  document.addEventListener("visibilitychange", () => { if (!document.hidden) now(); });

  return { soon: () => { clearTimeout(timer); timer = setTimeout(start, 30); }, now };
})();
