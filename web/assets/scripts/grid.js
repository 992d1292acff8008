// A grid of marks: arrow keys and Enter go from cell to cell as in a spreadsheet, and a link fills in a
// day's blanks without asking the server, so that nothing typed is lost.
const moves = { ArrowUp: [-1, 0], ArrowDown: [1, 0], Enter: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] };

export function walkGrid(grid) {
  const rows = () => [...grid.querySelectorAll("tr")].map((row) => [...row.querySelectorAll("input[data-vs-cell]")]).filter((cells) => cells.length > 0);
  grid.addEventListener("focusin", (event) => {
    if (event.target.matches("input[data-vs-cell]")) event.target.select();
  });
  grid.addEventListener("keydown", (event) => {
    const move = moves[event.key];
    const from = event.target;
    if (!move || !from.matches("input[data-vs-cell]") || event.altKey || event.ctrlKey || event.metaKey || event.shiftKey) return;
    const whole = from.selectionStart === 0 && from.selectionEnd === from.value.length;
    if (move[1] < 0 && from.selectionStart > 0 && !whole) return; // within the text
    if (move[1] > 0 && from.selectionEnd < from.value.length && !whole) return;
    event.preventDefault();
    next(rows(), from, move)?.focus();
  });
  const says = grid.querySelector("[data-vs-says]");
  for (const link of grid.querySelectorAll("a[data-vs-present]")) {
    link.addEventListener("click", (event) => {
      event.preventDefault();
      const days = link.dataset.vsPresent.split(" ");
      let filled = 0;
      for (const cell of rows().flat()) {
        const [day, session] = cell.dataset.vsCell.split(" ");
        if (cell.value.trim() !== "" || !days.includes(day)) continue;
        cell.value = session === "AM" ? "/" : "\\";
        filled++;
        cell.dispatchEvent(new Event("input", { bubbles: true }));
      }
      if (says) says.textContent = filled === 0 ? "There was no blank to fill in." : `${filled} filled in as present. Change what is not so, then keep the marks.`;
    });
  }
}

// next is the cell beside one. A child who is not on roll on a day has no cell there, so days are matched by
// what they are, not by where they stand.
function next(rows, from, [down, right]) {
  const row = rows.findIndex((cells) => cells.includes(from));
  if (right !== 0) return rows[row][rows[row].indexOf(from) + right];
  for (let n = row + down; n >= 0 && n < rows.length; n += down) {
    const same = rows[n].find((cell) => cell.dataset.vsCell === from.dataset.vsCell);
    if (same) return same;
  }
  return undefined;
}
