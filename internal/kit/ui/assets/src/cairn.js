// Cairn: the whole of the browser-side behaviour. Every page works without it.
const $ = (q, el = document) => el.querySelector(q);
const $$ = (q, el = document) => [...el.querySelectorAll(q)];
const root = document.documentElement;
const typing = (e) => e.target.closest("input, textarea, select, [contenteditable]");
const keysOff = root.dataset.keys === "off";

// Command palette: the destinations of the navigation; type to narrow, Enter to go.
const palette = $("#palette");
const shown = () => $$("[role=option]", palette).filter((o) => !o.hidden);
const choose = (o) => {
  $$("[role=option]", palette).forEach((x) => x.setAttribute("aria-selected", x === o));
  $("input", palette).setAttribute("aria-activedescendant", o?.id ?? "");
  o?.scrollIntoView({ block: "nearest" });
};
const narrow = (q) => {
  const words = q.toLowerCase().split(/\s+/);
  $$("[role=option]", palette).forEach((o) => (o.hidden = !words.every((w) => o.textContent.toLowerCase().includes(w))));
  choose(shown()[0]);
};
const openPalette = () => {
  const list = $("[role=listbox]", palette);
  if (!list.children.length)
    $$(".side a[href]").forEach((a, n) => {
      const o = document.createElement("li");
      o.id = `go-${n}`;
      o.setAttribute("role", "option");
      o.textContent = a.textContent.trim();
      o.dataset.href = a.href;
      o.addEventListener("click", () => (location.href = o.dataset.href));
      list.append(o);
    });
  palette.showModal();
  $("input", palette).value = "";
  narrow("");
};
palette?.addEventListener("input", (e) => narrow(e.target.value));
palette?.addEventListener("keydown", (e) => {
  const list = shown(), at = list.findIndex((o) => o.getAttribute("aria-selected") === "true");
  if (e.key === "ArrowDown" || e.key === "ArrowUp") {
    e.preventDefault();
    choose(list[(at + (e.key === "ArrowDown" ? 1 : -1) + list.length) % list.length]);
  }
  if (e.key === "Enter") { e.preventDefault(); if (list[at]) location.href = list[at].dataset.href; }
});

// Keys. Single letters only when nobody is typing, and not at all when switched off.
let g = false;
document.addEventListener("keydown", (e) => {
  if ((e.ctrlKey || e.metaKey) && e.key.toLowerCase() === "k" && palette) { e.preventDefault(); openPalette(); return; }
  if ((e.ctrlKey || e.metaKey) && e.key === "Enter") { e.target.closest("form")?.querySelector(".primary")?.click(); return; }
  if (keysOff || typing(e) || e.ctrlKey || e.metaKey || e.altKey || palette?.open) return;
  if (g) { const a = $(`.side a[data-key="${CSS.escape(e.key)}"]`); if (a) location.href = a.href; }
  g = e.key === "g";
  if (e.key === "/" && palette) { e.preventDefault(); openPalette(); }
  if (e.key === "?") location.href = "/keys";
  if (e.key === "e") document.activeElement.closest("tr, li")?.querySelector(".ev")?.click();
  if (e.key === "j" || e.key === "k") {
    const rows = $$("tbody th a[href], .attend h3 a");
    const at = rows.indexOf(document.activeElement);
    rows[Math.max(0, Math.min(rows.length - 1, at + (e.key === "j" ? 1 : -1)))]?.focus();
  }
});
document.addEventListener("click", (e) => {
  if (e.target.closest("[data-palette]")) openPalette();
  if (e.target === palette) palette.close();
});

// A filter that changes asks the server at once; without this there is a button.
$$("form[data-auto]").forEach((f) => f.addEventListener("change", () => f.requestSubmit()));

// What was typed is not lost by leaving the page by mistake.
let dirty = false;
$$("form[data-guard]").forEach((f) => {
  f.addEventListener("input", () => (dirty = true));
  f.addEventListener("submit", () => (dirty = false));
});
addEventListener("beforeunload", (e) => { if (dirty) e.preventDefault(); });

// A form that takes longer than a moment says so, and is sent once.
$$("form").forEach((f) => f.addEventListener("submit", (e) => {
  const b = e.submitter;
  if (f.dataset.sent) { e.preventDefault(); return; }
  if (f.method === "post") f.dataset.sent = "1";
  setTimeout(() => b?.setAttribute("aria-busy", "true"), 300);
}));
addEventListener("pageshow", () => $$("form[data-sent]").forEach((f) => delete f.dataset.sent));

// A toast goes by itself; it never holds the only way to act.
$$("#toasts .toast").forEach((t) => setTimeout(() => t.remove(), 8000));

// A region that does not scroll is no stop on the way through the page.
const stops = () => $$(".scroll").forEach((el) => (el.tabIndex = el.scrollWidth > el.clientWidth + 1 ? 0 : -1));
addEventListener("resize", stops);
stops();

// A button that copies appears where copying works.
if (navigator.clipboard) $$("[data-copy]").forEach((b) => {
  b.hidden = false;
  b.addEventListener("click", async () => {
    await navigator.clipboard.writeText($("#" + CSS.escape(b.dataset.copy)).textContent);
    b.textContent = "Copied";
  });
});
