// ---- options put into places: the blanks of code, the right sides of pairs ------------------

class Placing extends Body {
  explains = true;
  active = null;

  get element() {
    return (this.built ??= this.build());
  }

  build() {
    this.chips = this.question.options.map((option, n) => this.chip(option, n));
    this.chips.forEach((chip, n) => (chip.tabIndex = n === 0 ? 0 : -1));
    this.tray = h("div", { class: "aq-tray", role: "group", "aria-label": "Options" }, this.chips);
    this.spoken = h("div", { class: "aq-unseen", role: "status" });
    this.guide = h("p", { class: "aq-guide", id: `${this.view.uid}-guide` }, this.words.guide);
    this.reasons = h("ul", { class: "aq-reasons", "aria-label": "Options explained" });
    const parts = [this.guide, this.places(), this.tray, this.reasons, this.spoken];
    return h("div", {}, parts);
  }

  slot(n) {
    const slot = button({
      class: "aq-slot",
      "data-blank": n,
      "aria-describedby": `${this.view.uid}-guide`,
      onclick: (event) => this.selectSlot(n, event),
      onkeydown: (event) => this.slotKey(n, event),
      onfocus: () => this.activate(n),
    });
    draggable(slot, {
      text: () => (this.view.state.over ? "" : this.textOf(this.filled[n])),
      over: (target) => this.aim(target),
      drop: (target) => this.move(n, target),
    });
    return slot;
  }

  chip(option, index) {
    const number = h("kbd", { "aria-hidden": "true" }, index < 9 ? String(index + 1) : "");
    const chip = button(
      {
        class: "aq-chip",
        "data-key": option.key,
        onclick: (event) => this.useChip(option.key, event),
        onkeydown: (event) => this.chipKey(event),
      },
      number,
      this.draw(option.key),
    );
    draggable(chip, {
      text: () => (this.view.state.over ? "" : this.textOf(option.key)),
      over: (target) => this.aim(target),
      drop: (target) => target && this.place(option.key, this.numberOf(target)),
    });
    return chip;
  }

  get filled() {
    return this.view.value ?? Array(this.question.blanks).fill(null);
  }

  /** An option as it is shown, and as it is said. */
  draw(key) {
    return h("span", {}, this.textOf(key));
  }

  textOf(key) {
    return this.question.options.find((option) => option.key === key)?.text ?? "";
  }

  numberOf(target) {
    return Number(target.dataset.blank);
  }

  /** The blank that the next option goes to: the one selected, else the first empty one. */
  get goal() {
    const empty = this.filled.findIndex((key) => key === null);
    return this.active ?? (empty < 0 ? 0 : empty);
  }

  lacking(value) {
    const empty = (value ?? [null]).some((key) => key === null);
    return empty ? this.words.lacking : "";
  }

  activate(n) {
    if (this.active === n || this.view.state.over) return;
    this.active = n;
    this.updateSlots();
  }

  put(n, key) {
    const filled = [...this.filled];
    if (key !== null && !this.question.reuse) {
      filled.forEach((other, at) => other === key && (filled[at] = null));
    }
    filled[n] = key;
    this.active = null;
    this.view.value = filled;
  }

  place(key, n) {
    if (this.view.state.over) return;
    this.put(n, key);
    say(this.spoken, `${this.textOf(key)} placed in ${this.words.place} ${n + 1}.`);
  }

  empty(n) {
    if (this.view.state.over || this.filled[n] === null) return;
    const text = this.textOf(this.filled[n]);
    this.put(n, null);
    this.activate(n);
    say(this.spoken, `${text} taken out of ${this.words.place} ${n + 1}.`);
  }

  /** Dragged from blank `from` to another blank, or out of the code. */
  move(from, target) {
    const to = target && this.numberOf(target);
    if (to === from) return;
    if (target === null) return void this.empty(from);
    const filled = [...this.filled];
    [filled[from], filled[to]] = [filled[to], filled[from]];
    this.active = null;
    this.view.value = filled;
    say(this.spoken, `${this.textOf(filled[to])} placed in ${this.words.place} ${to + 1}.`);
  }

  /** A click selects a blank, a second one empties it; from the keyboard it leads to the options. */
  selectSlot(n, event) {
    if (this.view.state.over) return;
    const fromKeyboard = event.detail === 0;
    if (fromKeyboard) return void this.chips.find((chip) => chip.tabIndex === 0).focus();
    if (this.armed === n) this.empty(n);
    this.armed = this.filled[n] === null ? null : n;
    this.activate(n);
  }

  slotKey(n, event) {
    const digit = /^[1-9]$/.test(event.key) ? this.question.options[event.key - 1] : null;
    if (digit && !plainKey(event)) return;
    if (digit) {
      this.place(digit.key, n);
      this.focusNextEmpty(n);
    } else if (event.key === "Delete" || event.key === "Backspace") this.empty(n);
    else if (!rove(this.slots, event)) return;
    event.preventDefault();
    event.stopPropagation();
  }

