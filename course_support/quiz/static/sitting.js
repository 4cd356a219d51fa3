// The test and the challenge: a set with one answer a question, a result, and maybe a timer.
// Loaded after quiz.js, in one module with it (course_support/quiz/sittingwidget.py).
//
// `state` also has `result_html` ("" until all is answered) and `timer`. The draft's `at` is the id
// of a question, or RESULT.

const RESULT = "result";
const WARN_S = 60;

class Sitting extends Quiz {
  constructor(model, uid) {
    super(model, uid);
    this.timer = this.state.timer.offered ? new TimerBar(this) : null;
    if (this.timer) this.stage.before(this.timer.element);
    this.step = button({ class: "aq-step aq-result-step", onclick: () => this.goToResult() }, "Result");
    this.header.steps[0].closest("ol").append(h("li", {}, this.step));
    this.result = new ResultPage(this);
    this.onward = button({ class: "aq-onward aq-primary", onclick: () => this.goOn() });
    // Who comes back to a finished test comes for its result.
    this.startsAtResult = this.isDone && !this.model.get("draft").at;
  }

  get isDone() {
    return Boolean(this.state.result_html);
  }

  get showsResult() {
    const { at } = this.model.get("draft");
    return this.isDone && (at === RESULT || (!at && this.startsAtResult));
  }

  update() {
    if (this.model.get("spec") !== this.spec) return;
    setAll(this.element, { "data-form": this.spec.form });
    this.step.closest("li").hidden = !this.isDone;
    this.timer?.update(this.state);
    if (this.showsResult) this.updateResult();
    else this.updateQuestion();
  }

  updateResult() {
    this.header.update();
    say(this.header.where, "Result");
    for (const step of this.header.steps) step.removeAttribute("aria-current");
    setAll(this.step, { "aria-current": "step" });
    if (this.stage.firstChild !== this.result.element) this.stage.replaceChildren(this.result.element);
    this.result.update(this.state.result_html);
  }

  updateQuestion() {
    super.update();
    setAll(this.step, { "aria-current": false });
    const view = this.current;
    const isOver = this.state.questions[view.question.id].over;
    view.next.hidden = view.restart.hidden = true;
    if (this.onward.parentElement !== view.next.parentElement) view.next.before(this.onward);
    this.onward.hidden = !isOver;
    const isNext = this.nextOpen() === this.at + 1;
    say(this.onward, this.isDone ? "See the result" : isNext ? "Next question" : "Next open question");
    this.timer?.mark(view, this.state.timer.late.includes(view.question.id));
  }

  get current() {
    return this.showsResult ? this.result : super.current;
  }

  /** The index of the next question without an answer, from here on and round again; -1: none. */
  nextOpen() {
    const total = this.questions.length;
    const indices = this.questions.map((_, n) => (this.at + 1 + n) % total);
    return indices.find((n) => !this.state.questions[this.questions[n].id].over) ?? -1;
  }

  goOn() {
    const next = this.nextOpen();
    if (next < 0) this.goToResult();
    else this.go(next);
  }

  goToResult() {
    this.keep({ at: RESULT });
    this.result.element.focus({ preventScroll: true });
    this.element.scrollIntoView({ block: "nearest" });
  }

  close() {
    super.close();
    this.timer?.close();
  }
}

/** The verdict for each objective, with links; Python has written it. */
class ResultPage {
  constructor(quiz) {
    this.page = h("div", { class: "aq-page" });
    const read = button({ onclick: () => quiz.go(0) }, "Read the questions again");
    const draw = button({ class: "aq-draw aq-primary", onclick: () => this.draw(quiz) }, "Draw anew");
    const actions = h("div", { class: "aq-actions" }, draw, read);
    this.trouble = h("div", { class: "aq-trouble", role: "alert" });
    const attributes = { class: "aq-question aq-result", role: "group", tabindex: "-1", ...KEYS_STAY_HERE };
    this.element = h("div", { ...attributes, "aria-label": "Result" }, this.page, actions, this.trouble);
  }

