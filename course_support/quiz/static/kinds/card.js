// ---- a flip card -------------------------------------------------------------------------

class Card extends Body {
  anew = "Turn back";

  constructor(view) {
    super(view);
    const { quiz, question } = view;
    this.flip = button({
      class: "aq-flip aq-primary",
      onclick: () => quiz.ask({ do: "flip", id: question.id }),
    });
    this.flip.append("Show the answer");
    this.back = h("div", { class: "aq-back aq-text", tabindex: "-1", ...KEYS_STAY_HERE });
    const answer = (value, words) =>
      button({ class: `aq-${value}`, onclick: () => view.send(value) }, words);
    this.own = h("div", { class: "aq-actions" }, answer("again", "Not yet"), answer("knew", "Knew it"));
    const face = plainCode(question.code_html);
    this.element = h("div", { class: "aq-flipcard" }, face, this.flip, this.back, this.own);
  }

  standing() {
    return "";
  }

  update(state) {
    const turned = state.flipped && !this.flipped;
    const hadFocus = this.flip === document.activeElement;
    this.flipped = state.flipped;
    fill(this.back, state.back?.back_html ?? "");
    this.flip.hidden = state.flipped;
    this.back.hidden = !state.flipped;
    this.own.hidden = !state.flipped || state.over;
    if (turned && hadFocus) this.back.focus({ preventScroll: true });
  }

  verdict(state) {
    if (!state.outcome) return ["", ""];
    return state.outcome === "correct" ? ["correct", "You knew it."] : ["open", "Not yet."];
  }
}

KINDS.card = Card;
