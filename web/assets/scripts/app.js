// Scripts only enhance: every page works without this file.
import {
  createAll, Button, CharacterCount, ErrorSummary, NotificationBanner,
  ServiceNavigation, SkipLink,
} from "govuk-frontend";
import { keepDrafts } from "./draft.js";
import { usePasskey } from "./passkey.js";
import { followMarks } from "./rubric.js";
import { growRows } from "./rows.js";
import { readySentences } from "./sentences.js";
import { walkGrid } from "./grid.js";
import { followKeys } from "./shortcuts.js";
import { watchSession } from "./session.js";

// GOV.UK Frontend asks for these classes, and does nothing without them.
document.body.classList.add("js-enabled", "govuk-frontend-supported");

for (const component of [
  Button, CharacterCount, ErrorSummary, NotificationBanner, ServiceNavigation,
  SkipLink,
]) {
  createAll(component);
}

// Filters start folded away where there is no room beside the list.
const narrow = window.matchMedia("(max-width: 61.99em)");
const foldFilters = () => {
  for (const panel of document.querySelectorAll("details.vs-filter__body")) {
    panel.open = !narrow.matches;
  }
};
foldFilters();
narrow.addEventListener("change", foldFilters);

// A table that does not scroll need not be a tab stop.
const settleScrollers = () => {
  for (const box of document.querySelectorAll(".vs-scroll")) {
    if (box.scrollWidth > box.clientWidth) box.tabIndex = 0;
    else box.removeAttribute("tabindex");
  }
};
settleScrollers();
window.addEventListener("resize", settleScrollers);

for (const group of document.querySelectorAll("[data-vs-rows]")) growRows(group);
for (const form of document.querySelectorAll("form[data-vs-draft]")) keepDrafts(form);

// A form that was changed asks before the work in it is lost; what is kept as a draft is not.
for (const form of document.querySelectorAll("form[data-vs-guard]")) {
  let changed = false;
  form.addEventListener("input", () => { changed = true; });
  form.addEventListener("submit", () => { changed = false; });
  window.addEventListener("beforeunload", (event) => {
    if (changed && form.dataset.vsDraftState !== "kept") event.preventDefault();
  });
}

for (const button of document.querySelectorAll("[data-vs-print]")) {
  button.hidden = false;
  button.addEventListener("click", () => window.print());
}

for (const area of document.querySelectorAll("[data-vs-passkey]")) usePasskey(area);
for (const grid of document.querySelectorAll("[data-vs-grid]")) walkGrid(grid);
for (const area of document.querySelectorAll("[data-vs-live]")) followMarks(area);
for (const area of document.querySelectorAll("[data-vs-shortcuts]")) followKeys(area);
for (const area of document.querySelectorAll("[data-vs-sentences]")) readySentences(area);
for (const band of document.querySelectorAll("[data-vs-session]")) watchSession(band);
