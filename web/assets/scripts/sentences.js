// A ready sentence that is chosen goes into the field for words, where it can be changed. Arrows and
// letters go through the list; Enter takes what they came to, and so does leaving the list. Without
// scripts it is sent as it was chosen and put before the words.
export function readySentences(area) {
  const list = area.querySelector("select");
  const words = document.getElementById(area.dataset.vsSentences);
  let byKey = false;
  const take = () => {
    const chosen = list.selectedOptions[0];
    if (!chosen?.value) return false;
    const sentence = chosen.text.slice(chosen.text.indexOf(": ") + 2);
    words.value = [words.value.trim(), sentence].filter(Boolean).join(" ");
    words.dispatchEvent(new Event("input", { bubbles: true }));
    list.value = "";
    return true;
  };
  list.addEventListener("pointerdown", () => { byKey = false; });
  list.addEventListener("keydown", (event) => {
    byKey = true;
    if (event.key !== "Enter" || !take()) return;
    event.preventDefault();
    words.focus();
  });
  list.addEventListener("change", () => {
    if (!byKey && take()) words.focus();
  });
  list.addEventListener("blur", take);
}
