import { createAll, Button } from "govuk-frontend";

// A rubric: the grade follows the marks, worked out by the server as its button does, and digits choose
// a grade while a criterion has the focus.
export function followMarks(area) {
  const form = area.closest("form");
  const into = document.getElementById(area.dataset.vsLiveInto);
  const says = area.querySelector("[data-vs-live-says]");
  let turn = 0;
  let soon;
  const workOut = async () => {
    const mine = ++turn;
    const sent = new URLSearchParams(new FormData(form));
    sent.delete("key");
    const answer = await fetch(area.dataset.vsLive, { method: "POST", body: sent }).catch(() => null);
    if (!answer?.ok || mine !== turn) return; // the button still works it out
    const focused = document.activeElement?.id;
    into.innerHTML = await answer.text();
    createAll(Button, undefined, into);
    if (focused && document.activeElement?.id !== focused) document.getElementById(focused)?.focus();
    const words = into.querySelector("[data-vs-says]")?.dataset.vsSays;
    if (says && words) says.textContent = words;
  };
  area.addEventListener("change", (event) => {
    if (event.target.type !== "radio") return;
    event.target.closest("[data-vs-criterion]")?.querySelector("details[data-vs-note]")?.setAttribute("open", "");
    workOut();
  });
  area.addEventListener("input", (event) => {
    if (event.target.type === "radio" || into.contains(event.target)) return;
    clearTimeout(soon);
    soon = setTimeout(workOut, 700);
  });
  area.addEventListener("keydown", (event) => {
    const from = event.target;
    if (from.type !== "radio" || !/^[1-9]$/.test(event.key) || event.altKey || event.ctrlKey || event.metaKey) return;
    const chosen = [...form.querySelectorAll(`input[type=radio][name="${from.name}"]`)][event.key - 1];
    if (!chosen) return;
    event.preventDefault();
    chosen.focus();
    chosen.click();
  });
  for (const hint of area.querySelectorAll("[data-vs-keys]")) hint.hidden = false;
}
