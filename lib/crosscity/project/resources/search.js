"use strict";
// Search over findings, figures and tables. What is found is data: it goes into the page by textContent alone.
(() => {
  const data = JSON.parse(document.getElementById("search-data").textContent);
  const [section, box, said, results] = ["search", "search-box", "search-said", "search-results"].map((id) => document.getElementById(id));
  const SHOWN = 6;
  const fold = (text) => text.normalize("NFKC").toLowerCase();
  const entries = [];
  for (const [kind, run, title, text, href] of data.entries) entries.push({ kind, run, title, text, href });
  data.tables.forEach(({ run, name, href, columns, rows }) => {
    rows.forEach((cells, i) => {
      const text = columns.map((column, c) => (cells[c] ? `${column}: ${cells[c]}` : "")).filter(Boolean).join(" · ");
      entries.push({ kind: data.row, run, title: `${name}, ${data.words.row} ${i + 1}`, text, href, cells });
    });
  });
  // Of a row its cells are searched, not the names of its columns, which all rows have.
  for (const entry of entries) entry.in = fold(`${entry.cells ? entry.cells.join(" ") : entry.title + " " + entry.text}`);

  const make = (tag, text, parent) => {
    const element = document.createElement(tag);
    if (text !== null) element.textContent = text;
    if (parent) parent.append(element);
    return element;
  };
  const marked = (element, text, words) => {
    // Folding may change the length of a text; then nothing is marked in it.
    const low = fold(text);
    let at = 0;
    while (low.length === text.length && at < text.length) {
      const next = words.map((word) => [low.indexOf(word, at), word.length]).filter(([place]) => place >= 0).sort((a, b) => a[0] - b[0] || b[1] - a[1])[0];
      if (!next) break;
      element.append(text.slice(at, next[0]));
      make("mark", text.slice(next[0], next[0] + next[1]), element);
      at = next[0] + next[1];
    }
    element.append(text.slice(at));
  };
  const excerpt = (text, words) => {
    const first = Math.min(...words.map((word) => fold(text).indexOf(word)).filter((place) => place >= 0), text.length);
    const start = text.length > 240 && first > 120 ? first - 80 : 0;
    return (start ? "…" : "") + text.slice(start, start + 240) + (start + 240 < text.length ? "…" : "");
  };
  const item = (entry, words, list) => {
    const li = make("li", null, list);
    const link = make("a", null, li);
    link.href = entry.href;
    marked(link, entry.kind === data.finding ? excerpt(entry.text, words) : entry.title, words);
    const below = make("span", null, li);
    below.append(entry.run);
    if (entry.kind !== data.finding && entry.text) {
      below.append(" · ");
      marked(below, excerpt(entry.text, words), words);
    }
  };
  const search = () => {
    const words = fold(box.value).split(/\s+/).filter(Boolean);
    results.replaceChildren();
    if (!words.length) {
      said.textContent = "";
      return;
    }
    const found = entries.filter((entry) => words.every((word) => entry.in.includes(word)));
    said.textContent = (found.length ? data.words.found.replace("{n}", found.length) : data.words.none) + (data.cut ? " " + data.cut : "");
    data.kinds.forEach((name, kind) => {
      const part = found.filter((entry) => entry.kind === kind);
      if (!part.length) return;
      make("h3", `${name} (${part.length})`, results);
      const list = make("ol", null, results);
      part.slice(0, SHOWN).forEach((entry) => item(entry, words, list));
      if (part.length > SHOWN) {
        const more = make("button", data.words.more.replace("{n}", Math.min(part.length, 300) - SHOWN), results);
        more.type = "button";
        more.addEventListener("click", () => {
          part.slice(SHOWN, 300).forEach((entry) => item(entry, words, list));
          list.children[SHOWN].querySelector("a").focus();
          more.remove();
        });
      }
    });
  };
  let waiting = 0;
  box.addEventListener("input", () => {
    clearTimeout(waiting);
    waiting = setTimeout(search, 120);
  });
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
    const links = [...results.querySelectorAll("a, button")];
    const at = links.indexOf(document.activeElement);
    if (event.key === "/" && document.activeElement !== box) {
      box.focus();
      box.select();
    } else if (event.key === "ArrowDown" && (document.activeElement === box || at >= 0) && links[at + 1]) {
      links[at + 1].focus();
    } else if (event.key === "ArrowUp" && at >= 0) {
      (links[at - 1] || box).focus();
    } else if (event.key === "Escape" && at >= 0) {
      box.focus();
    } else return;
    event.preventDefault();
  });
  section.hidden = false;
  if (box.value) search();
  if (location.hash === "#search") box.focus();
  window.addEventListener("hashchange", () => location.hash === "#search" && box.focus());
})();
