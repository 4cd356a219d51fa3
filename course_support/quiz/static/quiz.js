// A set of questions in a notebook: shows what the kernel says and sends back what was done.
// Python judges (course_support/quiz/session.py); before it has, this page does not know the key.
//
// Trait values from the kernel: `spec` (constant), `state` (what may be seen now). This page keeps
// `draft`: {at: id of the question shown, answers: {id: an answer not yet sent}}.
// Everything under a name ending in `_html` was rendered and escaped by Python.

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
  ask(message) {
    const key = `${message.do} ${message.id}`;
    if (this.pending.has(key)) return;
    this.pending.add(key);
    clearTimeout(this.silent);
    this.silent = setTimeout(() => this.unheard(), PATIENCE_MS);
    this.current?.hush();
    this.tell(message);
  }

  get current() {
    return this.shown.get(this.questions[this.at].id);
  }

  heard() {
    clearTimeout(this.silent);
    this.pending.clear();
    this.current?.hush();
    this.update();
  }

  unheard() {
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
    this.quiz.ask({ do: "answer", id: this.question.id, answer });
  }

  isJudged() {
    const { outcome, given } = this.state;
    if (this.question.kind === "number" && given !== null) return String(given) === String(this.value);
    return outcome !== "" && JSON.stringify(given) === JSON.stringify(this.value);
  }

  again() {
    this.value = null;
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
    const { kind, measured } = this.question;
    const ended = state.outcome === "correct" ? "Solved" : "Not solved";
    const words = state.over ? ended : `${count(state.attempts_left, "attempt")} left`;
    const open = state.measured === null ? "The run below measures it" : "Measured";
    say(this.left, kind === "card" ? "" : measured ? open : words);
  }

  updateActions(state) {
    const { question, quiz } = this;
    const isCard = question.kind === "card";
    const hintsLeft = question.hints_total - state.hints_html.length;
    const isLast = question.number === quiz.questions.length;
    const ready = !this.body.lacking(this.value) && !this.isJudged();
    this.check.hidden = state.over || isCard;
    this.next.hidden = !state.over || isLast;
    this.hint.hidden = state.over || question.hints_total === 0;
    this.restart.hidden = !state.over;
    say(this.restart, isCard ? "Turn back" : "Try again");
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
    const twice = state.over && this.question.options.length ? " aq-unseen" : "";
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
  if (state.outcome) return ["incorrect", `Not yet. ${count(state.attempts_left, "attempt")} left.`];
  return ["", ""];
}

// ---- kinds of questions ------------------------------------------------------------------

function plainCode(html) {
  return html ? h("pre", { class: "aq-code" }, rendered("code", "", html)) : null;
}

class Choice {
  constructor(view) {
    const { question, uid } = view;
    this.rows = question.options.map((option, n) => this.row(view, option, `${uid}-${n}`));
    const legend = h("legend", { class: "aq-guide" }, "Choose one");
    const options = h("div", { class: "aq-options" }, this.rows.map(({ element }) => element));
    const group = h("fieldset", { class: "aq-choice" }, legend, options);
    this.element = h("div", {}, plainCode(question.code_html), group);
  }

  row(view, option, id) {
    const input = h("input", {
      type: "radio",
      name: view.uid,
      value: option.key,
      "aria-describedby": `${id}-why`,
      ...KEYS_STAY_HERE,
      onchange: () => (view.value = option.key),
    });
    const mark = h("span", { class: "aq-mark" });
    const why = h("div", { class: "aq-why aq-text", id: `${id}-why` });
    const text = rendered("span", "aq-text", option.html);
    const label = h("label", {}, input, text, mark);
    return { key: option.key, input, mark, why, element: optionRow(option.key, label, why) };
  }

  lacking(value) {
    return value ? "" : "Choose one of the options first.";
  }

  update(state, value) {
    for (const row of this.rows) {
      row.input.checked = row.key === value;
      row.input.disabled = state.over;
      showOutcome(row, state, row.key === state.given, row.key === state.reveal?.answer);
    }
  }

  verdict(state) {
    return judged(state, "Correct.", "No attempts left. The right option is marked above.");
  }
}

function optionRow(key, ...children) {
  return h("div", { class: "aq-option", "data-key": key }, ...children);
}

/** Mark an option as right, as the one given, or neither, and give the reason when it is known. */
function showOutcome(row, state, given, right) {
  const outcome = right ? "correct" : given && state.outcome === "incorrect" ? "incorrect" : "";
  const words = { correct: given ? "Right, your answer" : "Right answer", incorrect: "Not this one" };
  if (row.outcome !== outcome || row.over !== state.over) {
    row.mark.replaceChildren(...(outcome ? [sign(outcome), words[outcome]] : []));
  }
  row.outcome = outcome;
  row.over = state.over;
  setAll(row.element, { "data-outcome": outcome || false });
  fill(row.why, state.reveal?.why_html[row.key] ?? "");
}

