/* The map's points are one stop of the keyboard: arrow keys walk to the nearest point in that direction. The point that
   has the focus, or lies under the mouse, is told above the map. */
"use strict";

(() => {
  const WAYS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };

  function middle(dot) {
    const box = dot.getBoundingClientRect();
    return [box.left + box.width / 2, box.top + box.height / 2];
  }

  /* The nearest point that lies more ahead than aside. */
  function ahead(from, dots, [dx, dy]) {
    const [x, y] = middle(from);
    let best = null;
    let least = Infinity;
    for (const dot of dots) {
      const [ox, oy] = middle(dot);
      const along = (ox - x) * dx + (oy - y) * dy;
      const aside = Math.abs((ox - x) * dy) + Math.abs((oy - y) * dx);
      const far = along + 2 * aside;
      if (dot !== from && along > 0.5 && far < least) { best = dot; least = far; }
    }
    return best;
  }

  function tell(dot) {
    const told = dot?.closest("[data-map]")?.querySelector("[data-told-here]");
    if (told) told.textContent = dot.dataset.told;
  }

  function begin() {
    for (const chart of document.querySelectorAll("[data-map] .chart")) {
      const dots = [...chart.querySelectorAll(".dot")];
      for (const [place, dot] of dots.entries()) dot.setAttribute("tabindex", place === dots.length - 1 ? "0" : "-1");
    }
  }

  document.addEventListener("focusin", (event) => tell(event.target.closest?.(".dot")));
  document.addEventListener("mouseover", (event) => tell(event.target.closest?.(".dot")));
  document.addEventListener("keydown", (event) => {
    const dot = event.target.closest?.(".dot");
    if (!dot || !WAYS[event.key]) return;
    event.preventDefault();
    const dots = [...dot.closest(".chart").querySelectorAll(".dot")];
    const next = ahead(dot, dots, WAYS[event.key]);
    if (!next) return;
    dot.setAttribute("tabindex", "-1");
    next.setAttribute("tabindex", "0");
    next.focus();
  });
  document.addEventListener("capofila:roadmap", begin);
  begin();
})();
