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
