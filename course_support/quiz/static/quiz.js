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
