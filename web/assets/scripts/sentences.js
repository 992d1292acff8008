// A ready sentence that is chosen goes into the field for words, where it can be changed. Without
// scripts it is sent as it was chosen and put before the words.
export function readySentences(area) {
  const list = area.querySelector("select");
  const words = document.getElementById(area.dataset.vsSentences);
  list.addEventListener("change", () => {
    const chosen = list.selectedOptions[0];
    if (!chosen.value) return;
    const sentence = chosen.text.slice(chosen.text.indexOf(": ") + 2);
    words.value = [words.value.trim(), sentence].filter(Boolean).join(" ");
    words.dispatchEvent(new Event("input", { bubbles: true }));
    list.value = "";
    words.focus();
  });
}
