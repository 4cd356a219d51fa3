// ---- predict the output ------------------------------------------------------------------

class Predict extends Body {
  ended = "No attempts left. The output stands below.";

  constructor(view) {
    super(view);
    const { question, uid } = view;
    this.area = textArea({
      id: `${uid}-output`,
      "aria-describedby": `${uid}-keys`,
      oninput: () => this.typed(),
      onkeydown: (event) => submitKey(event, view),
    });
    const label = h("label", { class: "aq-guide", for: this.area.id }, "What does it print, line by line?");
    this.keys = h("span", { class: "aq-unseen", id: `${uid}-keys` });
    this.keys.append("Control with Enter checks the answer.");
    this.gutter = h("div", { class: "aq-gutter" });
    this.field = h("div", { class: "aq-editor aq-output" }, this.gutter, this.area);
    this.heading = h("p", { class: "aq-guide" }, "It prints");
    this.right = h("pre", { class: "aq-printed" });
    const parts = [plainCode(question.code_html), label, this.field, this.keys, this.heading];
    this.element = h("div", {}, parts, this.right);
  }

  typed() {
    this.view.value = this.area.value;
    this.number();
  }

  lacking(value) {
    return String(value ?? "").trim() ? "" : "Write what it prints first.";
  }

  isSame({ outcome, given }, value) {
    return outcome !== "" && tidy(given) === tidy(value);
  }

  update(state, value) {
    this.state = state;
    sync(this.area, value ?? "");
    this.area.readOnly = state.over;
    this.number();
    const told = state.over && state.outcome !== "correct";
    this.heading.hidden = this.right.hidden = !told;
    say(this.right, told ? state.reveal.answer : "");
  }

  /** A number beside each line; once judged, whether the line is right. */
  number() {
    const lines = this.area.value.split("\n");
    const { places = [], given } = this.state ?? {};
    const judged = places.length > 0 && tidy(given) === tidy(this.area.value);
    const before = /^\n*/.exec(this.area.value)[0].length;
    const outcomes = lines.map((_, n) => {
      const right = judged ? places[n - before] : undefined;
      return right === undefined ? "" : right ? "correct" : "incorrect";
    });
    this.area.rows = Math.max(lines.length, 3);
    gutter(this.gutter, outcomes);
  }
}

KINDS.predict = Predict;

function tidy(text) {
  const lines = String(text ?? "").replace(/^\n+/, "").trimEnd().split("\n");
  return lines.map((line) => line.trimEnd()).join("\n");
}

/** Control (or Command) with Enter checks: Enter itself belongs to the text. */
function submitKey(event, view) {
  if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey)) return;
  event.preventDefault();
  event.stopPropagation();
  view.submit();
}

function gutter(node, outcomes) {
  const key = JSON.stringify(outcomes);
  if (node.aqKey === key) return;
  node.aqKey = key;
  node.replaceChildren(...outcomes.map(gutterLine));
}

function gutterLine(outcome, n) {
  const words = { correct: `line ${n + 1} is right`, incorrect: `line ${n + 1} differs` }[outcome];
  const line = h("span", { "data-outcome": outcome || false });
  if (outcome) line.append(sign(outcome), h("span", { class: "aq-unseen" }, words));
  else line.append(String(n + 1));
  return line;
}
