"use strict";
// Search over an index that is packed into the page. What is found is data: it goes into the page by textContent alone.
// The address keeps the query: #q=WORDS, and #p=DOCUMENT.PARAGRAPH or #r=TABLE.ROW for what is read.
(async () => {
  const data = JSON.parse(document.getElementById("search-data").textContent);
  const { words: said_, roles, kinds } = data;
  const [section, box, said, results] = ["search", "search-box", "search-said", "search-results"].map((id) => document.getElementById(id));
  const SHOWN = 6, LISTED = 300, AROUND = 4;
  // Full-width letters as narrow ones, and all of them small: the length stays, so that places stay.
  const fold = (text) => text.toLowerCase().replace(/[\uff01-\uff5e]/g, (c) => String.fromCharCode(c.charCodeAt(0) - 0xfee0));
  const fill = (text, values) => text.replace(/{(\w+)}/g, (whole, name) => (name in values ? values[name] : whole));
  const escaped = (text) => text.replace(/[\\^$.*+?()[\]{}|/]/g, "\\$&");

  const asked = () => {
    const hash = new URLSearchParams(location.hash.slice(1));
    return { query: hash.get("q") || "", paragraph: hash.get("p"), row: hash.get("r") };
  };
  const address = (part, query) => `#${part ? part + "&" : ""}q=${encodeURIComponent(query)}`;
  box.value = asked().query;
  section.hidden = false;
  if (!window.DecompressionStream) {
    said.textContent = said_.old;
    return;
  }
  said.textContent = said_.loading;
  const bytes = Uint8Array.from(atob(data.index), (c) => c.charCodeAt(0));
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"));
  const index = JSON.parse(await new Response(stream).text());
  said.textContent = "";

  const entries = [];
  for (const [kind, where, title, text, href, more] of index.entries) entries.push({ kind, where, title, text, href, in: fold(`${title} ${text} ${more}`) });
  index.paragraphs.forEach((part, d) => {
    const [group, title] = index.documents[d];
    for (const [number, text] of part) entries.push({ kind: roles.paragraph, where: `${group} · ${title} · ${fill(said_.paragraph, { n: number })}`, title: "", text, at: `p=${d}.${number}`, of: d, in: fold(text) });
  });
  index.tables.forEach((table, t) =>
    table.rows.forEach((cells, i) => {
      const text = table.columns.map((column, c) => (cells[c] ? `${column}: ${cells[c]}` : "")).filter(Boolean).join(" · ");
      // Of a row its cells are searched, not the names of its columns, which all rows have.
      entries.push({ kind: roles.row, where: table.run, title: `${table.name}, ${fill(said_.row, { n: i + 1 })}`, text, at: `r=${t}.${i}`, in: fold(cells.join(" ")) });
    }),
  );

  // How a query is read: Chinese as it stands; Latin words as they stand, as glosses of Chinese terms, or as pinyin.
  const longest = Math.max(...Object.keys(data.readings).map((reading) => reading.length), 0);
  const pinyin = (word) => {
    const rest = word.replace(/[\s'’-]/g, "").replace(/ü/g, "v");
    const found = [];
    const step = (at, classes) => {
      if (found.length >= 20) return;
      if (at === rest.length) {
        if (classes.length > 1) found.push(classes.join(""));
        return;
      }
      for (let n = Math.min(longest, rest.length - at); n; n--) {
        const characters = data.readings[rest.slice(at, at + n)];
        if (characters) step(at + n, [...classes, `[${characters}]`]);
      }
    };
    if (/^[a-z]+$/.test(rest)) step(0, []);
    return found;
  };
  const stem = (word) => word.replace(/(?:ies|es|s|y)$/, "");
  const glosses = data.glosses.map(([term, gloss]) => [term, fold(gloss).split(/[^a-z0-9]+/).filter(Boolean).map(stem)]);
  const small = (word) => ["the", "of", "a", "an", "and", "in", "on", "for", "to"].includes(word);
  const english = (phrase) => {
    const wanted = phrase.split(/[^a-z0-9]+/).filter((word) => word && !small(word)).map(stem);
    if (!wanted.length || wanted.some((word) => word.length < 2)) return [];
    const near = glosses.filter(([, words]) => wanted.every((word) => words.includes(word)));
    // Or, where no gloss has all the words, those that have most of them and no other.
    const inside = near.length ? [] : glosses.filter(([, words]) => words.length > 1 && words.every((word) => wanted.includes(word)));
    const most = Math.max(...inside.map(([, words]) => words.length));
    const terms = [...near.sort((a, b) => a[1].length - b[1].length), ...inside.filter(([, words]) => words.length === most)];
    return terms.slice(0, 16).map(([term]) => term);
  };
  const reading = (query) => {
    const runs = [];
    for (const word of fold(query).split(/\s+/).filter(Boolean)) {
      const latin = /^[a-zü'’-]+$/.test(word);
      if (latin && runs.length && runs[runs.length - 1].latin) runs[runs.length - 1].words.push(word);
      else runs.push({ latin, words: [word] });
    }
    const notes = [];
    const alternatives = (word) => {
      const terms = english(word), read = terms.length ? [] : pinyin(word);
      if (terms.length) notes.push(fill(said_.gloss, { word, terms: terms.join("、") }));
      if (read.length) notes.push(fill(said_.pinyin, { word }));
      return [...terms.map((term) => escaped(fold(term))), ...read];
    };
    const as = (sources) => new RegExp(sources.join("|"), "gu");
    const plain = [], other = [];
    for (const { latin, words } of runs) {
      plain.push(...words.map((word) => as([escaped(word)])));
      if (!latin) other.push(as([escaped(words[0])]));
      else {
        const whole = alternatives(words.join(" "));
        if (whole.length) other.push(as(whole));
        else if (words.length > 1) other.push(...words.filter((word) => !small(word)).map((word) => as([escaped(word), ...alternatives(word)])));
        else other.push(as([escaped(words[0])]));
      }
    }
    const ways = [plain];
    if (runs.some((run) => run.latin)) ways.push(other);
    return { ways, notes, all: runs.length ? as(ways.flat().map((regex) => regex.source)) : null };
  };
  const holds = (regex, text) => {
    regex.lastIndex = 0;
    return regex.test(text);
  };

  const make = (tag, text, parent) => {
    const element = document.createElement(tag);
    if (text !== null) element.textContent = text;
    if (parent) parent.append(element);
    return element;
  };
  const marked = (element, text, regex) => {
    const low = fold(text);
    let at = 0;
    if (regex) {
      for (const match of low.matchAll(regex)) {
        if (!match[0]) continue;
        element.append(text.slice(at, match.index));
        make("mark", text.slice(match.index, match.index + match[0].length), element);
        at = match.index + match[0].length;
      }
    }
    element.append(text.slice(at));
  };
  const excerpt = (text, regex) => {
    const first = Math.max(fold(text).search(regex), 0);
    const start = text.length > 240 && first > 120 ? first - 80 : 0;
    return (start ? "…" : "") + text.slice(start, start + 240) + (start + 240 < text.length ? "…" : "");
  };
  const item = (entry, read, query, list) => {
    const li = make("li", null, list);
    const link = make("a", null, li);
    link.href = entry.at ? address(entry.at, query) : entry.href.startsWith("#") ? address(entry.href.slice(1), query) : entry.href;
    marked(link, entry.title || excerpt(entry.text, read), read);
    const below = make("span", null, li);
    below.append(entry.where);
    if (entry.title && entry.text) {
      below.append(" · ");
      marked(below, excerpt(entry.text, read), read);
    }
  };

  const open = (paragraph, row, query, read) => {
    // A paragraph in its document, or a row of a table with those around it.
    const [of, number] = (paragraph || row).split(".").map(Number);
    const back = make("p", null, results);
    make("a", said_.back, back).href = address("", query);
    let target = null;
    if (paragraph) {
      if (!index.documents[of]) return;
      make("h2", index.documents[of].join(" · "), results);
      for (const [n, text] of index.paragraphs[of] || []) {
        const p = make("p", null, results);
        p.className = "read";
        p.lang = "zh";
        make("small", `${n} `, p);
        marked(p, text, read);
        if (n === number) target = p;
      }
    } else {
      const table = index.tables[of];
      if (!table || !table.rows[number]) return;
      make("h2", `${table.run} · ${table.name}`, results);
      make("a", said_.whole, make("p", null, results)).href = table.href;
      const list = make("dl", null, results);
      table.columns.forEach((column, c) => {
        if (!table.rows[number][c]) return;
        make("dt", column, list);
        marked(make("dd", null, list), table.rows[number][c], read);
      });
      const scroll = make("div", null, results);
      scroll.className = "scroll";
      scroll.tabIndex = 0;
      scroll.setAttribute("role", "region");
      scroll.setAttribute("aria-label", table.name);
      const grid = make("table", null, scroll);
      const head = make("tr", null, make("thead", null, grid));
      for (const column of table.columns) make("th", column, head).scope = "col";
      const body = make("tbody", null, grid);
      for (let i = Math.max(number - AROUND, 0); i < Math.min(number + AROUND + 1, table.rows.length); i++) {
        const tr = make("tr", null, body);
        for (const cell of table.rows[i]) marked(make("td", null, tr), cell, read);
        if (i === number) tr.className = "here";
      }
      target = list;
    }
    if (target) {
      target.classList.add("here");
      target.tabIndex = -1;
      target.focus({ preventScroll: true });
      target.scrollIntoView({ block: "center" });
    }
  };
  const search = () => {
    const { query, paragraph, row } = asked();
    if (document.activeElement !== box) box.value = query;
    results.replaceChildren();
    said.textContent = "";
    const { ways, notes, all } = reading(query);
    if (paragraph || row) return open(paragraph, row, query, all);
    if (!all) return;
    const found = entries.filter((entry) => ways.some((way) => way.every((regex) => holds(regex, entry.in))));
    const parts = [found.length === 1 ? said_.one : found.length ? fill(said_.found, { n: found.length.toLocaleString("en") }) : said_.none];
    const inText = found.filter((entry) => entry.kind === roles.paragraph);
    if (inText.length && ways[0].length === 1) {
      let times = 0;
      for (const entry of inText) times += [...entry.in.matchAll(all)].length;
      parts.push(fill(said_.stands, { query, times: times.toLocaleString("en"), documents: new Set(inText.map((entry) => entry.of)).size, all: index.documents.length }));
    }
    said.textContent = [...parts, ...notes].join(" ");
    const seen = new Map();
    for (const entry of found) {
      // What names it in its title comes first; of paragraphs the first of each document, then the second.
      entry.rank = entry.title && holds(all, fold(entry.title)) ? 0 : 1;
      if (entry.kind === roles.paragraph) {
        entry.rank = seen.get(entry.of) || 0;
        seen.set(entry.of, entry.rank + 1);
      }
    }
    kinds.forEach((name, kind) => {
      const part = found.filter((entry) => entry.kind === kind).sort((a, b) => a.rank - b.rank);
      if (!part.length) return;
      make("h2", `${name} (${part.length.toLocaleString("en")})`, results);
      const list = make("ol", null, results);
      part.slice(0, SHOWN).forEach((entry) => item(entry, all, query, list));
      if (part.length > SHOWN) {
        const more = make("button", fill(said_.more, { n: Math.min(part.length, LISTED) - SHOWN }), results);
        more.type = "button";
        more.addEventListener("click", () => {
          part.slice(SHOWN, LISTED).forEach((entry) => item(entry, all, query, list));
          list.children[SHOWN].querySelector("a").focus();
          if (part.length > LISTED) more.replaceWith(make("p", fill(said_.rest, { n: (part.length - LISTED).toLocaleString("en") }), null));
          else more.remove();
        });
      }
    });
  };
  let waiting = 0;
  box.addEventListener("input", () => {
    clearTimeout(waiting);
    waiting = setTimeout(() => {
      location.replace(address("", box.value));
    }, 150);
  });
  box.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || event.isComposing) return;
    clearTimeout(waiting);
    location.hash = address("", box.value);
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
  window.addEventListener("hashchange", search);
  search();
  if (!asked().paragraph && !asked().row) box.focus();
})();
