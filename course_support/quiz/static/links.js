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
