// ---- one question ------------------------------------------------------------------------

const LEVELS = { easy: ["Easy", 1], medium: ["Medium", 2], hard: ["Hard", 3] };

function badge(level) {
  const [word, filled] = LEVELS[level] ?? [level, 0];
  const bars = [1, 2, 3].map((n) => h("i", { class: n <= filled ? "aq-full" : "" }));
  const meter = h("span", { class: "aq-meter", "aria-hidden": "true" }, bars);
  return h("span", { class: "aq-badge", "data-level": level }, meter, word);
}

class QuestionView {
  constructor(quiz, question) {
    this.quiz = quiz;
    this.question = question;
    this.uid = `${quiz.uid}-${question.number}`;
    this.left = h("span", { class: "aq-left" });
    this.body = new KINDS[question.kind](this);
    this.hints = h("ol", { class: "aq-hints" });
    this.verdict = h("div", { class: "aq-verdict", role: "status", tabindex: "-1", ...KEYS_STAY_HERE });
    this.trouble = h("div", { class: "aq-trouble", role: "alert" });
    this.reveal = h("div", { class: "aq-reveal" });
    this.element = h(
      "div",
      {
        class: "aq-question",
        role: "group",
        tabindex: "-1",
        ...KEYS_STAY_HERE,
        "aria-labelledby": `${this.uid}-prompt`,
        "data-q": question.id,
        "data-kind": question.kind,
      },
      this.meta(),
      h("div", { class: "aq-prompt", id: `${this.uid}-prompt` }),
      this.body.element,
      this.actions(),
      this.trouble,
      this.verdict,
      this.hints,
      this.reveal,
      this.ending(),
    );
    fill(this.element.querySelector(".aq-prompt"), question.prompt_html);
    this.watchCode();
  }

  meta() {
    const { level, objective } = this.question;
    const aim = objective ? h("span", { class: "aq-objective" }, objective) : null;
    return h("div", { class: "aq-meta" }, badge(level), aim, this.left);
  }

  actions() {
    const { quiz, question } = this;
    this.check = button({ class: "aq-check aq-primary", onclick: () => this.submit() }, "Check answer");
    const ask = () => quiz.ask({ do: "hint", id: question.id });
    this.hint = button({ class: "aq-hint", onclick: ask }, sign("hint"), h("span"));
    return h("div", { class: "aq-actions" }, this.check, this.hint);
  }

  ending() {
    const { quiz, question } = this;
    const next = () => quiz.go(question.number);
    this.next = button({ class: "aq-next aq-primary", onclick: next }, "Next question");
    this.restart = button({ class: "aq-restart", onclick: () => this.again() }, "Try again");
    return h("div", { class: "aq-actions" }, this.next, this.restart);
  }

  /** Code wider than the page can be scrolled, so it must be reachable by keyboard. */
  watchCode() {
    const blocks = [...this.element.querySelectorAll("pre")];
    this.resizing = new ResizeObserver(() => blocks.forEach(reachable));
    blocks.forEach((block) => this.resizing.observe(block));
  }

  close() {
    this.resizing.disconnect();
  }

  /** What is chosen or filled in now: the unsent draft, else the answer judged last. */
  get value() {
    if (this.state.over) return this.state.given;
    return this.quiz.model.get("draft").answers?.[this.question.id] ?? this.state.given;
  }

  set value(answer) {
    this.hush();
    this.quiz.keepAnswer(this.question.id, answer);
  }

  submit() {
    const lacking = this.body.lacking(this.value);
    if (lacking) this.complain(lacking);
    else if (!this.isJudged()) this.send(this.value);
  }

  send(answer) {
    const patience_ms = this.question.patience_s * 1000;
    this.quiz.ask({ do: "answer", id: this.question.id, answer }, patience_ms);
  }

  isJudged() {
    return this.body.isSame(this.state, this.value);
  }

  again() {
    this.value = null;
    this.body.clear();
    this.quiz.ask({ do: "again", id: this.question.id });
    this.element.focus({ preventScroll: true });
  }

  update(state) {
    const wasOver = this.state?.over ?? state.over;
    const hadFocus = this.element.contains(document.activeElement);
    this.state = state;
    setAll(this.element, { "data-standing": standing(state) });
    this.body.update(state, this.value);
    this.updateMeta(state);
    this.updateActions(state);
    this.updateHints(state);
    this.updateVerdict(state);
    this.updateReveal(state);
    // The button that was pressed has gone; the words that answer it take the focus.
    if (hadFocus && state.over && !wasOver) this.verdict.focus({ preventScroll: true });
  }

