// ---- find the line -----------------------------------------------------------------------

class Line extends Body {
  explains = true;
  ended = "No attempts left. The line is marked above.";

  constructor(view) {
    super(view);
    this.rows = view.question.lines.map((html, n) => this.row(html, n + 1));
    const legend = h("legend", { class: "aq-guide" }, "Point at the line: click it, or use the arrow keys");
    const inner = h("div", { class: "aq-lines" }, this.rows.map(({ element }) => element));
    this.scroll = h("div", { class: "aq-lines-box" }, inner);
    this.element = h("fieldset", { class: "aq-choice" }, legend, this.scroll);
  }

  row(html, number) {
    const { view } = this;
    const code = rendered("code", "aq-line", html || " ");
    const told = h("span", { class: "aq-number-of-line" }, String(number));
    const said = h("span", { class: "aq-mark" });
    const why = h("div", { class: "aq-why aq-text", id: `${view.uid}-line-${number}` });
    const input = h("input", {
      type: "radio",
      name: view.uid,
      class: "aq-unseen",
      value: number,
      "aria-describedby": why.id,
      ...KEYS_STAY_HERE,
      onchange: () => (view.value = number),
    });
    const blank = code.textContent.trim() === "";
    const parts = blank ? [told, code] : [input, told, code, said];
    const label = h(blank ? "div" : "label", { class: "aq-line-label" }, parts);
    const element = h("div", { class: "aq-line-row", "data-line": number }, label, why);
    return { number, input, mark: said, why, element };
  }

  lacking(value) {
    return value ? "" : "Point at a line first.";
  }

  update(state, value) {
    for (const row of this.rows) {
      row.input.checked = row.number === value;
      row.input.disabled = state.over;
      const outcome = this.outcomeOf(row.number, state);
      const given = row.number === state.given;
      const right = given ? "Right, your answer" : "The line";
      mark(row.mark, outcome, outcome === "correct" ? right : "Not this one");
      setAll(row.element, { "data-outcome": outcome || false });
      fill(row.why, state.reveal?.why_html[row.number] ?? "");
    }
  }

  outcomeOf(number, state) {
    if (state.reveal?.answer.includes(number)) return "correct";
    return number === state.given && state.outcome === "incorrect" ? "incorrect" : "";
  }
}

KINDS.line = Line;
