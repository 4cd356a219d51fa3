// ---- match pairs -------------------------------------------------------------------------

class Match extends Placing {
  ended = "No attempts left. The answers stand beside their pairs.";
  words = {
    place: "pair",
    label: "Pair",
    empty: "Choose",
    lacking: "Put an option beside each one first.",
    guide:
      "Drag each option to what it belongs to, or select a place and then an option. " +
      "On the keyboard, 1\u20139 place an option and Delete takes it out.",
  };

  places() {
    const { question } = this;
    this.slots = question.lefts_html.map((_, n) => this.slot(n));
    const pairs = question.lefts_html.map((html, n) => {
      const left = rendered("div", "aq-left-side aq-text", html);
      return h("li", { class: "aq-pair" }, left, this.slots[n]);
    });
    const list = h("ol", { class: "aq-pairs", "aria-label": "Pairs" }, pairs);
    return h("div", {}, plainCode(question.code_html), list);
  }

  draw(key) {
    const { html } = this.question.options.find((option) => option.key === key);
    return rendered("span", "aq-text", html);
  }

  textOf(key) {
    return key ? this.draw(key).textContent.trim() : "";
  }

  drawReason(key) {
    return h("b", { class: "aq-what" }, this.draw(key));
  }
}

KINDS.match = Match;
