// What a person does with a page: finding things by the words on them. Every
// answer is plain data.
(() => {
  const fold = (text) => (text || "").replace(/\s+/g, " ").trim();
  const shown = (el) => {
    if (!el.checkVisibility({ visibilityProperty: true })) return false;
    const box = el.getBoundingClientRect();
    return box.width > 0 && box.height > 0;
  };
  // The words of a label, without "(optional)" and without what is only for the eyes of a script.
  const words = (el) => fold(el.textContent).replace(/ \(optional\)$/, "");
  const area = (within) => {
    if (!within) return document;
    for (const legend of document.querySelectorAll("legend, h2, h3, h4, caption, summary")) {
      if (words(legend) !== within || !shown(legend)) continue;
      return legend.closest("fieldset") || legend.closest("section, details, table, li, tr") || legend.parentElement;
    }
    return null;
  };
  const labelled = (label, within) => {
    const place = area(within);
    if (!place) return [];
    const found = [];
    for (const el of place.querySelectorAll("label, legend")) {
      if (words(el) !== label) continue;
      const control = el.tagName === "LABEL" ? el.control : null;
      if (control) found.push(control);
    }
    return found;
  };
  const field = (label, within) => {
    const found = labelled(label, within).filter((el) => shown(el) || shown(el.labels[0]));
    return found[0] || null;
  };
  const id = (el) => {
    if (!el.id) el.id = "step-" + Math.random().toString(36).slice(2);
    return el.id;
  };
  const middle = (el) => {
    el.scrollIntoView({ block: "center", behavior: "instant" });
    const box = [...el.getClientRects()].find((r) => r.width > 0 && r.height > 0) || el.getBoundingClientRect();
    const x = box.left + box.width / 2, y = box.top + box.height / 2;
    const top = document.elementFromPoint(x, y);
    const covered = !(top && (el.contains(top) || top.contains(el)));
    return { Found: true, X: x, Y: y, Covered: covered ? (top ? top.outerHTML.slice(0, 120) : "nothing") : "" };
  };
  const none = { Found: false, X: 0, Y: 0, Covered: "" };
  // What the eye reads: without what is only read out.
  const seen = (el) => {
    const copy = el.cloneNode(true);
    for (const hidden of copy.querySelectorAll(".govuk-visually-hidden")) hidden.remove();
    return fold(copy.textContent);
  };
  const pressable = (text, selector, within) => {
    const place = area(within);
    if (!place) return null;
    const all = [...place.querySelectorAll(selector)].filter(shown);
    return all.find((el) => fold(el.innerText) === text || fold(el.getAttribute("aria-label")) === text)
      || all.find((el) => fold(el.textContent) === text) || all.find((el) => seen(el) === text) || null;
  };
  return {
    focus: (label, within) => {
      const el = field(label, within);
      if (!el) return false;
      el.focus();
      if (el.select) el.select();
      return document.activeElement === el;
    },
    empty: () => {
      const el = document.activeElement;
      if (el.value === "") return;
      el.value = "";
      el.dispatchEvent(new Event("input", { bubbles: true }));
      el.dispatchEvent(new Event("change", { bubbles: true }));
    },
    value: (label, within) => {
      const el = field(label, within);
      return el ? { Found: true, Text: el.type === "checkbox" || el.type === "radio" ? String(el.checked) : el.value } : { Found: false, Text: "" };
    },
    pick: (label, option, within) => {
      const el = field(label, within);
      if (!el || el.tagName !== "SELECT") return "no list called " + label;
      const wanted = [...el.options].find((o) => fold(o.text) === option);
      if (!wanted) return "the list has only: " + [...el.options].map((o) => fold(o.text)).join(" | ");
      el.focus();
      el.value = wanted.value;
      el.dispatchEvent(new Event("input", { bubbles: true }));
      el.dispatchEvent(new Event("change", { bubbles: true }));
      return "";
    },
    // Something plausible in every question of the form that has no answer yet.
    answerAll: (text) => {
      const done = {};
      for (const el of document.querySelectorAll("main form input, main form textarea, main form select")) {
        if (!el.name || ["hidden", "submit", "file"].includes(el.type)) continue;
        if (el.type === "radio" || el.type === "checkbox") {
          const group = [...document.getElementsByName(el.name)];
          if (!done[el.name] && !group.some((one) => one.checked)) (group.find((one) => one.value === "no" || one.value === "n") || el).checked = true;
          done[el.name] = true;
        } else if (el.tagName === "SELECT") {
          if (!el.value) el.selectedIndex = Math.min(1, el.options.length - 1);
        } else if (!el.value && !/-(day|month|year)$/.test(el.name)) {
          const asks = el.labels && el.labels[0] ? words(el.labels[0]) : el.getAttribute("aria-label") || "";
          el.value = el.inputMode === "numeric" || el.inputMode === "decimal" ? "5" : /taken on/i.test(asks) ? "20/11/2026" : text;
        }
      }
    },
    fileField: (label, within) => { const el = field(label, within); return el ? id(el) : ""; },
    choice: (option, legend) => {
      const el = field(option, legend);
      return el && (el.type === "radio" || el.type === "checkbox") ? middle(el.labels[0]) : none;
    },
    marked: (option, legend) => { const el = field(option, legend); return el ? el.type + (el.checked ? " chosen" : " open") : ""; },
    button: (text, within) => { const el = pressable(text, "button, input[type=submit], [role=button]", within); return el ? middle(el) : none; },
    fold: (text, within) => { const el = pressable(text, "summary", within); return el ? middle(el) : none; },
    link: (text, within) => { const el = pressable(text, "a[href]", within); return el ? middle(el) : none; },
    // What the page is at, for whoever waits for another in vain.
    state: () => document.readyState + ", " + innerWidth + " px, the focus on " + (document.activeElement ? document.activeElement.outerHTML.slice(0, 120) : "nothing"),
    text: () => fold(document.body.innerText),
    labels: () => [...document.querySelectorAll("label, legend, button, a[href]")].filter(shown).map((el) => el.tagName.toLowerCase() + " “" + words(el) + "”").join(", "),
    // What is wrong with the page beside what axe finds.
    look: () => {
      const problems = [];
      const headings = [...document.querySelectorAll("h1")].filter((el) => el.checkVisibility());
      if (headings.length !== 1) problems.push("has " + headings.length + " h1 headings");
      if (!fold(document.title)) problems.push("has no title");
      if (document.documentElement.lang !== "en-GB") problems.push("does not say its language");
      for (const el of document.querySelectorAll("input, select, textarea")) {
        if (["hidden", "submit", "button"].includes(el.type) || el.hidden) continue;
        if (!(el.labels && el.labels.length) && !el.getAttribute("aria-label") && !el.getAttribute("aria-labelledby")) problems.push("a field has no label: " + el.outerHTML.slice(0, 120));
      }
      const ids = {};
      for (const el of document.querySelectorAll("[id]")) ids[el.id] = (ids[el.id] || 0) + 1;
      for (const [name, times] of Object.entries(ids)) if (times > 1) problems.push("the id " + name + " is there " + times + " times");
      for (const link of document.querySelectorAll(".govuk-error-summary a")) {
        const target = document.getElementById(decodeURIComponent(link.hash.slice(1)));
        if (!target) problems.push("the error summary leads to " + link.hash + ", which is not there");
      }
      for (const el of document.querySelectorAll("[style], script:not([src])")) problems.push("has inline style or script: " + el.outerHTML.slice(0, 120));
      for (const text of document.querySelectorAll("svg text")) {
        const frame = text.closest("svg").getBoundingClientRect(), box = text.getBoundingClientRect();
        if (box.width > 0 && (box.right > frame.right + 1 || box.left < frame.left - 1 || box.bottom > frame.bottom + 1)) problems.push("words of a chart are cut off: " + fold(text.textContent));
      }
      return problems;
    },
    // Figures that are broken over two lines, such as "£246,838." and "50".
    brokenFigures: () => {
      const broken = [];
      const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
      for (let node = walker.nextNode(); node; node = walker.nextNode()) {
        if (node.parentElement.closest("code")) continue; // an address may break anywhere
        for (const found of node.data.matchAll(/(?<!\w)£?\d([\d,.]*\d)?%?(?!\w)/g)) {
          const range = document.createRange();
          range.setStart(node, found.index);
          range.setEnd(node, found.index + found[0].length);
          const tops = [...range.getClientRects()].map((box) => Math.round(box.top));
          if (new Set(tops).size > 1) broken.push("a figure is broken over two lines: " + found[0] + " in " + node.parentElement.outerHTML.slice(0, 80));
        }
      }
      return broken.slice(0, 3);
    },
    // What reaches past the right edge; what scrolls in a box of its own may.
    wide: () => {
      const room = document.documentElement.clientWidth;
      if (document.documentElement.scrollWidth <= room) return [];
      const boxed = (el) => {
        for (let up = el.parentElement; up && up !== document.body; up = up.parentElement) {
          if (getComputedStyle(up).overflowX !== "visible") return true;
        }
        return false;
      };
      const out = [...document.body.querySelectorAll("*")].filter((el) => shown(el) && el.getBoundingClientRect().right > room + 1 && !boxed(el));
      const deepest = out.filter((el) => !out.some((other) => other !== el && el.contains(other)));
      return [document.documentElement.scrollWidth + " px wide: "].concat(deepest.slice(0, 4).map((el) => el.outerHTML.slice(0, 140)));
    },
    // Whatever the keyboard reaches must look different when it is there.
    focusSeen: () => {
      const unseen = [];
      const looks = (el) => {
        const parts = [getComputedStyle(el)];
        const label = el.labels && el.labels[0];
        if (label) parts.push(getComputedStyle(label, "::before"), getComputedStyle(label));
        return parts.map((s) => [s.outlineStyle, s.outlineWidth, s.outlineColor, s.boxShadow, s.backgroundColor, s.borderColor, s.borderWidth].join(" ")).join(" / ");
      };
      for (const el of document.querySelectorAll("a[href], button, input, select, textarea, summary, [tabindex]")) {
        if (el.type === "hidden" || el.disabled || el.tabIndex < 0 || !el.checkVisibility()) continue;
        document.activeElement.blur();
        const before = looks(el);
        el.focus();
        if (document.activeElement !== el) { unseen.push("cannot be focused: " + el.outerHTML.slice(0, 120)); continue; }
        if (looks(el) === before) unseen.push("does not show the focus: " + el.outerHTML.slice(0, 120));
      }
      document.activeElement.blur();
      window.scrollTo(0, 0);
      return unseen.slice(0, 5);
    },
    // How the page is built: which kind of element stands in which.
    built: () => {
      const kind = (el) => el.tagName + "." + el.className + (el.type || "") + (el.getAttribute("role") || "");
      return [...new Set([...document.body.querySelectorAll("*")].filter((el) => !el.closest("svg")).map((el) => kind(el.parentElement) + ">" + kind(el)))].sort().join(" ");
    },
  };
})()