  chipKey(event) {
    const digit = /^[1-9]$/.test(event.key) ? this.question.options[event.key - 1] : null;
    if (digit && plainKey(event)) this.placeAndReturn(digit.key);
    else if (event.key === "Escape") this.slots[this.goal].focus();
    else if (!rove(this.chips, event)) return;
    event.preventDefault();
    event.stopPropagation();
  }

  useChip(key, event) {
    if (event.detail === 0) this.placeAndReturn(key);
    else this.place(key, this.goal);
    this.armed = null;
  }

  placeAndReturn(key) {
    const n = this.goal;
    this.place(key, n);
    this.focusNextEmpty(n);
  }

  focusNextEmpty(n) {
    const empty = this.filled.findIndex((key) => key === null);
    this.slots[empty < 0 ? n : empty].focus();
  }

  aim(target) {
    for (const slot of this.slots) slot.classList.toggle("aq-aim", slot === target);
  }

  update(state) {
    this.updateSlots();
    this.tray.hidden = state.over;
    this.guide.hidden = state.over;
    const filled = this.filled;
    this.chips.forEach((chip, n) => {
      const at = filled.indexOf(this.question.options[n].key);
      const used = at >= 0 && !this.question.reuse;
      const text = this.textOf(this.question.options[n].key);
      setAll(chip, {
        "data-used": used ? "" : false,
        "aria-label": used ? `${text}, in ${this.words.place} ${at + 1}` : text,
      });
    });
    this.updateReasons(state);
  }

  updateSlots() {
    const { state } = this.view;
    const stop = Math.max(this.slots.findIndex((slot) => slot === document.activeElement), 0);
    this.slots.forEach((slot, n) => {
      const key = this.filled[n];
      const outcome = this.outcomeOf(state, n, key);
      const answer = outcome === "incorrect" ? state.reveal?.answer[n] : undefined;
      slot.tabIndex = n === stop ? 0 : -1;
      setAll(slot, {
        "data-outcome": outcome || false,
        "data-filled": key === null ? false : "",
        "data-goal": !state.over && n === this.goal ? "" : false,
        "aria-disabled": state.over ? "true" : false,
        "aria-label": this.slotLabel(n, key, outcome, answer),
      });
      this.showSlot(slot, outcome, key, answer);
    });
  }

  outcomeOf(state, n, key) {
    const isAsJudged = state.places.length > 0 && state.given?.[n] === key;
    return isAsJudged ? (state.places[n] ? "correct" : "incorrect") : "";
  }

  slotLabel(n, key, outcome, answer) {
    const words = { correct: ", right", incorrect: ", not right" }[outcome] ?? "";
    const solution = answer === undefined ? "" : `; the answer is ${this.textOf(answer)}`;
    const text = key === null ? "empty" : this.textOf(key);
    return `${this.words.label} ${n + 1} of ${this.slots.length}: ${text}${words}${solution}`;
  }

  updateReasons(state) {
    const why = state.reveal?.why_html ?? {};
    const known = this.question.options.filter(({ key }) => why[key]);
    const reasons = known.map(({ key }) => {
      const right = state.reveal.answer.includes(key);
      const words = right ? " belongs here: " : " does not: ";
      const outcome = right ? "correct" : "incorrect";
      return { outcome, words, what: this.drawReason(key), html: why[key] };
    });
    reasonList(this.reasons, reasons);
  }

  drawReason(key) {
    return h("code", {}, this.textOf(key));
  }

  showSlot(slot, outcome, key, answer) {
    const drawn = JSON.stringify([outcome, key, answer]);
    if (slot.aqKey === drawn) return;
    slot.aqKey = drawn;
    const parts = [];
    if (outcome) parts.push(sign(outcome));
    const text = key === null ? h("span", {}, this.words.empty) : this.draw(key);
    parts.push(answer ? h("s", {}, text) : text);
    if (answer) parts.push(this.draw(answer));
    slot.replaceChildren(...parts);
  }
}

class Blanks extends Placing {
  ended = "No attempts left. The answer stands in the blanks.";
  words = {
    place: "blank",
    label: "Blank",
    empty: "\u00a0",
    lacking: "Put an option into each blank first.",
    guide:
      "Drag an option into a blank, or select a blank and then an option. " +
      "On the keyboard, 1\u20139 place an option and Delete empties the blank.",
  };

  places() {
    const pre = plainCode(this.question.code_html);
    const longest = Math.max(...this.question.options.map(({ text }) => text.length));
    pre.style.setProperty("--aq-slot", `${Math.min(Math.max(longest, 3), 24)}ch`);
    const places = [...pre.querySelectorAll(".aq-blank")];
    this.slots = places.map((place) => this.slot(Number(place.dataset.blank)));
    places.forEach((place, n) => place.replaceWith(this.slots[n]));
    this.slots.sort((a, b) => a.dataset.blank - b.dataset.blank);
    return pre;
  }

}

KINDS.blanks = Blanks;

function plainKey(event) {
  return !event.ctrlKey && !event.metaKey && !event.altKey;
}
