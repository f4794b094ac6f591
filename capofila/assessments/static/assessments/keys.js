/* Single keys of the interview (LOOK.md, "Keyboard"). Nothing fires while typing, in a menu, or with Ctrl, Alt or Meta;
   they can be switched off in the list that `?` opens. */
"use strict";

(() => {
  const interview = capofila.interview;
  const list = document.querySelector("[data-keys]");
  if (!interview || !list) return;
  const off = list.querySelector("[data-keys-off]");
  const KEEP = "capofila.keys-off";
  try { off.checked = localStorage.getItem(KEEP) === "1"; } catch { /* a private window forgets it */ }
  off.addEventListener("change", () => { try { localStorage.setItem(KEEP, off.checked ? "1" : "0"); } catch { /* the same */ } });

  const LETTERS = { n: "na", a: "note", r: "private", p: "evidence", s: "flag", j: "todo", d: "disputed", u: "undo" };
  const types = (target) => target.isContentEditable || target.matches("textarea, select, input:not([type=radio], [type=checkbox])");

  document.addEventListener("keydown", (event) => {
    const target = event.target;
    if (event.key === "Escape" && types(target)) { target.blur(); const card = target.closest("details.question"); if (card) card.querySelector("summary").focus({ preventScroll: true }); return; }
    if (event.ctrlKey || event.altKey || event.metaKey || event.isComposing || event.repeat || types(target)) return;
    if (document.querySelector("dialog[open]")) return;
    if (event.key === "?") { event.preventDefault(); list.showModal(); return; }
    if (off.checked) return;
    const does = interview.does;
    const card = document.querySelector("details.question[data-current]");
    if (event.key === "Enter") {
      if (target.matches("a, button, summary") && !target.matches("details.question[data-current] > summary")) return;
      event.preventDefault();
      (event.shiftKey ? does.back : does.next)();
    } else if (/^[1-5]$/.test(event.key)) { event.preventDefault(); does.level(card, Number(event.key)); }
    else if (event.key === "/") { event.preventDefault(); does.search(); }
    else if (LETTERS[event.key.toLowerCase()] && !event.shiftKey) { event.preventDefault(); does[LETTERS[event.key.toLowerCase()]](card); }
  });

  for (const button of document.querySelectorAll("[data-show-keys]")) button.addEventListener("click", () => list.showModal());
})();
