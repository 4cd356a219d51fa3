// ---- free recall -------------------------------------------------------------------------

class Recall extends Body {
  constructor(view) {
    super(view);
    const { quiz, question, uid } = view;
    this.area = textArea({
      id: `${uid}-notes`,
      class: "aq-area aq-notes",
      oninput: () => this.typed(),
    });
    this.area.rows = 5;
    const label = h("label", { class: "aq-guide", for: this.area.id }, "Write down what you remember; nobody else reads it");
    const turn = () => quiz.ask({ do: "flip", id: question.id });
    this.flip = button({ class: "aq-flip aq-primary", onclick: turn }, "Compare with the list");
    this.legend = h("legend", { class: "aq-guide" });
    this.list = h("div", { class: "aq-options" });
    const points = { class: "aq-choice aq-points", tabindex: "-1", ...KEYS_STAY_HERE };
    this.points = h("fieldset", points, this.legend, this.list);
    const done = button({ class: "aq-primary", onclick: () => view.send(this.ticked) }, "That is what I had");
    this.own = h("div", { class: "aq-actions" }, done);
    const face = plainCode(question.code_html);
    this.element = h("div", {}, face, label, this.area, this.flip, this.points, this.own);
  }

  /** The words stay in this page's draft; only the ticks are sent. */
  typed() {
    this.keep(this.area.value);
  }

  keep(words) {
    const { model } = this.view.quiz;
    const notes = { ...model.get("draft").notes, [this.question.id]: words };
    this.view.quiz.keep({ notes });
  }

  clear() {
    this.area.value = "";
    this.keep("");
  }

  standing() {
    return count(this.question.points, "point");
  }

  get ticked() {
    return this.view.value ?? [];
  }

  update(state) {
    const turned = state.flipped && !this.flipped;
    const hadFocus = this.flip === document.activeElement;
    this.flipped = state.flipped;
    sync(this.area, this.view.quiz.model.get("draft").notes?.[this.question.id] ?? "");
    this.area.readOnly = state.flipped;
    this.flip.hidden = state.flipped;
    this.points.hidden = !state.flipped;
    this.own.hidden = !state.flipped || state.over;
    say(this.legend, state.over ? "What you had" : "Tick what you had");
    if (turned) this.list.replaceChildren(...this.draw(state.back.points_html));
    this.updatePoints(state);
    if (turned && hadFocus) this.points.focus({ preventScroll: true });
  }

  draw(points) {
    this.rows = points.map((html, n) => {
      const input = h("input", { type: "checkbox", ...KEYS_STAY_HERE, onchange: () => this.tick() });
      const said = h("span", { class: "aq-mark" });
      const label = h("label", {}, input, rendered("span", "aq-text", html), said);
      return { input, mark: said, element: h("div", { class: "aq-option", "data-key": n + 1 }, label) };
    });
    return this.rows.map(({ element }) => element);
  }

  tick() {
    const numbers = this.rows.map(({ input }, n) => (input.checked ? n + 1 : 0));
    this.view.value = numbers.filter(Boolean);
  }

  updatePoints(state) {
    (state.flipped ? this.rows : []).forEach((row, n) => {
      row.input.checked = this.ticked.includes(n + 1);
      row.input.disabled = state.over;
      const outcome = state.over ? (state.places[n] ? "correct" : "incorrect") : "";
      mark(row.mark, outcome, outcome === "correct" ? "Recalled" : "Missing");
      setAll(row.element, { "data-outcome": outcome || false });
    });
  }

  verdict(state) {
    if (!state.outcome) return ["", ""];
    return state.outcome === "correct" ? ["correct", "Recalled."] : ["open", "Not yet."];
  }
}

KINDS.recall = Recall;