  updateMeta(state) {
    const ended = state.outcome === "correct" ? "Solved" : "Not solved";
    const words = state.over ? ended : `${count(state.attempts_left, "attempt")} left`;
    say(this.left, this.body.standing?.(state) ?? words);
  }

  updateActions(state) {
    const { question, quiz } = this;
    const hintsLeft = question.hints_total - state.hints_html.length;
    const isLast = question.number === quiz.questions.length;
    const ready = !this.body.lacking(this.value) && !this.isJudged();
    this.check.hidden = state.over || question.turns;
    this.next.hidden = !state.over || isLast;
    this.hint.hidden = state.over || question.hints_total === 0;
    this.restart.hidden = !state.over;
    say(this.restart, this.body.anew);
    say(this.check, quiz.isAsked(question.id) ? this.body.checking : this.body.check);
    setAll(this.check, { "aria-disabled": ready ? false : "true" });
    setAll(this.hint, { "aria-disabled": hintsLeft === 0 ? "true" : false });
    const n = Math.min(state.hints_html.length + 1, question.hints_total);
    const all = `${count(question.hints_total, "hint")} shown`;
    say(this.hint.lastChild, hintsLeft === 0 ? all : `Hint ${n} of ${question.hints_total}`);
  }

  updateHints(state) {
    const { hints_html: hints } = state;
    while (this.hints.childElementCount > hints.length) this.hints.lastChild.remove();
    for (let n = this.hints.childElementCount; n < hints.length; n++) {
      const label = h("b", {}, `Hint ${n + 1} of ${this.question.hints_total}`);
      this.hints.append(h("li", {}, label, rendered("div", "aq-text", hints[n])));
    }
    this.hints.hidden = hints.length === 0;
    setAll(this.hints, { "aria-live": "polite" });
  }

  updateVerdict(state) {
    const [name, title] = this.body.verdict(state);
    const key = JSON.stringify([title, state.feedback_html, state.over, state.given]);
    if (this.verdictKey === key) return;
    this.verdictKey = key;
    setAll(this.verdict, { "data-outcome": name });
    if (!title && !state.feedback_html) return void this.verdict.replaceChildren();
    // Once the reasons stand beside the options they are said here, not shown twice.
    const twice = state.over && this.body.explains ? " aq-unseen" : "";
    const words = h("div", {}, title ? h("b", {}, title) : null);
    if (state.feedback_html) words.append(rendered("div", `aq-text${twice}`, state.feedback_html));
    this.verdict.replaceChildren(sign(name || "open"), words);
  }

  updateReveal(state) {
    const key = JSON.stringify(state.reveal);
    if (this.revealKey === key) return;
    this.revealKey = key;
    this.reveal.replaceChildren(...(state.reveal ? explanations(state) : []));
    this.reveal.hidden = this.reveal.childElementCount === 0;
  }

  complain(words) {
    this.trouble.replaceChildren(sign("open"), words);
  }

  hush() {
    this.trouble.replaceChildren();
  }
}

function standing(state) {
  if (state.outcome === "correct") return "correct";
  return state.over ? "incorrect" : "open";
}

function reachable(block) {
  const wide = block.scrollWidth > block.clientWidth + 1;
  const names = { tabindex: "0", role: "group", "aria-label": "Code", ...KEYS_STAY_HERE };
  for (const [name, value] of Object.entries(names)) setAll(block, { [name]: wide && value });
}

function explanations({ reveal, outcome }) {
  const list = (tag, items) => h(tag, {}, items.map((item) => rendered("li", "aq-text", item)));
  const folded = (title, open, content) => {
    const summary = h("summary", KEYS_STAY_HERE, title);
    return h("details", { open: open ? "" : false }, summary, content);
  };
  const parts = [];
  if (reveal.steps_html.length) {
    parts.push(folded("Worked steps", outcome !== "correct", list("ol", reveal.steps_html)));
  }
  if (reveal.mistakes_html.length) {
    parts.push(folded("Common mistakes", false, list("ul", reveal.mistakes_html)));
  }
  if (reveal.quick_check_html) {
    const text = rendered("div", "aq-text", reveal.quick_check_html);
    parts.push(h("div", { class: "aq-quick" }, h("b", {}, "Quick check"), text));
  }
  return parts;
}

function judged(state, solved, ended) {
  if (state.outcome === "correct") return ["correct", solved];
  if (state.over) return ["incorrect", ended];
  const what = { incorrect: "Not yet.", raised: "It raised an error." }[state.outcome];
  return what ? ["incorrect", `${what} ${count(state.attempts_left, "attempt")} left.`] : ["", ""];
}