class Blanks {
  constructor(view) {
    this.view = view;
    this.question = view.question;
    this.active = null;
    this.chips = this.question.options.map((option, n) => this.chip(option, n));
    this.chips.forEach((chip, n) => (chip.tabIndex = n === 0 ? 0 : -1));
    this.tray = h("div", { class: "aq-tray", role: "group", "aria-label": "Options" }, this.chips);
    this.spoken = h("div", { class: "aq-unseen", role: "status" });
    this.guide = h("p", { class: "aq-guide", id: `${view.uid}-guide` });
    this.guide.append(
      "Drag an option into a blank, or select a blank and then an option. ",
      "On the keyboard, 1–9 place an option and Delete empties the blank.",
    );
    this.reasons = h("ul", { class: "aq-reasons", "aria-label": "Options explained" });
    this.element = h("div", {}, this.guide, this.code(), this.tray, this.reasons, this.spoken);
  }

  code() {
    const pre = plainCode(this.question.code_html);
    const longest = Math.max(...this.question.options.map(({ text }) => text.length));
    pre.style.setProperty("--aq-slot", `${Math.min(Math.max(longest, 3), 24)}ch`);
    const places = [...pre.querySelectorAll(".aq-blank")];
    this.slots = places.map((place) => this.slot(Number(place.dataset.blank)));
    places.forEach((place, n) => place.replaceWith(this.slots[n]));
    this.slots.sort((a, b) => a.dataset.blank - b.dataset.blank);
    return pre;
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
      h("span", {}, option.text),
    );
    draggable(chip, {
      text: () => (this.view.state.over ? "" : option.text),
      over: (target) => this.aim(target),
      drop: (target) => target && this.place(option.key, this.numberOf(target)),
    });
    return chip;
  }

  get filled() {
    return this.view.value ?? Array(this.question.blanks).fill(null);
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
    return empty ? "Put an option into each blank first." : "";
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
    say(this.spoken, `${this.textOf(key)} placed in blank ${n + 1}.`);
  }

  empty(n) {
    if (this.view.state.over || this.filled[n] === null) return;
    const text = this.textOf(this.filled[n]);
    this.put(n, null);
    this.activate(n);
    say(this.spoken, `${text} taken out of blank ${n + 1}.`);
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
    say(this.spoken, `${this.textOf(filled[to])} placed in blank ${to + 1}.`);
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
      const text = this.question.options[n].text;
      setAll(chip, {
        "data-used": used ? "" : false,
        "aria-label": used ? `${text}, in blank ${at + 1}` : text,
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
      showSlot(slot, outcome, this.textOf(key), this.textOf(answer));
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
    return `Blank ${n + 1} of ${this.slots.length}: ${text}${words}${solution}`;
  }

  updateReasons(state) {
    const why = state.reveal?.why_html ?? {};
    const known = this.question.options.filter(({ key }) => why[key]);
    const key = JSON.stringify([why, state.reveal?.answer ?? null]);
    this.reasons.hidden = known.length === 0;
    if (this.reasonsKey === key) return;
    this.reasonsKey = key;
    this.reasons.replaceChildren(
      ...known.map((option) => {
        const right = state.reveal.answer.includes(option.key);
        const code = h("code", {}, option.text);
        const mark = h("span", { class: "aq-unseen" }, right ? " belongs here: " : " does not: ");
        return h(
          "li",
          { "data-outcome": right ? "correct" : "incorrect" },
          sign(right ? "correct" : "incorrect"),
          h("div", {}, code, mark, rendered("span", "aq-text", why[option.key])),
        );
      }),
    );
  }

  verdict(state) {
    return judged(state, "Correct.", "No attempts left. The answer stands in the blanks.");
  }
}

function plainKey(event) {
  return !event.ctrlKey && !event.metaKey && !event.altKey;
}

function showSlot(slot, outcome, text, answer) {
  const key = JSON.stringify([outcome, text, answer]);
  if (slot.aqKey === key) return;
  slot.aqKey = key;
  const parts = [];
  if (outcome) parts.push(sign(outcome));
  parts.push(answer ? h("s", {}, text) : h("span", {}, text || "\u00a0"));
  if (answer) parts.push(h("span", {}, answer));
  slot.replaceChildren(...parts);
}

class Card {
  constructor(view) {
    this.view = view;
    const { quiz, question } = view;
    this.flip = button({
      class: "aq-flip aq-primary",
      onclick: () => quiz.ask({ do: "flip", id: question.id }),
    });
    this.flip.append("Show the answer");
    this.back = h("div", { class: "aq-back aq-text", tabindex: "-1" });
    const answer = (value, words) =>
      button({ class: `aq-${value}`, onclick: () => view.send(value) }, words);
    this.own = h("div", { class: "aq-actions" }, answer("again", "Not yet"), answer("knew", "Knew it"));
    const face = plainCode(question.code_html);
    this.element = h("div", { class: "aq-flipcard" }, face, this.flip, this.back, this.own);
  }

  lacking() {
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

/** A number, typed; where the lesson measures the right one, the guess is only noted here. */
class NumberField {
  constructor(view) {
    const { question, uid } = view;
    this.view = view;
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

  update(state, value) {
    this.input.disabled = state.over;
    const text = String(value ?? "");
    if (document.activeElement !== this.input && this.input.value !== text) this.input.value = text;
    if (this.view.question.measured) {
      say(this.view.check, state.given === null ? "Note my guess" : "Change my guess");
    }
  }

  verdict(state) {
    if (state.measured === null) return judged(state, "Correct.", "No attempts left.");
    const near = state.outcome === "correct";
    return near ? ["correct", "Near the measured number."] : ["open", "The measured number differs."];
  }
}

const KINDS = { choice: Choice, blanks: Blanks, card: Card, number: NumberField };

// ---- dragging ----------------------------------------------------------------------------

/**
 * Drag `node` by mouse, pen or touch. Pointer events, not HTML's drag and drop: that does not work
 * on touch screens and pastes its text into a code cell on a miss.
 *
 * text() is what is dragged, "" for nothing; over(slot or null) while dragging; drop(slot or null).
 */
function draggable(node, { text, over, drop }) {
  let start = null;
  let ghost = null;
  let swallow = false;
  const root = () => node.getRootNode();
  const target = ({ clientX, clientY }) => {
    const hit = root().elementFromPoint(clientX, clientY)?.closest(".aq-slot");
    const question = node.closest(".aq-question");
    return hit && question.contains(hit) ? hit : null;
  };
  const end = () => {
    ghost?.remove();
    node.classList.remove("aq-lifted");
    over(null);
    start = ghost = null;
  };
  const lift = () => {
    ghost = h("div", { class: "aq-ghost", "aria-hidden": "true" }, text());
    (root() instanceof ShadowRoot ? root() : document.body).append(ghost);
    node.classList.add("aq-lifted");
  };
  node.addEventListener("pointerdown", (event) => {
    swallow = false;
    if (event.button !== 0 || !text()) return;
    start = event;
    node.setPointerCapture(event.pointerId);
  });
  node.addEventListener("pointermove", (event) => {
    if (!start) return;
    const way = Math.hypot(event.clientX - start.clientX, event.clientY - start.clientY);
    if (!ghost && way < DRAG_STARTS_PX) return;
    if (!ghost) lift();
    ghost.style.transform = `translate(${event.clientX}px, ${event.clientY}px)`;
    over(target(event));
  });
  node.addEventListener("pointerup", (event) => {
    const dragged = ghost !== null;
    const slot = dragged ? target(event) : null;
    end();
    if (!dragged) return;
    swallow = true;
    setTimeout(() => (swallow = false));
    drop(slot);
  });
  node.addEventListener("pointercancel", end);
  node.addEventListener("lostpointercapture", () => ghost && end());
  node.addEventListener("click", (event) => {
    if (!swallow) return;
    swallow = false;
    event.stopImmediatePropagation();
  }, true);
}

// ---- links to a lesson -------------------------------------------------------------------

/**
 * Let JupyterLab open a link such as "04_fan_out.ipynb#Learn-(8-min)", as it does with a link in a
 * text cell: it looks for these attributes when the click arrives at the page's body.
 */
function followLink(event, model) {
  const link = event.target.closest?.("a[href]");
  const [file, heading = ""] = (link?.getAttribute("href") ?? "").split("#");
  const here = model.widget_manager?.context?.path;
  if (!/^[^:/]+[.]ipynb$/.test(file) || here === undefined) return;
  const folder = here.slice(0, here.lastIndexOf("/") + 1);
  const target = { path: folder + file, id: heading && `#${heading}` };
  link.dataset.commandlinkerCommand = "rendermime:handle-local-link";
  link.dataset.commandlinkerArgs = JSON.stringify(target);
  if (heading && here !== target.path) scrollWhenOpen(link, decodeURIComponent(heading));
}

/** JupyterLab 4.6 opens a notebook that was closed at its top, whatever heading the link names. */
function scrollWhenOpen(link, heading) {
  const isShown = (node) => node.getClientRects().length > 0;
  let looks = LINK_OPENS_MS / LOOK_MS;
  const looking = setInterval(() => {
    if (--looks < 0) return void clearInterval(looking);
    if (isShown(link)) return; // the lesson is not in front yet
    const named = document.querySelectorAll(`[data-jupyter-id="${CSS.escape(heading)}"]`);
    const found = [...named].find(isShown);
    if (!found) return;
    found.scrollIntoView({ block: "start" });
    looks = Math.min(looks, 2); // once more or twice, while outputs above it are drawn
  }, LOOK_MS);
}
