/* A change of the roadmap answers with the part of the page it touches, which takes the place of the old one; while the
   proven plan is worked out, the page looks again. Arrow keys on a bar pin it a quarter earlier or later. Without this
   file the same forms and links lead to whole pages. */
"use strict";

(() => {
  const SECONDS_BETWEEN_LOOKS = 2;
  const page = document.querySelector("[data-roadmap]");
  if (!page) return;
  let looking = 0;
  let asked = 0;

  const here = () => `${page.dataset.roadmap}${location.search}`;

  /* The newest question wins: an answer to an older one is dropped. */
  async function show(address, options = {}, focus = document.activeElement?.id, isLook = false) {
    const mine = isLook ? asked : ++asked;
    const road = page.querySelector(".road");
    if (!isLook) road?.setAttribute("data-waiting", "");
    let answer;
    try {
      answer = await fetch(address, { ...options, headers: { "X-Part": "1" } });
    } catch {
      road?.removeAttribute("data-waiting");
      again();
      return;
    }
    if (mine !== asked) return;
    if (!(answer.ok || answer.status === 422) || !(answer.headers.get("Content-Type") ?? "").startsWith("text/html")) {
      location.reload();
      return;
    }
    const open = [...page.querySelectorAll("details[open]")].map((one) => one.parentElement.id);
    page.innerHTML = await answer.text();
    for (const id of open) document.getElementById(id)?.querySelector("details")?.setAttribute("open", "");
    const problems = document.getElementById("problems");
    (problems ?? document.getElementById(focus))?.focus();
    document.dispatchEvent(new Event("capofila:roadmap"));
    again();
  }

  function again() {
    clearTimeout(looking);
    if (!page.querySelector("[data-being-proven]")) return;
    looking = setTimeout(() => {
      const typing = document.activeElement?.closest?.("input, textarea, select");
      if (typing || document.hidden) again();
      else show(here(), {}, document.activeElement?.id, true);
    }, SECONDS_BETWEEN_LOOKS * 1000);
  }

  /* Changes wait for each other, so that each begins from the version that the one before made. */
  let last = Promise.resolve();

  function send(sent, focus) {
    last = last.then(() => {
      const body = typeof sent === "function" ? sent() : sent;
      if (!body) return null;
      const seen = page.querySelector("[name=seen]");
      if (seen) body.set("seen", seen.value);
      return show(`${page.dataset.roadmap}change/${location.search}`, { method: "POST", body }, focus);
    });
  }

  page.addEventListener("submit", (event) => {
    if (!event.target.matches("[data-change]")) return;
    event.preventDefault();
    const sent = new FormData(event.target);
    if (event.submitter?.name) sent.set(event.submitter.name, event.submitter.value);
    send(sent, event.submitter?.id);
  });

  page.addEventListener("change", (event) => {
    const form = event.target.closest("[data-choose]");
    if (!form) return;
    const query = new URLSearchParams(location.search);
    query.set("settle", event.target.value);
    history.replaceState(null, "", `?${query}`);
    show(here());
  });

  page.addEventListener("click", (event) => {
    if (event.ctrlKey || event.metaKey || event.shiftKey || event.button) return;
    const link = event.target.closest("[data-swap], [data-bar]");
    if (!link) return;
    event.preventDefault();
    const query = new URLSearchParams(location.search);
    const wanted = new URL(link.href).searchParams;
    if (link.matches("[data-swap]")) query.delete("show");
    for (const [name, value] of wanted) query.set(name, value);
    history.replaceState(null, "", `?${query}`);
    show(here(), {}, link.matches("[data-bar]") ? "settle-quarter" : link.id);
  });

  /* Where a bar goes is known when its turn has come: it may have moved meanwhile. */
  function moved(id, step) {
    const bar = document.getElementById(id);
    const quarter = Number(bar?.dataset.quarter) + step;
    if (!(quarter >= 1 && quarter <= 12)) return null;
    const sent = new FormData();
    sent.set("csrfmiddlewaretoken", page.querySelector("[name=csrfmiddlewaretoken]").value);
    sent.set("do", "pin");
    sent.set("action", bar.dataset.bar);
    sent.set("quarter", quarter);
    return sent;
  }

  page.addEventListener("keydown", (event) => {
    const bar = event.target.closest?.("[data-bar]");
    const step = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
    if (!bar || event.ctrlKey || event.metaKey || event.altKey) return;
    const bars = [...page.querySelectorAll("[data-bar]")];
    const next = { ArrowUp: -1, ArrowDown: 1 }[event.key];
    if (next) {
      event.preventDefault();
      bars[bars.indexOf(bar) + next]?.focus();
    } else if (step) {
      event.preventDefault();
      send(() => moved(bar.id, step), bar.id);
    }
  });

  document.documentElement.setAttribute("data-ready", "");
  again();
})();
