// Single keys choose and follow what a page lists, while no field for words has the focus. A person can
// turn them off; the browser remembers it.
const remembered = "vs-shortcuts";
const forWords = (element) => element?.matches?.("textarea, select, input:not([type=radio]):not([type=checkbox])") || element?.isContentEditable;

export function followKeys(area) {
  const button = area.querySelector("[data-vs-shortcuts-switch]");
  let off = localStorage.getItem(remembered) === "off";
  const settle = () => {
    button.textContent = off ? "Turn single keys on" : "Turn these keys off";
    area.querySelector("p").hidden = off;
  };
  area.hidden = false;
  settle();
  button.addEventListener("click", () => {
    off = !off;
    localStorage.setItem(remembered, off ? "off" : "on");
    settle();
  });
  document.addEventListener("keydown", (event) => {
    if (off || event.altKey || event.ctrlKey || event.metaKey || forWords(event.target)) return;
    const one = area.querySelector(`[data-vs-key="${CSS.escape(event.key.toLowerCase())}"]`);
    const target = one && document.getElementById(one.dataset.vsTarget);
    if (!target) return;
    event.preventDefault();
    target.focus();
    if (target.matches("input, a")) target.click();
    if (one.dataset.vsThen) document.getElementById(one.dataset.vsThen)?.focus();
  });
}
