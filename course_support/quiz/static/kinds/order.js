// ---- put in order ------------------------------------------------------------------------

class Order extends Body {
  explains = true;
  ended = "No attempts left. The right order stands below.";

  constructor(view) {
    super(view);
    const { question, uid } = view;
    this.rows = new Map(question.options.map((option) => [option.key, this.row(option)]));
    const label = question.is_code ? "Lines of code, in order" : "Events, in order";
    this.list = h("ol", { class: "aq-order", "aria-label": label });
    if (question.is_code) this.list.classList.add("aq-code-lines");
    this.guide = h("p", { class: "aq-guide", id: `${uid}-guide` });
    this.guide.append("Drag the lines, or use their arrows. On the keyboard, Alt with the arrow keys moves a line.");
    this.spoken = h("div", { class: "aq-unseen", role: "status" });
    this.solved = h("p", { class: "aq-guide" }, "The right order");
    this.reasons = h("ol", { class: "aq-reasons aq-numbered", "aria-label": "The right order" });
    const parts = [plainCode(question.code_html), this.guide, this.list, this.solved, this.reasons];
    this.element = h("div", {}, parts, this.spoken);
  }

  row(option) {
    const { key } = option;
    const text = this.draw(option);
    const words = text.textContent.trim();
    const grip = button({
      class: "aq-grip",
      "aria-describedby": `${this.view.uid}-guide`,
      onkeydown: (event) => this.key(key, event),
      onfocus: () => this.stop(key),
    });
    const move = (by, name, path) => {
      const attributes = { class: "aq-move", "aria-label": `${name}: ${words}` };
      return button({ ...attributes, onclick: () => this.move(key, by, true) }, arrow(path));
    };
    const up = move(-1, "Move up", "M5 12l5-5 5 5");
    const down = move(1, "Move down", "M5 8l5 5 5-5");
    const said = h("span", { class: "aq-mark" });
    const element = h("li", { class: "aq-item", "data-key": key }, grip, text, said, up, down);
    sortable(element, this, key);
    return { element, grip, text, mark: said, up, down, words };
  }

  draw({ html }) {
    return rendered(this.question.is_code ? "code" : "span", "aq-line", html);
  }

  get keys() {
    return [...(this.view.value ?? this.question.options.map(({ key }) => key))];
  }

  lacking(value) {
    return value ? "" : "Move a line first.";
  }

  /** Only one row's buttons are stops of the Tab key: those of the row worked at. */
  stop(key) {
    this.at = key;
    for (const [other, row] of this.rows) {
      for (const node of [row.grip, row.up, row.down]) node.tabIndex = other === key ? 0 : -1;
    }
  }

  key(key, event) {
    const by = { ArrowUp: -1, ArrowDown: 1 }[event.key];
    const grips = this.keys.map((one) => this.rows.get(one).grip);
    if (by && event.altKey) this.move(key, by);
    else if (event.altKey || !rove(grips, event)) return;
    event.preventDefault();
    event.stopPropagation();
  }

  move(key, by, byButton = false) {
    const from = this.keys.indexOf(key);
    this.moveTo(key, Math.min(Math.max(from + by, 0), this.keys.length - 1));
    const row = this.rows.get(key);
    const used = by < 0 ? row.up : row.down;
    if (byButton) (used.getAttribute("aria-disabled") ? row.grip : used).focus();
  }

  moveTo(key, to) {
    const keys = this.keys;
    const from = keys.indexOf(key);
    if (this.view.state.over || from === to) return;
    keys.splice(to, 0, ...keys.splice(from, 1));
    this.view.value = keys;
    say(this.spoken, `${this.rows.get(key).words}, now ${to + 1} of ${keys.length}.`);
  }

  update(state) {
    const keys = this.keys;
    this.arrange(keys.map((key) => this.rows.get(key).element));
    keys.forEach((key, n) => this.updateRow(key, n, state));
    if (!this.rows.has(this.at)) this.stop(keys[0]);
    this.guide.hidden = state.over;
    setAll(this.list, { "data-over": state.over ? "" : false });
    this.updateReasons(state);
  }

  /** Bring the rows into order; the one that is worked at keeps the focus. */
  arrange(rows) {
    if (rows.every((row, n) => this.list.children[n] === row)) return;
    const focused = this.list.contains(document.activeElement) ? document.activeElement : null;
    this.list.replaceChildren(...rows);
    focused?.focus({ preventScroll: true });
  }

