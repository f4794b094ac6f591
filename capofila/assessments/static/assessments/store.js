/* What is kept on this device, in IndexedDB: the queue of what was said and not yet sent (no expiry, files too), the
   last state the server told, the name of the device. Nothing leaves the queue but what the server has, or what a
   person removes. */
"use strict";

window.capofila = window.capofila || {};

capofila.store = (() => {
  const facts = new Map();
  let opening = null;

  function open() {
    opening ||= new Promise((resolve, reject) => {
      const request = indexedDB.open("capofila", 1);
      request.onupgradeneeded = () => {
        const queue = request.result.createObjectStore("queue", { keyPath: "seq", autoIncrement: true });
        queue.createIndex("id", "id", { unique: true });
        request.result.createObjectStore("states", { keyPath: "assessment" });
        request.result.createObjectStore("facts");
      };
      request.onsuccess = () => {
        request.result.onversionchange = () => { request.result.close(); opening = null; };
        resolve(request.result);
      };
      request.onerror = () => { opening = null; reject(request.error); };
    });
    return opening;
  }

  /* Resolves once the transaction is on the disk: only then is anything "on this device". */
  async function within(store, mode, act) {
    const base = await open();
    return new Promise((resolve, reject) => {
      const transaction = base.transaction(store, mode, mode === "readwrite" ? { durability: "strict" } : {});
      const request = act(transaction.objectStore(store));
      transaction.oncomplete = () => resolve(request ? request.result : undefined);
      transaction.onabort = transaction.onerror = () => reject(transaction.error || request.error);
    });
  }

  const channel = "BroadcastChannel" in window ? new BroadcastChannel("capofila") : null;
  function changed() {
    document.dispatchEvent(new CustomEvent("capofila:queue"));
    if (channel) channel.postMessage("queue");
  }
  if (channel) channel.onmessage = () => document.dispatchEvent(new CustomEvent("capofila:queue"));

  return {
    queue: () => within("queue", "readonly", (store) => store.getAll()),
    async add(item) {
      item.seq = await within("queue", "readwrite", (store) => store.add({ ...item, tries: 0, problem: null, stopped: false }));
      changed();
      return item;
    },
    /* An item that is there already, under its id, stays as it is: a file may be read twice. */
    async addUnlessKnown(item) {
      const known = await within("queue", "readonly", (store) => store.index("id").getKey(item.id));
      if (known !== undefined) return false;
      await this.add(item);
      return true;
    },
    /* Only while it is still there: what a person removed meanwhile does not come back. */
    async amend(item, changes) {
      await within("queue", "readwrite", (store) => {
        const found = store.get(item.seq);
        found.onsuccess = () => { if (found.result) store.put({ ...found.result, ...changes }); };
      });
      changed();
    },
    async remove(seqs) {
      if (!seqs.length) return;
      await within("queue", "readwrite", (store) => { seqs.forEach((seq) => store.delete(seq)); });
      changed();
    },
    state: (assessment) => within("states", "readonly", (store) => store.get(assessment)),
    keepState: (state) => within("states", "readwrite", (store) => store.put(state)),
    /* Read once, then at hand: what is said as a page closes must not wait for the disk before it is written. */
    async fact(name) {
      if (!facts.has(name)) facts.set(name, await within("facts", "readonly", (store) => store.get(name)));
      return facts.get(name);
    },
    keepFact(name, value) {
      facts.set(name, value);
      return within("facts", "readwrite", (store) => store.put(value, name));
    },
    async device() {
      let name = await this.fact("device");
      if (!name) {
        const kind = matchMedia("(pointer: coarse)").matches ? (Math.min(screen.width, screen.height) < 600 ? "phone" : "tablet") : "computer";
        name = `${kind}-${crypto.randomUUID().slice(0, 4)}`;
        await this.keepFact("device", name);
      }
      return name;
    },
  };
})();
