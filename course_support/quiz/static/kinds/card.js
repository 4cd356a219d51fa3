// ---- a flip card -------------------------------------------------------------------------

// What is said of a card: the answer, its button, the verdict. The key is the place, from 1.
const SAID = [
  ["again", "Not yet", "Not yet."],
  ["hard", "Hard", "You knew it, and it was hard."],
  ["knew", "Knew it", "You knew it."],
  ["easy", "Easy", "You knew it at once."],
];

class Card extends Body {
  static noun = "Card";

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
    const answer = ([value, words], n) => {
      const key = h("kbd", { "aria-hidden": "true" }, String(n + 1));
      return button({ class: `aq-${value}`, onclick: () => view.send(value) }, key, words);
    };
    this.own = h("div", { class: "aq-actions" }, SAID.map(answer));
    const face = plainCode(question.code_html);
    const onkeydown = (event) => this.key(event);
    this.element = h("div", { class: "aq-flipcard", onkeydown }, face, this.flip, this.back, this.own);
  }

  /** The keys 1 to 4, once the card is turned. */
  key(event) {
    const said = SAID[Number(event.key) - 1];
    if (!said || this.own.hidden || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    this.view.send(said[0]);
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
    const said = state.outcome && SAID.find(([value]) => value === state.given);
    return said ? [state.outcome === "correct" ? "correct" : "open", said[2]] : ["", ""];
  }
}

KINDS.card = Card;