  updateRow(key, n, state) {
    const row = this.rows.get(key);
    const outcome = this.outcomeOf(key, n, state);
    const words = { correct: "In order", incorrect: "Move this one" }[outcome];
    const last = this.keys.length - 1;
    mark(row.mark, outcome, state.over && outcome === "incorrect" ? "Not here" : words);
    setAll(row.element, { "data-outcome": outcome || false });
    setAll(row.up, { "aria-disabled": n === 0 ? "true" : false });
    setAll(row.down, { "aria-disabled": n === last ? "true" : false });
    for (const node of [row.up, row.down, row.grip]) node.hidden = state.over;
    setAll(row.grip, { "aria-label": `${n + 1} of ${last + 1}: ${row.words}` });
    if (!row.grip.firstChild) row.grip.append(dots());
  }

  /** A line judged wrong is no more called so once it was moved. */
  outcomeOf(key, n, state) {
    const at = state.places.length ? (state.given ?? []).indexOf(key) : -1;
    if (at < 0) return "";
    return state.places[at] ? "correct" : at === n ? "incorrect" : "";
  }

  updateReasons(state) {
    const { reveal } = state;
    const shown = reveal && (state.outcome !== "correct" || Object.keys(reveal.why_html).length > 0);
    this.solved.hidden = !shown;
    const reasons = (shown ? reveal.answer : []).map((key) => {
      const option = this.question.options.find((one) => one.key === key);
      return { outcome: "", words: "", what: this.draw(option), html: reveal.why_html[key] ?? "" };
    });
    reasonList(this.reasons, reasons);
  }
}

KINDS.order = Order;

function drawing(className, inner) {
  const box = h("span", { class: className, "aria-hidden": "true" });
  box.innerHTML =
    `<svg viewBox="0 0 20 20" fill="none" stroke="currentColor" stroke-width="2" ` +
    `stroke-linecap="round" stroke-linejoin="round">${inner}</svg>`;
  return box;
}

function arrow(path) {
  return drawing("aq-sign", `<path d="${path}"/>`);
}

function dots() {
  const at = [7, 13].flatMap((x) => [5, 10, 15].map((y) => [x, y]));
  const circles = at.map(([x, y]) => `<circle cx="${x}" cy="${y}" r="0.6"/>`);
  return drawing("aq-sign", circles.join(""));
}

/** Drag a row among its neighbours; on touch by its grip, so that a page can still be scrolled. */
function sortable(element, order, key) {
  let drag = null;
  const rows = () => [...order.list.children];
  const end = () => {
    rows().forEach((row) => (row.style.transform = ""));
    order.list.classList.remove("aq-sorting");
    element.classList.remove("aq-dragged");
    drag = null;
  };
  const begin = (event) => {
    const boxes = rows().map((row) => row.getBoundingClientRect());
    const from = rows().indexOf(element);
    const gap = boxes.length > 1 ? boxes[1].top - boxes[0].bottom : 0;
    return { y: event.clientY, from, to: from, boxes, step: boxes[from].height + gap, moving: false };
  };
  const follow = (event) => {
    const { from, boxes, step, y } = drag;
    const by = event.clientY - y;
    const edge = by < 0 ? boxes[from].top + by : boxes[from].bottom + by;
    const middles = boxes.map((box) => (box.top + box.bottom) / 2);
    const passed = middles.filter((middle, n) => (n < from ? middle > edge : n > from && middle < edge));
    drag.to = from + (by < 0 ? -passed.length : passed.length);
    rows().forEach((row, n) => {
      const shifted = n > from && n <= drag.to ? -step : n < from && n >= drag.to ? step : 0;
      row.style.transform = `translateY(${row === element ? by : shifted}px)`;
    });
  };
  element.addEventListener("pointerdown", (event) => {
    const onGrip = event.target.closest(".aq-grip");
    const byMouse = event.pointerType === "mouse" && !event.target.closest(".aq-move");
    if (event.button !== 0 || order.view.state.over || !(onGrip || byMouse)) return;
    drag = begin(event);
    element.setPointerCapture(event.pointerId);
  });
  element.addEventListener("pointermove", (event) => {
    if (!drag) return;
    if (!drag.moving && Math.abs(event.clientY - drag.y) < DRAG_STARTS_PX) return;
    drag.moving = true;
    order.list.classList.add("aq-sorting");
    element.classList.add("aq-dragged");
    follow(event);
  });
  element.addEventListener("pointerup", () => {
    if (!drag) return;
    const { moving, to } = drag;
    end();
    order.stop(key);
    if (moving) order.moveTo(key, to);
  });
  element.addEventListener("pointercancel", () => drag && end());
}
