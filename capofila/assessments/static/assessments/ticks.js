/* The strip of an area as lib/charts/strips.py draws it: level colour, hollow half for not applicable, low line for to do. */
"use strict";

window.capofila = window.capofila || {};

capofila.ticks = (holder, levels, current) => {
  const svg = holder.querySelector("svg");
  if (!svg) return;
  const [, , width, height] = svg.getAttribute("viewBox").split(" ").map(Number);
  const step = (width + 2) / Math.max(levels.length, 1);
  const rect = (facts) => {
    const drawn = document.createElementNS("http://www.w3.org/2000/svg", "rect");
    for (const [name, value] of Object.entries(facts)) drawn.setAttribute(name, value);
    return drawn;
  };
  const found = levels.map((level, place) => {
    const x = place * step;
    const wide = step - 2;
    if (place === current) return rect({ x, y: 0, width: wide, height, class: "f-next" });
    if (level === null) return rect({ x, y: height - 3, width: wide, height: 3, class: "f-rule-strong" });
    if (level === "na") return rect({ x: x + 0.5, y: height / 2 + 0.5, width: wide - 1, height: height / 2 - 1, fill: "none", class: "s-rule-strong" });
    return level === 1
      ? rect({ x: x + 0.5, y: 0.5, width: wide - 1, height: height - 1, class: "f-m1 s-rule-strong" })
      : rect({ x, y: 0, width: wide, height, class: `f-m${level}` });
  });
  svg.replaceChildren(...[...svg.querySelectorAll("title, desc")], ...found);
};