  update(html) {
    fill(this.page, html);
  }

  complain(words) {
    this.trouble.replaceChildren(sign("open"), words);
  }

  hush() {
    this.trouble.replaceChildren();
  }

  draw(quiz) {
    quiz.ask({ do: "draw" });
  }
}

/** Off until asked for. The kernel keeps the time; here it is only counted down. */
class TimerBar {
  constructor(quiz) {
    this.quiz = quiz;
    const act = (name) => () => quiz.ask({ do: "timer", act: name });
    this.clock = h("span", { class: "aq-clock", role: "timer" });
    this.start = button({ class: "aq-start", onclick: act("start") });
    this.extend = button({ class: "aq-extend", onclick: act("extend") });
    this.stop = button({ class: "aq-stop", onclick: act("stop") }, "Switch off");
    this.said = h("span", { class: "aq-unseen", role: "status" });
    const actions = h("span", { class: "aq-timer-actions" }, this.start, this.extend, this.stop);
    const attributes = { class: "aq-timer", role: "group", "aria-label": "Timer" };
    this.element = h("div", attributes, this.clock, actions, this.said);
    this.ticking = setInterval(() => this.tick(), 250);
  }

  close() {
    clearInterval(this.ticking);
  }

  update({ timer, turn }) {
    if (this.turn === turn) return; // no news from the kernel: what it said of the time is old
    this.turn = turn;
    const focused = [this.start, this.extend, this.stop].find((one) => one === document.activeElement);
    const { left_s: left, start_s: limit, extension_s: extension } = timer;
    const before = this.ends;
    this.ends = left === null ? null : performance.now() / 1000 + left;
    this.start.hidden = left !== null || this.quiz.isDone;
    this.extend.hidden = this.stop.hidden = left === null || this.quiz.isDone;
    say(this.start, `Start a timer: ${inWords(limit)}`);
    say(this.extend, `${inWords(extension)} more`);
    this.element.hidden = this.quiz.isDone;
    this.announce(before);
    this.tick();
    // The button that was pressed has gone; its counterpart takes the focus.
    if (focused?.hidden) (left === null ? this.start : this.extend).focus();
  }

  announce(before) {
    if (before === undefined || before === this.ends) return;
    const isLonger = before !== null && this.ends !== null && this.ends - before > WARN_S;
    if (this.ends === null) say(this.said, "The timer is off.");
    else if (before === null) say(this.said, `The timer runs: ${inWords(this.left)}.`);
    else if (isLonger) say(this.said, `More time: ${inWords(this.left)} left.`);
  }

  get left() {
    return Math.max(0, this.ends - performance.now() / 1000);
  }

  tick() {
    const isOff = this.ends === null || this.ends === undefined;
    const isOver = !isOff && this.left === 0;
    setAll(this.element, { "data-time": isOff ? "off" : isOver ? "over" : "runs" });
    if (isOff) return void say(this.clock, "No timer is running.");
    say(this.clock, isOver ? "The time is over. Answers count, as late." : `${digits(this.left)} left`);
    if (isOver) say(this.said, "The time is over. Answers still count, as late.");
    else if (this.left <= WARN_S && !this.warned) say(this.said, "One minute left.");
    this.warned = this.left <= WARN_S;
  }

  /** Say of a question that its answer came late. */
  mark(view, isLate) {
    if (isLate) say(view.left, `${view.left.textContent.replace(/, late$/, "")}, late`);
  }
}

function inWords(seconds) {
  const minutes = Math.round(seconds / 60);
  return seconds < WARN_S ? count(Math.ceil(seconds), "second") : count(minutes, "minute");
}

function digits(seconds) {
  const whole = Math.ceil(seconds);
  return `${Math.floor(whole / 60)}:${String(whole % 60).padStart(2, "0")}`;
}
