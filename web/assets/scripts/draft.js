// Words are kept as a draft while they are typed. A form with data-vs-draft sends its fields to that
// address a moment after the last key, when a field is left, and when the page goes out of sight; the
// answer's text is shown in [data-vs-draft-status]. While the words cannot be kept that is said
// plainly, and tried again. One sending at a time, each with a higher draft_turn, so that a late one
// cannot undo a newer one. The form's own button still saves.

import { used } from "./session.js";

const pause = 1500; // after the last key
const retryMost = 60_000;

export function keepDrafts(form) {
  const status = form.querySelector("[data-vs-draft-status]");
  const turn = form.elements.draft_turn;
  let timer = 0;
  let retry = 5000;
  let sending = null; // what is on its way
  let waiting = false; // something was typed since
  let leaving = false;

  const say = (text, state) => {
    form.dataset.vsDraftState = state;
    if (status.textContent !== text) status.textContent = text;
    status.classList.toggle("vs-draft-status--failed", state === "failed");
  };

  const later = (wait) => {
    clearTimeout(timer);
    timer = setTimeout(send, wait);
  };

  const fields = () => {
    turn.value = Number(turn.value) + 1;
    const typed = new URLSearchParams(new FormData(form));
    typed.set("draft_page", typed.get("key"));
    typed.delete("key"); // the key counts the one real sending
    return typed;
  };

  async function send(options = {}) {
    clearTimeout(timer);
    if (!waiting || leaving) return;
    if (sending && !options.keepalive) return; // goes again when that has come back
    sending?.abort();
    const mine = new AbortController();
    sending = mine;
    waiting = false;
    try {
      const answer = await fetch(form.dataset.vsDraft, {
        method: "POST", body: fields(), redirect: "manual", signal: mine.signal, keepalive: options.keepalive === true,
      });
      if (answer.ok) {
        used();
        retry = 5000;
        if (!waiting) say(await answer.text(), "kept");
      } else if (answer.type === "opaqueredirect") {
        waiting = true;
        say("Not kept: you have been signed out. Leave this page open, sign in again in another window, then come back and go on typing.", "failed");
        later(retry);
      } else if (answer.status === 409 || answer.status === 413 || answer.status === 403 || answer.status === 404) {
        const text = answer.headers.get("Content-Type")?.startsWith("text/plain") ? await answer.text() : "";
        say("Not kept. " + (text || "This page can no longer be written. Copy what you typed before you leave it."), "failed");
      } else {
        throw new Error(String(answer.status));
      }
    } catch (problem) {
      if (problem.name === "AbortError") return;
      waiting = true;
      say("Not kept yet: the service cannot be reached. Trying again.", "failed");
      retry = Math.min(retry * 2, retryMost);
      later(retry);
    } finally {
      if (sending === mine) {
        sending = null;
        if (waiting && form.dataset.vsDraftState !== "failed") later(pause);
      }
    }
  }

  form.addEventListener("input", () => {
    waiting = true;
    if (form.dataset.vsDraftState !== "failed") form.dataset.vsDraftState = "typing";
    later(pause);
  });
  form.addEventListener("change", () => { if (waiting) later(200); });
  form.addEventListener("focusout", () => { if (waiting) later(200); });
  window.addEventListener("online", () => { if (waiting) later(0); });
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "hidden") send({ keepalive: true });
  });
  window.addEventListener("pagehide", () => send({ keepalive: true }));
  form.addEventListener("submit", () => {
    leaving = true; // the form itself goes now
    clearTimeout(timer);
    sending?.abort();
    turn.value = Number(turn.value) + 1;
  });
  // A page that comes back from the browser's memory goes on.
  window.addEventListener("pageshow", () => { leaving = false; });
}
