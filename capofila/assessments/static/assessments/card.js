/* One question on the page: reads what was chosen in it, and shows what holds. Finds its parts by data- attributes of
   templates/assessments/_question.html. Choosing moves nothing: tags, squares and marks change in place. */
"use strict";

window.capofila = window.capofila || {};

capofila.card = (() => {
  const field = (card, name) => card.querySelectorAll(`[name="${CSS.escape(`${card.id}.${name}`)}"]`);
  const part = (card, name) => card.querySelector(`[data-${name}]`);
  const text = (card, name) => (field(card, name)[0] || { value: "" }).value.replaceAll("\r\n", "\n");
  const checked = (inputs) => [...inputs].filter((input) => input.checked).map((input) => input.value);

  function make(tag, facts = {}, ...inside) {
    const element = document.createElement(tag);
    for (const [name, value] of Object.entries(facts)) element.setAttribute(name, value);
    element.append(...inside.filter((one) => one !== null && one !== ""));
    return element;
  }

  function mark(kind, words) {
    const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
    const use = document.createElementNS("http://www.w3.org/2000/svg", "use");
    svg.setAttribute("class", "sm");
    use.setAttribute("href", `#sync-${kind}`);
    svg.append(use);
    if (words) { svg.setAttribute("role", "img"); svg.setAttribute("aria-label", words); } else svg.setAttribute("aria-hidden", "true");
    return svg;
  }

  function value(card) {
    const type = card.dataset.type;
    const own = field(card, "v");
    const rows = [...card.querySelectorAll("[data-row]")];
    if (type === "level") return Number(checked(field(card, "answer"))[0]);
    if (type === "ticks") return checked(own);
    if (type === "choice") return checked(own)[0];
    if (type === "integer" || type === "decimal") return Number(own[0].value.replace(",", "."));
    if (type === "text" || type === "date") return own[0].value.trim();
    const found = {};
    for (const row of rows) {
      const picked = checked(field(card, `v.${row.dataset.row}`));
      if (type === "matrix") found[row.dataset.row] = picked;
      else if (picked.length) found[row.dataset.row] = type === "scale" ? Number(picked[0]) : picked[0];
    }
    return found;
  }

  const empty = (value) =>
    value === undefined || value === "" || Number.isNaN(value) || (typeof value === "object" && !Array.isArray(value) && !Object.keys(value).length);

  /* What the card says now, as the content of an entry; null while a reason is missing. */
  function said(card) {
    const choice = checked(field(card, "answer"))[0] || "";
    const content = { state: "cleared", value: null, reason: "", note: text(card, "note"), why: text(card, "why") };
    if (choice === "na") {
      const reason = text(card, "reason").trim();
      return reason ? { ...content, state: "not_applicable", reason } : null;
    }
    if (choice === "" || choice === "clear") return { ...content, why: "" };
    const found = value(card);
    return empty(found) ? { ...content, why: "" } : { ...content, state: "answered", value: found };
  }

  /* Puts an entry's content into the controls, but not into a field somebody is typing in. */
  function fill(card, entry) {
    const value = entry && entry.state === "answered" ? entry.value : null;
    const choice = !entry || entry.state === "cleared" ? "" : entry.state === "not_applicable" ? "na" : card.dataset.type === "level" ? String(value) : "value";
    for (const input of field(card, "answer")) input.checked = input.value === choice;
    for (const input of card.querySelectorAll("[data-value]")) {
      const row = input.closest("[data-row]");
      const mine = row && value ? value[row.dataset.row] : value;
      if (input.type === "checkbox" || input.type === "radio") {
        input.checked = mine !== null && mine !== undefined && (Array.isArray(mine) ? mine : [mine]).map(String).includes(input.value);
      } else if (input !== document.activeElement) input.value = mine ?? "";
    }
    for (const name of ["reason", "note", "why"]) {
      const input = field(card, name)[0];
      if (input && input !== document.activeElement) input.value = (entry && entry[name]) || "";
    }
  }

  const level = (held) => (held && held.entry.state === "answered" && Number.isInteger(held.entry.value) ? held.entry.value : null);

  function square(held) {
    if (!held || held.entry.state === "cleared") return "";
    if (held.entry.state === "not_applicable") return make("span", { class: "lv lna" }, "n/a");
    const found = level(held);
    return found ? make("span", { class: `lv l${found}` }, String(found)) : make("span", { class: "lv" }, "✓");
  }

  function when(entry, page) {
    const at = new Date(Date.parse(entry.device_time) + (entry.clock_offset_ms || 0));
    const today = new Date().toDateString() === at.toDateString();
    const facts = today ? { hour: "2-digit", minute: "2-digit" } : { day: "numeric", month: "long", hour: "2-digit", minute: "2-digit" };
    return `${today ? `${page.words.today} ` : ""}${at.toLocaleString(page.language, facts)}`;
  }

  function tags(card, state, page) {
    for (const label of card.querySelectorAll(".level")) {
      const number = Number(label.querySelector("input").value);
      const guest = level(state.company) === number;
      label.classList.toggle("guest", guest && page.side !== "company");
      const found = [];
      if (guest && page.side !== "company") found.push(make("span", { class: "chip guest" }, state.company.entry.author));
      if (level(page.side === "company" ? state.company : state.consultant) === number) {
        found.push(make("span", { class: "chip who" }, (page.side === "company" ? state.company : state.consultant).entry.author));
      }
      if (page.before[card.id] === number) found.push(make("span", { class: "chip before" }, page.before_name));
      label.querySelector(".tags").replaceChildren(...found);
    }
  }

  function column(held, side, page, quoted) {
    const entry = held.entry;
    const words = entry.state === "not_applicable" ? entry.reason : entry.note;
    return make("div", {},
      make("h3", {}, square(held), `${entry.author}, ${page.words[side]}`),
      words ? (quoted ? make("p", {}, make("q", {}, words)) : make("p", {}, words)) : "",
      entry.why ? make("p", {}, `${page.words.because} ${entry.why}`) : "",
      make("p", { class: "small" }, when(entry, page)));
  }

  function pair(card, state, page) {
    const target = part(card, "pair");
    if (!target) return;
    const columns = [];
    if (state.company && page.side !== "company") columns.push(column(state.company, "company", page, true));
    if (columns.length && state.consultant) columns.push(column(state.consultant, "consultant", page, false));
    target.hidden = !columns.length;
    target.replaceChildren(...columns);
    const why = part(card, "why");
    if (why) why.hidden = !state.differs;
  }

  function rivals(card, state, page) {
    const target = part(card, "rivals");
    target.hidden = !state.conflict;
    if (!state.conflict) return target.replaceChildren();
    const held = [state[page.side], state.consultant, state.company].find((one) => one && one.rivals.length);
    const rows = [held.entry, ...held.rivals].map((entry) => make("li", {},
      square({ entry }), make("b", {}, entry.author), make("span", {}, [entry.reason, entry.note].filter(Boolean).join(" · ")),
      make("span", { class: "small" }, when(entry, page)),
      page.side === entry.side && page.may_answer ? make("button", { type: "button", class: "btn second", "data-take": entry.id }, page.words.take) : ""));
    return target.replaceChildren(make("h3", {}, mark("rival"), ` ${page.words.rivals}`), make("ul", {}, ...rows));
  }

  function bytes(size, page) {
    const [number, unit] = size >= 1e6 ? [size / 1e6, "MB"] : [Math.max(1, size / 1e3), "kB"];
    return `${number.toLocaleString(page.language, { maximumFractionDigits: unit === "MB" ? 1 : 0 })}\u00a0${unit}`;
  }

  function files(card, state, page) {
    const kind = (name) => (name.includes(".") ? name.split(".").pop() : "file").toUpperCase().slice(0, 4);
    const known = (state.evidence || []).filter((one) => !one.removed).map((one) => make("div", { class: "file" },
      make("span", { class: "ph" }, kind(one.name)),
      make("a", { class: "name", href: one.url, download: one.name }, one.name),
      make("span", { class: "small" }, bytes(one.bytes, page), mark("server", page.words.server)),
      make("a", { class: "plain", href: `/assessments/evidence/${one.id}/`, "aria-label": page.words.details_of.replace("%(name)s", one.name) }, page.words.details)));
    const sent = new Set((state.evidence || []).map((one) => one.id));
    const waiting = state.waiting.filter((item) => item.kind === "evidence" && !sent.has(item.id)).map((item) => make("div", { class: "file" },
      make("span", { class: "ph" }, kind(item.fields.name)),
      make("span", { class: "name" }, item.fields.name),
      make("span", { class: "small" }, bytes(item.file.size, page), mark(item.stopped ? "stuck" : "device"), item.problem || page.words.device),
      make("button", { type: "button", class: "plain", "data-drop": item.seq, "aria-label": `${page.words.remove} ${item.fields.name}` }, page.words.remove)));
    part(card, "files").replaceChildren(...known, ...waiting);
  }

  function status(state, page) {
    const holds = state.holds || (page.side === "company" && state.company && state.company.entry.state !== "cleared");
    if (state.waiting.some((item) => item.stopped)) return "stuck";
    if (state.waiting.length) return "device";
    if (state.conflict || state.disagreement) return "rival";
    return holds ? "server" : "none";
  }

  function chips(state, page) {
    const held = state[state.holds] || state[page.side];
    const found = [];
    if (held && held.entry.state === "not_applicable") found.push(make("span", { class: "chip" }, held.entry.reason));
    else if (held && held.entry.note) found.push(make("span", { class: "chip" }, page.words.note));
    if (state.holds === "company" && page.side !== "company") found.push(make("span", { class: "chip guest" }, state.company.entry.author));
    if (state.flagged) found.push(make("span", { class: "chip next" }, page.words.flagged));
    return found;
  }

  function show(card, state, page) {
    tags(card, state, page);
    pair(card, state, page);
    rivals(card, state, page);
    files(card, state, page);
    const kind = status(state, page);
    const words = page.words[kind];
    const saved = part(card, "saved");
    saved.querySelector("use").setAttribute("href", `#sync-${kind}`);
    const stuck = state.waiting.find((item) => item.problem);
    saved.querySelector(".words").textContent = stuck ? `${words}: ${stuck.problem}` : words;
    part(card, "chips").replaceChildren(...chips(state, page));
    part(card, "square").replaceChildren(square(state[state.holds] || null));
    card.toggleAttribute("data-todo", !state.holds);
    const flag = part(card, "flag");
    if (flag) flag.setAttribute("aria-pressed", String(Boolean(state.flagged)));
  }

  return { said, fill, show, mark, make, field, part, level, status, bytes };
})();
