/* The page of what is still on this device: each item with why it is there, to send, to remove, to save to a file and to
   take in from one. */
"use strict";

(() => {
  const list = document.querySelector("[data-device-queue]");
  const { page, store, send, card: cards } = capofila;
  if (!list || !page) return;
  const { words } = page;
  const { make } = cards;
  const told = document.querySelector("[data-told]");
  const KIND = "capofila-queue";

  function line(item) {
    const facts = item.kind === "evidence" ? item.fields : item.entry;
    const what = item.kind === "evidence" ? `${item.fields.name} (${cards.bytes(item.file.size, page)})` : words[`kind_${item.kind}`] || item.kind;
    const at = new Date(facts.device_time).toLocaleString(page.language, { day: "numeric", month: "long", hour: "2-digit", minute: "2-digit" });
    const whose = item.author === page.author ? "" : ` · ${words.somebody_else}`;
    return make("li", { "data-id": item.id },
      cards.mark(item.stopped ? "stuck" : "device", item.stopped ? words.stuck : words.device),
      make("div", {},
        make("b", {}, item.question), ` ${what} · ${at}${whose}`,
        item.problem ? make("p", { class: "small" }, item.problem) : ""),
      make("button", { type: "button", class: "plain", "data-remove": item.seq, "aria-label": `${words.remove} ${item.question}, ${what}` }, words.remove));
  }

  async function show() {
    const queue = await store.queue();
    list.replaceChildren(...queue.map(line));
    document.querySelector("[data-nothing]").hidden = queue.length > 0;
    document.querySelector("[data-something]").hidden = queue.length === 0;
    document.documentElement.setAttribute("data-ready", "");
  }

  const asText = (blob) => new Promise((resolve, reject) => {
    const reader = new FileReader();
    reader.onload = () => resolve(reader.result.slice(reader.result.indexOf(",") + 1));
    reader.onerror = () => reject(reader.error);
    reader.readAsDataURL(blob);
  });

  async function save() {
    const items = [];
    for (const item of await store.queue()) {
      const { seq, tries, problem, stopped, file, ...kept } = item;
      items.push(file ? { ...kept, type: file.type, data: await asText(file) } : kept);
    }
    const blob = new Blob([JSON.stringify({ kind: KIND, format: 1, saved_at: capofila.said.now(), items })], { type: "application/json" });
    const link = make("a", { href: URL.createObjectURL(blob), download: `capofila-${new Date().toISOString().slice(0, 16).replace(":", "")}.json` });
    document.body.append(link);
    link.click();
    link.remove();
    told.textContent = words.saved_to_file.replace("%(count)s", items.length);
  }

  async function take(file) {
    let found;
    try { found = JSON.parse(await file.text()); } catch { found = null; }
    if (!found || found.kind !== KIND || !Array.isArray(found.items)) { told.textContent = words.no_queue_file; return; }
    let added = 0;
    for (const { type, data, ...item } of found.items) {
      const whole = data === undefined ? item : { ...item, file: new Blob([Uint8Array.from(atob(data), (one) => one.charCodeAt(0))], { type }) };
      if (await store.addUnlessKnown(whole)) added += 1;
    }
    told.textContent = words.taken_in.replace("%(count)s", added).replace("%(of)s", found.items.length);
    send.now();
  }

  document.addEventListener("click", async (event) => {
    const button = event.target.closest("[data-remove], [data-send], [data-save]");
    if (!button) return;
    if (button.dataset.remove) await sure(Number(button.dataset.remove));
    else if (button.hasAttribute("data-send")) send.now();
    else await save();
  });

  /* What is removed here is gone: it is asked once, and Esc is the safe answer. */
  async function sure(seq) {
    const dialog = document.querySelector("[data-sure]");
    dialog.returnValue = "";
    dialog.showModal();
    await new Promise((resolve) => dialog.addEventListener("close", resolve, { once: true }));
    if (dialog.returnValue === "remove") await store.remove([seq]);
  }

  document.querySelector("[data-take-in]").addEventListener("change", async (event) => {
    for (const file of event.target.files) await take(file);
    event.target.value = "";
  });
  document.addEventListener("capofila:queue", show);
  show().then(() => send.now());
})();
