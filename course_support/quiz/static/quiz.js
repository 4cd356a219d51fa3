// A set of questions in a notebook: shows what the kernel says and sends back what was done.
// Python judges (course_support/quiz/session.py); before it has, this page does not know the key.
//
// Trait values from the kernel: `spec` (constant), `state` (what may be seen now). This page keeps
// `draft`: {at: id of the question shown, answers: {id: an answer not yet sent}}.
// Everything under a name ending in `_html` was rendered and escaped by Python.
//
// The files of this folder are one module: this one first (course_support/quiz/widgets.py).

const PATIENCE_MS = 4000;
const SECOND_HELLO_MS = 600;
const DRAG_STARTS_PX = 5;
const SHORT_CODE = 30; // characters
const LINK_OPENS_MS = 15000;
const LOOK_MS = 250;

// JupyterLab takes single letters and arrows for itself unless the focused element says no.
const KEYS_STAY_HERE = { "data-lm-suppress-shortcuts": "true" };

let views = 0;

function render({ model, el }) {
  let quiz = null;
  const show = () => {
    const hadFocus = el.contains(document.activeElement);
    quiz?.close();
    const spec = model.get("spec");
    // A test or a challenge (sitting.js) does more, and its questions change with a new draw.
    quiz = new (spec.form ? Sitting : Quiz)(model, `aq${++views}`);
    el.replaceChildren(quiz.element);
    quiz.open();
    if (hadFocus) quiz.current?.element.focus({ preventScroll: true });
  };
  const follow = (event) => followLink(event, model);
  model.on("change:spec", show);
  el.addEventListener("click", follow);
  show();
  return () => {
    model.off("change:spec", show);
    el.removeEventListener("click", follow);
    quiz.close();
  };
}

export default { render };

// ---- small helpers -----------------------------------------------------------------------

function h(tag, attributes = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (name.startsWith("on")) node.addEventListener(name.slice(2), value);
    else if (value !== undefined && value !== false) node.setAttribute(name, value);
  }
  node.append(...children.flat().filter((child) => child !== null));
  return node;
}

function button(attributes, ...children) {
  return h("button", { type: "button", ...KEYS_STAY_HERE, ...attributes }, ...children);
}

/** Fill `node` with HTML from the kernel; links keep their keys, short code stays on one line. */
function fill(node, html) {
  if (node.aqHtml === html) return node;
  node.aqHtml = html;
  node.innerHTML = html;
  for (const code of node.querySelectorAll("code")) {
    code.classList.toggle("aq-short", code.textContent.length <= SHORT_CODE);
  }
  for (const link of node.querySelectorAll("a")) setAll(link, KEYS_STAY_HERE);
  return node;
}

function rendered(tag, className, html) {
  return fill(h(tag, { class: className }), html);
}

function setAll(node, attributes) {
  for (const [name, value] of Object.entries(attributes)) {
    if (value === false || value === undefined) node.removeAttribute(name);
    else if (node.getAttribute(name) !== String(value)) node.setAttribute(name, value);
  }
}

function say(node, text) {
  if (node.textContent !== text) node.textContent = text;
}

function count(n, noun) {
  return `${n} ${noun}${n === 1 ? "" : "s"}`;
}

const SIGNS = {
  correct: "M4.5 10.5l3.6 3.6 7.4-8.2",
  incorrect: "M5.5 5.5l9 9m0-9l-9 9",
  hint: "M10 3.5a4.6 4.6 0 0 0-2.6 8.4V14h5.2v-2.1A4.6 4.6 0 0 0 10 3.5zM8 16.5h4",
  open: "M10 5v6m0 3.4v.1",
};

/** A sign drawn in the text's colour; the words beside it say the same. */
function sign(name) {
  const box = h("span", { class: "aq-sign", "aria-hidden": "true" });
  box.innerHTML =
    `<svg viewBox="0 0 20 20" fill="none" stroke="currentColor" stroke-width="2" ` +
    `stroke-linecap="round" stroke-linejoin="round"><path d="${SIGNS[name]}"/></svg>`;
  return box;
}

