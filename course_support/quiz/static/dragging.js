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
