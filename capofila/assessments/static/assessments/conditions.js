/* Which questions an interview shows, as capofila/assessments/rules/interview.py says. A journey compares the two on
   generated cases. `questions`: in order, with code, type and shown_when; `answers`: code -> {applicable, value}. */
"use strict";

window.capofila = window.capofila || {};

capofila.visible = (questions, answers) => {
  const types = new Map(questions.map((question) => [question.code, question.type]));
  const shown = new Set();
  const holds = (condition) =>
    condition.join === "all" ? condition.tests.every(isTrue) : condition.tests.some(isTrue);
  const isTrue = (test) => {
    if (test.tests) return holds(test);
    const answer = answers[test.question];
    if (!shown.has(test.question) || !answer || !answer.applicable) return false;
    return compares(test, answer.value, types.get(test.question));
  };
  for (const question of questions) {
    if (!question.shown_when || holds(question.shown_when)) shown.add(question.code);
  }
  return shown;

  function compares(test, value, type) {
    if (test.operator === "includes") return Array.isArray(value) && value.includes(test.operand);
    if (typeof value !== "number" && type !== "decimal") {
      return test.operator === "is" && typeof value === "string" && value === test.operand;
    }
    const [left, right] = scaled(String(value), test.operand);
    return { is: left === right, at_least: left >= right, at_most: left <= right }[test.operator];
  }

  /* Two decimals as whole numbers of the same unit, so that 0.1 is exactly 0.1. */
  function scaled(...texts) {
    const parts = texts.map((text) => {
      const [, sign, whole, fraction = "", exponent = "0"] = /^([+-]?)(\d*)\.?(\d*)(?:[eE]([+-]?\d+))?$/.exec(text);
      return { digits: BigInt(`${sign === "-" ? "-" : ""}${whole + fraction || 0}`), places: fraction.length - Number(exponent) };
    });
    const places = Math.max(...parts.map((part) => part.places));
    return parts.map((part) => part.digits * 10n ** BigInt(places - part.places));
  }
};
