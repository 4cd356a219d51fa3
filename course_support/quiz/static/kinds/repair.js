// ---- repair the code ---------------------------------------------------------------------

class Repair extends Body {
  check = "Run and check";
  checking = "Running \u2026";
  ended = "No attempts left. One way to repair it stands below.";

  constructor(view) {
    super(view);
    const { question, uid } = view;
    const attributes = {
      id: `${uid}-code`,
      "aria-describedby": `${uid}-keys`,
      oninput: () => this.typed(),
      onkeydown: (event) => submitKey(event, view),
    };
    this.area = textArea(attributes, indented);
    this.area.setAttribute("wrap", "off");
    const label = h("label", { class: "aq-guide", for: this.area.id }, "Change the code until it does what it should");
    const guide = h("p", { class: "aq-guide aq-below", id: `${uid}-keys` });
    guide.append("Enter keeps the indentation, Ctrl+Enter runs, Tab leaves the editor.");
    this.guide = guide;
    this.gutter = h("div", { class: "aq-gutter" });
    this.field = h("div", { class: "aq-editor" }, this.gutter, this.area);
    this.heading = h("p", { class: "aq-guide" }, "One way to repair it");
    this.right = h("pre", { class: "aq-code" });
    this.element = h("div", {}, label, this.field, guide, this.heading, this.right);
  }

  typed() {
    this.view.value = this.area.value;
    this.number();
  }

  lacking(value) {
    return value && tidy(value) !== tidy(this.question.start) ? "" : "Change the code first.";
  }

  isSame({ outcome, given }, value) {
    return outcome !== "" && tidy(given) === tidy(value);
  }

  clear() {
    this.area.value = this.question.start;
  }

  update(state, value) {
    sync(this.area, value ?? this.question.start);
    this.area.readOnly = state.over;
    this.guide.hidden = state.over;
    this.number();
    const told = state.over && state.outcome !== "correct";
    this.heading.hidden = this.right.hidden = !told;
    if (told) fill(this.right, `<code>${state.reveal.answer}</code>`);
  }

  number() {
    const lines = this.area.value.split("\n");
    this.area.rows = Math.max(lines.length, 4);
    gutter(this.gutter, lines.map(() => ""));
  }
}

KINDS.repair = Repair;

/** The next line begins below the first letter of this one, a step further in after a colon. */
function indented(before) {
  const line = before.split("\n").pop();
  const step = line.trimEnd().endsWith(":") ? "    " : "";
  return `\n${/^ */.exec(line)[0]}${step}`;
}
