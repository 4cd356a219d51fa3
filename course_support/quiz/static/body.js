// ---- kinds of questions, each in a file of kinds/ ------------------------------------------

const KINDS = {};

/**
 * How a kind is asked: what it shows, and what is chosen, typed or moved. `view.value` is the
 * answer so far, in the form in which the kind is judged; null for none.
 */
class Body {
  static noun = "Question";

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
