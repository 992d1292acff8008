// One more row of a repeated group without asking the server, which adds one where scripts do not run.
// The rows of a [data-vs-rows="group"] are its [data-vs-row] children, and every name and id in them is
// "group-field-N", with more behind it for the parts of a field. The button is named add, with the
// group as its value.

export function growRows(group) {
  const name = group.dataset.vsRows;
  const form = group.closest("form");
  const button = form?.querySelector(`button[name="add"][value="${name}"]`);
  if (!button) return;
  const shape = new RegExp(`^(${name}-[a-z]+-)\\d+`);
  const rows = () => group.querySelectorAll(":scope > [data-vs-row]");

  const renumber = (row, n) => {
    for (const element of row.querySelectorAll("*")) {
      for (const attribute of ["id", "name", "for", "aria-describedby"]) {
        const value = element.getAttribute(attribute);
        if (value) element.setAttribute(attribute, value.split(" ").map((one) => one.replace(shape, `$1${n}`)).join(" "));
      }
    }
    const legend = row.querySelector("legend");
    legend.textContent = legend.textContent.trim().replace(/\d+.*$/, String(n + 1));
  };

  const empty = (row) => {
    for (const gone of row.querySelectorAll(".govuk-error-message, details, input[type=checkbox]")) {
      (gone.closest(".govuk-checkboxes") ?? gone).remove();
    }
    for (const marked of row.querySelectorAll("[class*='--error']")) {
      marked.className = marked.className.split(" ").filter((one) => !one.endsWith("--error")).join(" ");
    }
    for (const field of row.querySelectorAll("input, select, textarea")) {
      field.removeAttribute("aria-invalid");
      if (field.type === "radio") field.checked = false;
      else if (field.tagName === "SELECT") field.selectedIndex = 0;
      else field.value = "";
    }
  };

  button.addEventListener("click", (event) => {
    const last = [...rows()].at(-1);
    if (!last) return;
    event.preventDefault();
    const row = last.cloneNode(true);
    empty(row);
    renumber(row, rows().length);
    last.after(row);
    row.querySelector("input:not([type=hidden]), textarea, select")?.focus();
    button.hidden = rows().length >= Number(group.dataset.vsMost);
  });
}
