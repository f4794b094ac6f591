/* What one person says, as an entry of docs/rules/answers.md, and what holds once it is said: the last state from the
   server with the entries of the queue put on top. */
"use strict";

window.capofila = window.capofila || {};

capofila.said = (() => {
  const FORMAT = 1;
  const NOBODY = { holds: null, consultant: null, company: null, private: [], flags: [], flagged: false, evidence: [] };

  function now() {
    const at = new Date();
    const minutes = -at.getTimezoneOffset();
    const two = (number) => String(Math.floor(Math.abs(number))).padStart(2, "0");
    const local = new Date(at.getTime() + minutes * 60000).toISOString().slice(0, 23);
    return `${local}${minutes < 0 ? "-" : "+"}${two(minutes / 60)}:${two(minutes % 60)}`;
  }

  /* The ids that hold on one side, for one kind: what the next entry replaces. */
  function holding(state, side, kind) {
    if (kind === "flag") return state.flags.map((entry) => entry.id);
    if (kind === "private-note") return state.private.map((entry) => entry.id);
    const held = state[side];
    return held ? [held.entry, ...held.rivals].map((entry) => entry.id) : [];
  }

  async function entry(kind, question, content, replaces) {
    const offset = await capofila.store.fact("offset");
    return {
      format: FORMAT, kind, id: crypto.randomUUID(), question, ...content, replaces,
      device: await capofila.store.device(), device_time: now(), clock_offset_ms: offset ?? null,
    };
  }

  function says(state, kind, entry, side, author) {
    const kept = (list) => list.filter((one) => one.id !== entry.id && !entry.replaces.includes(one.id));
    const shown = { ...entry, author, side, received_at: null };
    if (kind === "flag") {
      state.flags = [shown, ...kept(state.flags)];
      state.flagged = state.flags.some((flag) => flag.flagged);
    } else if (kind === "private-note") {
      state.private = [shown, ...kept(state.private)];
    } else {
      const held = state[side];
      state[side] = { entry: shown, rivals: held ? kept([held.entry, ...held.rivals]) : [] };
    }
  }

  const same = (one, other) =>
    ["state", "value", "reason", "note", "why"].every((key) => JSON.stringify(one[key] ?? "") === JSON.stringify(other[key] ?? ""));
  const answers = (held) => Boolean(held) && held.entry.state !== "cleared";

  /* Fills in what follows from the sides, as fold.py does on the server. */
  function settle(state) {
    const { consultant, company } = state;
    state.holds = answers(consultant) ? "consultant" : answers(company) ? "company" : null;
    state.conflict = [consultant, company].some((held) => held && held.rivals.some((rival) => !same(rival, held.entry)));
    state.differs = answers(consultant) && answers(company) &&
      (consultant.entry.state !== company.entry.state || JSON.stringify(consultant.entry.value) !== JSON.stringify(company.entry.value));
    state.disagreement = state.differs && !consultant.entry.why;
    return state;
  }

  /* code -> what holds, with `waiting` (items of the queue) where something is still on the device. */
  function together(server, items, side, author) {
    const all = {};
    for (const [code, state] of Object.entries(server)) all[code] = { ...structuredClone({ ...NOBODY, ...state }), waiting: [] };
    for (const item of items) {
      const code = item.question;
      all[code] ||= { ...structuredClone(NOBODY), waiting: [] };
      all[code].waiting.push(item);
      if (item.kind !== "evidence" && !item.stopped) says(all[code], item.kind, item.entry, side, author);
    }
    Object.values(all).forEach(settle);
    return all;
  }

  /* The server's state after a batch: it tells the answers; flags and private notes are as they were sent. */
  function acknowledged(server, answers, items) {
    const all = { ...server };
    for (const [code, told] of Object.entries(answers)) all[code] = { ...NOBODY, ...all[code], ...told };
    for (const { kind, question, entry, side, author_name } of items) {
      if (kind === "answer") continue;
      all[question] = structuredClone({ ...NOBODY, ...all[question] });
      says(all[question], kind, entry, side, author_name);
    }
    return all;
  }

  return { acknowledged, entry, holding, together, now, nobody: () => ({ ...structuredClone(NOBODY), waiting: [], conflict: false, differs: false, disagreement: false }) };
})();