/** Move the focus with arrow keys inside a group that is one stop of the Tab key. */
function rove(nodes, event) {
  const steps = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 };
  const from = nodes.indexOf(event.currentTarget);
  let to = null;
  if (event.key in steps) to = (from + steps[event.key] + nodes.length) % nodes.length;
  if (event.key === "Home") to = 0;
  if (event.key === "End") to = nodes.length - 1;
  if (to === null) return false;
  nodes.forEach((node, index) => (node.tabIndex = index === to ? 0 : -1));
  nodes[to].focus();
  return true;
}

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
    say(this.where, `Question ${quiz.at + 1} of ${states.length}`);
    say(this.score, `, ${quiz.state.done} of ${states.length} done, ${solved} solved`);
    this.steps.forEach((step, index) => this.updateStep(step, index, states[index]));
  }

  updateStep(step, index, state) {
    const standing = state.over ? (state.outcome === "correct" ? "correct" : "incorrect") : "open";
    const words = { correct: "solved", incorrect: "not solved", open: "open" }[standing];
    setAll(step, {
      "aria-label": `Question ${index + 1}, ${words}`,
      "aria-current": index === this.quiz.at ? "step" : false,
    });
    if (step.dataset.standing === standing) return;
    step.dataset.standing = standing;
    step.replaceChildren(standing === "open" ? String(index + 1) : sign(standing));
  }
}

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
    this.verdict = h("div", { class: "aq-verdict", role: "status", tabindex: "-1" });
    this.trouble = h("div", { class: "aq-trouble", role: "alert" });
    this.reveal = h("div", { class: "aq-reveal" });
    this.element = h(
      "div",
      {
        class: "aq-question",
        role: "group",
        tabindex: "-1",
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

// ---- kinds of questions, each in a file of kinds/ ------------------------------------------

const KINDS = {};

/**
 * How a kind is asked: what it shows, and what is chosen, typed or moved. `view.value` is the
 * answer so far, in the form in which the kind is judged; null for none.
 */
class Body {
  constructor(view) {
    this.view = view;
    this.question = view.question;
  }

  /** Words on the buttons; and whether reasons are shown beside what they explain. */
  check = "Check answer";
  checking = "Check answer";
  anew = "Try again";
  explains = false;
  ended = "No attempts left.";

  /** What must be done before the answer can be checked, or "". */
  lacking() {
    return "";
  }

  update(state, value) {}

  /** Forget what was typed beside the answer. */
  clear() {}

  /** Whether this very answer was judged already. */
  isSame({ outcome, given }, value) {
    return outcome !== "" && JSON.stringify(given) === JSON.stringify(value);
  }

  /** The verdict's outcome and its title. */
  verdict(state) {
    return judged(state, "Correct.", this.ended);
  }
}

function plainCode(html) {
  return html ? h("pre", { class: "aq-code" }, rendered("code", "", html)) : null;
}

/** A field of several lines. Tab leaves it, as it leaves any other: nobody is caught. */
function textArea(attributes, newline = () => "\n") {
  const area = h("textarea", {
    class: "aq-area",
    spellcheck: "false",
    autocapitalize: "off",
    autocomplete: "off",
    autocorrect: "off",
    rows: "1",
    ...KEYS_STAY_HERE,
    ...attributes,
  });
  // JupyterLab takes Enter for itself: the new line is put in here.
  area.addEventListener("keydown", (event) => {
    const plain = !event.ctrlKey && !event.metaKey && !event.altKey && !event.isComposing;
    if (event.key !== "Enter" || !plain) return;
    event.preventDefault();
    event.stopPropagation();
    if (!area.readOnly) insert(area, newline(area.value.slice(0, area.selectionStart)));
  });
  return area;
}

/** Type text where the cursor is, so that it can be undone. */
function insert(area, text) {
  if (document.execCommand?.("insertText", false, text)) return;
  area.setRangeText(text, area.selectionStart, area.selectionEnd, "end");
  area.dispatchEvent(new Event("input"));
}

/** Take over text from elsewhere, not while it is being typed. */
function sync(area, text) {
  if (document.activeElement !== area && area.value !== text) area.value = text;
}

/** Mark something as right or wrong, in signs and words. */
function mark(node, outcome, words) {
  const key = `${outcome} ${words}`;
  if (node.aqMark === key) return;
  node.aqMark = key;
  node.replaceChildren(...(outcome ? [sign(outcome), words] : []));
}

/** Reasons below the answer: [{outcome, words, html, what}]; `what` is a node. */
function reasonList(list, reasons) {
  list.hidden = reasons.length === 0;
  const key = JSON.stringify(reasons.map(({ what, ...others }) => [what?.outerHTML, others]));
  if (list.aqKey === key) return;
  list.aqKey = key;
  list.replaceChildren(
    ...reasons.map(({ outcome, words, what, html }) => {
      const said = h("span", { class: "aq-unseen" }, words);
      const text = h("div", {}, what, said, rendered("span", "aq-text", html));
      return h("li", { "data-outcome": outcome || false }, outcome ? sign(outcome) : null, text);
    }),
  );
}
