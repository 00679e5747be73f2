"use strict";
(function () {
  const most = Number(document.body.dataset.most);
  const table = document.getElementById("matrix");
  const body = table.tBodies[0];
  const boxes = [...document.querySelectorAll("#voices input[type=checkbox]")];
  const find = document.getElementById("find");
  const count = document.getElementById("count");
  const first = [...body.rows];
  const chosen = () => boxes.filter((box) => box.checked).map((box) => box.value);
  const pinned = () => first.filter((row) => row.classList.contains("pinned")).map((row) => row.dataset.question);

  function show() {
    const kept = new Set(chosen());
    for (const cell of table.querySelectorAll("[data-voice]")) cell.hidden = !kept.has(cell.dataset.voice);
    for (const box of boxes) box.disabled = !box.checked && kept.size >= most;
    if (count) count.textContent = count.dataset.said.replace("{n}", kept.size).replace("{most}", most);
    const at = new URLSearchParams({ v: [...kept].join("."), p: pinned().join(".") });
    history.replaceState(null, "", "#" + at);
  }

  function order() {
    const rows = [...first.filter((r) => r.classList.contains("pinned")), ...first.filter((r) => !r.classList.contains("pinned"))];
    body.append(...rows);
  }

  for (const row of first) {
    const button = row.querySelector("button.pin");
    button.hidden = false;
    button.addEventListener("click", () => {
      button.setAttribute("aria-pressed", String(row.classList.toggle("pinned")));
      order();
      show();
      button.focus();
    });
  }
  for (const box of boxes) box.addEventListener("change", show);
  if (find) {
    find.addEventListener("input", () => {
      const words = find.value.trim().toLowerCase();
      for (const box of boxes) box.closest("label").hidden = !box.closest("label").textContent.toLowerCase().includes(words);
    });
  }
  const none = document.getElementById("none");
  if (none) none.addEventListener("click", () => { for (const box of boxes) box.checked = false; show(); });

  const asked = new URLSearchParams(location.hash.slice(1));
  if (asked.has("v")) {
    const kept = new Set(asked.get("v").split(".").slice(0, most));
    for (const box of boxes) box.checked = kept.has(box.value);
  }
  if (asked.has("p")) {
    const names = new Set(asked.get("p").split("."));
    for (const row of first) {
      if (!names.has(row.dataset.question)) continue;
      row.classList.add("pinned");
      row.querySelector("button.pin").setAttribute("aria-pressed", "true");
    }
    order();
  }
  document.getElementById("choose").hidden = false;
  show();
})();
