// ---- the set -----------------------------------------------------------------------------

class Quiz {
  constructor(model, uid) {
    this.model = model;
    this.uid = uid;
    this.spec = model.get("spec");
    this.questions = this.spec.questions;
    this.shown = new Map();
    this.silent = null;
    this.pending = new Set();
    this.header = this.questions.length > 1 || this.spec.form ? new Header(this) : null;
    this.stage = h("div", { class: "aq-stage" });
    const label = this.spec.title ? `Quiz: ${this.spec.title}` : "Quiz";
    this.element = h(
      "div",
      { class: "aq-quiz", role: "group", "aria-label": label },
      this.header?.element ?? null,
      this.stage,
    );
  }

  open() {
    this.onState = () => this.heard();
    this.onDraft = () => this.update();
    this.model.on("change:state", this.onState);
    this.model.on("change:draft", this.onDraft);
    this.update();
    // The first click of a busy kernel is answered at once only if messages have gone to and fro
    // before: one now, one when JupyterLab has learnt which thread of the kernel answers.
    this.tell({ do: "hello" });
    this.second = setTimeout(() => this.tell({ do: "hello" }), SECOND_HELLO_MS);
  }

  close() {
    this.model.off("change:state", this.onState);
    this.model.off("change:draft", this.onDraft);
    clearTimeout(this.second);
    clearTimeout(this.silent);
    for (const view of this.shown.values()) view.close();
  }

  get state() {
    return this.model.get("state");
  }

  get at() {
    const named = this.questions.findIndex(({ id }) => id === this.model.get("draft").at);
    return Math.max(named, 0);
  }

  update() {
    if (this.model.get("spec") !== this.spec) return; // a new draw: another Quiz takes over
    const question = this.questions[this.at];
    if (!this.shown.has(question.id)) this.shown.set(question.id, new QuestionView(this, question));
    const view = this.shown.get(question.id);
    if (this.stage.firstChild !== view.element) this.stage.replaceChildren(view.element);
    view.update(this.state.questions[question.id]);
    this.header?.update();
  }

  go(index) {
    this.keep({ at: this.questions[index].id });
    const view = this.shown.get(this.questions[index].id);
    view.element.focus({ preventScroll: true });
    this.element.scrollIntoView({ block: "nearest" });
  }

  /** Keep something in the draft, here and in the kernel, so that a reload finds it again. */
  keep(change) {
    this.model.set("draft", { ...this.model.get("draft"), ...change });
    try {
      this.model.save_changes();
    } catch {
      // A kernel that is gone: `ask` says so when an answer is sent.
    }
  }

  keepAnswer(id, answer) {
    this.keep({ answers: { ...this.model.get("draft").answers, [id]: answer } });
  }

  tell(message) {
    try {
      this.model.send(message);
    } catch {
      return false;
    }
    return true;
  }

  /** Send what was done; when nothing comes back for a while, say so. */
  ask(message, patience_ms = PATIENCE_MS) {
    const key = `${message.do} ${message.id}`;
    if (this.pending.has(key)) return;
    this.pending.add(key);
    clearTimeout(this.silent);
    // While code runs for one question, the answer to another waits for it.
    this.patience = Math.max(this.patience ?? 0, Date.now() + patience_ms);
    this.silent = setTimeout(() => this.unheard(), this.patience - Date.now());
    this.current?.hush();
    this.tell(message);
    this.update();
  }

  isAsked(id) {
    return this.pending.has(`answer ${id}`);
  }

  get current() {
    return this.shown.get(this.questions[this.at].id);
  }

  heard() {
    clearTimeout(this.silent);
    this.patience = 0;
    this.pending.clear();
    this.current?.hush();
    this.update();
  }

  unheard() {
    this.patience = 0;
    this.pending.clear();
    this.current?.complain("No reply from the kernel. Run this cell again.");
  }
}

/** Title, "Question 2 of 5", and one step for each question, which says how it stands. */
class Header {
  constructor(quiz) {
    this.quiz = quiz;
    this.where = h("b");
    this.score = h("span");
    this.steps = quiz.questions.map((_, index) =>
      button({ class: "aq-step", onclick: () => quiz.go(index) }),
    );
    const list = h("ol", { class: "aq-steps", "aria-label": "Questions" });
    list.append(...this.steps.map((step) => h("li", {}, step)));
    const title = quiz.spec.title ? h("p", { class: "aq-title" }, quiz.spec.title) : null;
    const where = h("p", { class: "aq-where" }, this.where, this.score);
    this.element = h("div", { class: "aq-header" }, h("div", {}, title, where), list);
  }

  update() {
    const { quiz } = this;
    const states = quiz.questions.map(({ id }) => quiz.state.questions[id]);
    const solved = states.filter((state) => state.outcome === "correct").length;
    say(this.where, `${this.noun(quiz.at)} ${quiz.at + 1} of ${states.length}`);
    say(this.score, `, ${quiz.state.done} of ${states.length} done, ${solved} solved`);
    this.steps.forEach((step, index) => this.updateStep(step, index, states[index]));
  }

  noun(index) {
    return KINDS[this.quiz.questions[index].kind].noun;
  }

  updateStep(step, index, state) {
    const standing = state.over ? (state.outcome === "correct" ? "correct" : "incorrect") : "open";
    const words = { correct: "solved", incorrect: "not solved", open: "open" }[standing];
    setAll(step, {
      "aria-label": `${this.noun(index)} ${index + 1}, ${words}`,
      "aria-current": index === this.quiz.at ? "step" : false,
    });
    if (step.dataset.standing === standing) return;
    step.dataset.standing = standing;
    step.replaceChildren(standing === "open" ? String(index + 1) : sign(standing));
  }
}
