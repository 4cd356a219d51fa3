// ---- a number ----------------------------------------------------------------------------

/** A number, typed; where the lesson measures the right one, the guess is only noted here. */
class NumberField extends Body {
  constructor(view) {
    super(view);
    const { question, uid } = view;
    this.input = h("input", {
      class: "aq-number",
      id: `${uid}-number`,
      type: "text",
      inputmode: "decimal",
      autocomplete: "off",
      size: "8",
      ...KEYS_STAY_HERE,
      oninput: () => (view.value = this.input.value.trim()),
      onkeydown: (event) => event.key === "Enter" && view.submit(),
    });
    const words = question.measured ? "Your guess, before the run" : "Your answer";
    const label = h("label", { class: "aq-guide", for: this.input.id }, words);
    const unit = question.unit ? h("span", { class: "aq-unit" }, question.unit) : null;
    const field = h("div", { class: "aq-field" }, this.input, unit);
    this.element = h("div", {}, plainCode(question.code_html), label, field);
  }

  lacking(value) {
    const number = Number.parseFloat(String(value ?? "").replace(",", "."));
    return number > 0 ? "" : "Write a number first, such as 1.5.";
  }

  isSame({ given }, value) {
    return given !== null && String(given) === String(value);
  }

  standing(state) {
    if (!this.question.measured) return undefined;
    return state.measured === null ? "The run below measures it" : "Measured";
  }

  update(state, value) {
    this.input.disabled = state.over;
    sync(this.input, String(value ?? ""));
    if (!this.question.measured) return;
    this.check = this.checking = state.given === null ? "Note my guess" : "Change my guess";
  }

  verdict(state) {
    if (state.measured === null) return this.judgedByKey(state);
    const near = state.outcome === "correct";
    return near ? ["correct", "Near the measured number."] : ["open", "The measured number differs."];
  }

  judgedByKey(state) {
    const answer = state.reveal?.answer;
    return judged(state, "Correct.", answer ? `No attempts left. It is ${answer}.` : this.ended);
  }
}

KINDS.number = NumberField;
