// Nobody is signed out unawares. Two minutes before the session ends a band says so, with a button that
// keeps it; afterwards the page is covered, so that nobody else at this screen reads on, and what was
// typed waits behind it until the same person has signed in again in another tab. Tabs tell each other
// when something was done in one of them.

const warnFor = 120_000;
const shared = "vs-last-use"; // a time, nothing else

let last = Date.now();

// used says that the server has just heard from this person.
export function used() {
  last = Date.now();
  try { localStorage.setItem(shared, String(last)); } catch { /* each tab counts for itself */ }
}

export function watchSession(band) {
  const idle = Number(band.dataset.vsIdle) * 1000;
  let ends = Date.now() + Number(band.dataset.vsLeft) * 1000;
  const words = band.querySelector("[data-vs-session-words]");
  const stay = band.querySelector("[data-vs-session-stay]");
  const again = band.querySelector("[data-vs-session-again]");
  const page = document.querySelector("[data-vs-cover]");
  let over = false;

  const say = (text) => { if (words.textContent !== text) words.textContent = text; };

  const cover = () => {
    over = true;
    page.hidden = true;
    band.hidden = again.hidden = stay.hidden = false;
    stay.textContent = "Go on where you were";
    say("You have been signed out. What you typed on this page is still here, out of sight. Sign in again, then go on.");
  };

  const look = () => {
    if (over) return;
    const quiet = idle - (Date.now() - last);
    const left = ends - Date.now();
    if (Math.min(quiet, left) <= 0) return cover();
    band.hidden = Math.min(quiet, left) > warnFor;
    if (band.hidden) return;
    stay.hidden = left < quiet; // nothing makes a working day's session longer
    say(left < quiet
      ? "Your session ends in less than two minutes. Save what you are doing, then sign in again."
      : "You will be signed out in less than two minutes, because nothing has been done here for a while.");
  };

  stay.addEventListener("click", async () => {
    let who = "", left = 0;
    try {
      const answer = await fetch("/account/still-here", { method: "POST", redirect: "manual" });
      if (answer.ok) ({ person: who, left } = await answer.json());
    } catch {
      say("The service cannot be reached. Try again in a moment.");
      return;
    }
    if (who === band.dataset.vsPerson) {
      used();
      ends = Date.now() + left * 1000;
      over = page.hidden = false;
      band.hidden = again.hidden = true;
      stay.textContent = "Stay signed in";
    } else if (who !== "") {
      location.assign("/"); // somebody else has signed in: the page is not theirs
    } else if (over) {
      say("You are not signed in yet. Sign in again, then go on.");
    } else {
      cover();
    }
  });

  used();
  window.addEventListener("storage", (event) => {
    if (event.key === shared) last = Math.max(last, Number(event.newValue) || 0);
  });
  document.addEventListener("visibilitychange", look);
  window.addEventListener("pageshow", look);
  setInterval(look, 1000);
  look();
}
