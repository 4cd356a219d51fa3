// ---- choose one, choose all that apply ---------------------------------------------------

class Choice extends Body {
  input = "radio";
  legend = "Choose one";
  explains = true;
  ended = "No attempts left. The right option is marked above.";

  get element() {
    return (this.built ??= this.build());
  }

  build() {
    const { question, view } = this;
    this.rows = question.options.map((option, n) => this.row(option, `${view.uid}-${n}`));
    const legend = h("legend", { class: "aq-guide" }, this.legend);
    const options = h("div", { class: "aq-options" }, this.rows.map(({ element }) => element));
    const group = h("fieldset", { class: "aq-choice" }, legend, options);
    return h("div", {}, plainCode(question.code_html), group);
  }

  row(option, id) {
    const input = h("input", {
      type: this.input,
      name: this.view.uid,
      value: option.key,
      "aria-describedby": `${id}-why`,
      ...KEYS_STAY_HERE,
      onchange: () => this.choose(option.key, input.checked),
    });
    const said = h("span", { class: "aq-mark" });
    const why = h("div", { class: "aq-why aq-text", id: `${id}-why` });
    const text = rendered("span", "aq-text", option.html);
    const label = h("label", {}, input, text, said);
    const element = h("div", { class: "aq-option", "data-key": option.key }, label, why);
    return { key: option.key, input, mark: said, why, element };
  }

  choose(key) {
    this.view.value = key;
  }

  isChosen(key, value) {
    return key === value;
  }

  isRight(key, state) {
    if (state.reveal) return state.reveal.answer === key;
    return state.given === key ? state.outcome === "correct" : null;
  }

  lacking(value) {
    return value ? "" : "Choose one of the options first.";
  }

  update(state, value) {
    for (const row of this.rows) {
      row.input.checked = this.isChosen(row.key, value);
      row.input.disabled = state.over;
      const right = this.isRight(row.key, state);
      this.showOutcome(row, right, this.isChosen(row.key, state.given));
      fill(row.why, state.reveal?.why_html[row.key] ?? "");
    }
  }

  /** right: true, false, or null where nothing is known of an option. */
  showOutcome(row, right, given) {
    const outcome = right ? "correct" : right === false && given ? "incorrect" : "";
    const words = { correct: given ? "Right, your answer" : "Right answer", incorrect: "Not this one" };
    mark(row.mark, outcome, words[outcome]);
    setAll(row.element, { "data-outcome": outcome || false });
  }
}

KINDS.choice = Choice;

class Choices extends Choice {
  input = "checkbox";
  legend = "Choose all that apply";
  ended = "No attempts left. The right options are marked above.";

  choose(key, chosen) {
    const before = this.view.value ?? [];
    const keys = this.question.options.map((option) => option.key);
    this.view.value = keys.filter((one) => (one === key ? chosen : before.includes(one)));
  }

  isChosen(key, value) {
    return (value ?? []).includes(key);
  }

  isRight(key, state) {
    if (state.reveal) return state.reveal.answer.includes(key);
    const at = (state.given ?? []).indexOf(key);
    return at < 0 ? null : (state.places[at] ?? null);
  }

  lacking(value) {
    return value?.length ? "" : "Choose an option first.";
  }
}

KINDS.choices = Choices;
