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
  if (g) { // the letter of a page means nothing else
    const a = $(`.side a[data-key="${CSS.escape(e.key)}"]`);
    g = false;
    if (a) { location.href = a.href; return; }
  }
  g = e.key === "g";
  if (e.key === "/" && palette) { e.preventDefault(); openPalette(); }
  if (e.key === "?") location.href = "/keys";
  if (e.key === "e") document.activeElement.closest("tr, li")?.querySelector(".ev")?.click();
  if (e.key === "j" || e.key === "k") {
    const rows = $$("tbody th a[href], .attend h3 a");
    const at = rows.indexOf(document.activeElement);
    rows[Math.max(0, Math.min(rows.length - 1, at + (e.key === "j" ? 1 : -1)))]?.focus();
  }
  if (e.key === "x") document.activeElement.closest("tr")?.querySelector("input[type=checkbox]")?.click();
});

// A table goes to a spreadsheet as a table: as HTML, and as text with tabs. Buttons,
// boxes to tick and second lines stay behind. A negative number stays a number there,
// and no text becomes a formula.
const pasted = (s) => (/^−\D{0,4}[\d,.]+$/.test(s) ? s.replace("−", "-") : /^[=+\-@]/.test(s) ? "'" + s : s);
const cell = (c) => {
  const copy = c.cloneNode(true);
  $$("button, input, svg, .sub", copy).forEach((x) => x.remove());
  return pasted(copy.textContent.replace(/\s+/g, " ").trim());
};
const rowsOf = (table) => {
  const boxes = $("input[type=checkbox]", table) ? 1 : 0; // what spans columns spans that of the boxes too
  return [...table.rows].map((r) => [...r.cells].filter((c) => !$("input[type=checkbox]", c)).map((c) => ({ text: cell(c), span: c.colSpan > 1 ? c.colSpan - boxes : 1 })));
};
$$("[data-copy-table]").forEach((b) => {
  b.hidden = false;
  b.addEventListener("click", async () => {
    const rows = rowsOf(document.getElementById(b.dataset.copyTable));
    const text = rows.map((r) => r.map((c) => c.text + "\t".repeat(c.span - 1)).join("\t")).join("\n");
    const table = document.createElement("table");
    rows.forEach((r) => { const tr = table.insertRow(); r.forEach((c) => { const td = tr.insertCell(); td.textContent = c.text; td.colSpan = c.span; }); });
    const put = (e) => { e.preventDefault(); e.clipboardData.setData("text/plain", text); e.clipboardData.setData("text/html", table.outerHTML); };
    document.addEventListener("copy", put, { once: true });
    document.execCommand("copy");
    b.dataset.copied = "yes";
    b.textContent = "Copied as a table";
  });
});
document.addEventListener("click", (e) => {
  if (e.target.closest("[data-palette]")) openPalette();
  if (e.target === palette) palette.close();
});

// A filter that changes asks the server at once; without this there is a button.
$$("form[data-auto]").forEach((f) => f.addEventListener("change", () => f.requestSubmit()));
$$("form[data-auto] [data-scripted]").forEach((b) => (b.hidden = true));

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

// What a receiver limits is counted while it is typed, in letters and not in bytes.
$$("[data-counts]").forEach((out) => {
  const boxes = out.dataset.counts.split(" ").map((name) => $("#" + CSS.escape(name))).filter(Boolean);
  const say = () => {
    const n = [...boxes.map((b) => b.value.trim()).filter(Boolean).join("\n")].length, most = Number(out.dataset.most);
    out.textContent = `${n} of ${most} characters${n > most ? `: ${n - most} too many` : ""}`;
    out.classList.toggle("error", n > most);
  };
  boxes.forEach((b) => b.addEventListener("input", say));
  say();
});

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

// A selection of rows: ranges with Shift, all of the page, the count and the
// sums. Without this the boxes and the form work as they are.
$$("form[data-selection]").forEach((bar) => {
  const boxes = [...bar.elements].filter((b) => b.name === "project" && b.type === "checkbox");
  const all = $("[data-select-all]"), whole = $("[data-all]", bar), clear = $("[data-clear]", bar);
  const idle = $("[data-chosen]", bar).textContent;
  let last = null;
  const millions = (minor) => `${(minor / 1e8).toFixed(2)}m`;
  const sum = (chosen, name, word) => {
    const have = chosen.filter((b) => b.dataset[name] !== "");
    const money = new Set(have.map((b) => b.dataset.currency));
    if (!have.length) return "";
    if (money.size > 1) return `${word} in several currencies`;
    return `${word} ${millions(have.reduce((n, b) => n + Number(b.dataset[name]), 0))} ${[...money][0]} of ${have.length}`;
  };
  const say = () => {
    const chosen = boxes.filter((b) => b.checked);
    boxes.forEach((b) => b.closest("tr").setAttribute("aria-selected", b.checked));
    if (all) { all.checked = chosen.length === boxes.length; all.indeterminate = !all.checked && chosen.length > 0; }
    const n = whole?.checked ? Number(whole.dataset.all) : chosen.length;
    $("[data-chosen]", bar).textContent = n ? `${n} selected` : idle;
    $("[data-sums]", bar).textContent = whole?.checked ? "" : [sum(chosen, "budget", "budget"), sum(chosen, "forecast", "forecast")].filter(Boolean).join(", ");
    clear.hidden = n === 0;
    bar.classList.toggle("on", n > 0);
  };
  boxes.forEach((b) => b.addEventListener("click", (e) => {
    if (e.shiftKey && last && last !== b) {
      const [from, to] = [boxes.indexOf(last), boxes.indexOf(b)].sort((x, y) => x - y);
      boxes.slice(from, to + 1).forEach((x) => (x.checked = b.checked));
    }
    last = b;
    say();
  }));
  all?.removeAttribute("hidden");
  all?.addEventListener("change", () => { boxes.forEach((b) => (b.checked = all.checked)); say(); });
  whole?.addEventListener("change", say);
  bar.addEventListener("reset", () => setTimeout(say));
  addEventListener("pageshow", say);
  say();
});

// Work that goes on behind the page: its count is read again every second, and
// the page itself when the work has ended. Without this the page reloads.
const progress = $("[data-refresh]");
if (progress) {
  const again = async () => {
    const next = await fetch(location.href).then((r) => (r.ok ? r.text() : ""), () => "");
    const there = next && new DOMParser().parseFromString(next, "text/html").querySelector("[data-refresh]");
    if (next && !there) { location.reload(); return; }
    if (there) {
      $("[role=status]", progress).textContent = $("[role=status]", there).textContent;
      $(".bar", progress).replaceWith($(".bar", there));
    }
    setTimeout(again, 1000);
  };
  setTimeout(again, 1000);
}

// What the answers of a form lead to is shown while they are given.
$$("form[data-live]").forEach((f) => {
  let asked = 0;
  f.addEventListener("change", async () => {
    const mine = ++asked;
    const answer = await fetch(f.dataset.tries, { method: "POST", headers: { "HX-Request": "true" }, body: new URLSearchParams(new FormData(f)) }).catch(() => null);
    if (answer?.ok && mine === asked) $(f.dataset.live).innerHTML = await answer.text();
  });
});

// A file that takes a while says how much of it has arrived. What was refused
// comes back with what was typed. Without this it is sent as any form is.
document.addEventListener("submit", (e) => {
  const f = e.target.closest("form[data-upload]");
  if (!f || e.defaultPrevented) return;
  e.preventDefault();
  const box = $("[data-progress]", f), began = performance.now(), send = new XMLHttpRequest();
  const say = (words, part) => {
    box.hidden = false;
    $("[role=status]", box).textContent = words;
    $(".bar i", box).style.setProperty("--v", part);
  };
  send.open("POST", f.action);
  send.responseType = "document";
  send.upload.addEventListener("progress", (p) => {
    if (performance.now() - began < 300 || !p.lengthComputable) return;
    const mb = (n) => (n / 2 ** 20).toFixed(1);
    say(p.loaded < p.total ? `${mb(p.loaded)} of ${mb(p.total)} MB sent` : "All of it is sent; it is being looked at", Math.round((100 * p.loaded) / p.total));
  });
  send.addEventListener("load", () => {
    if (send.status < 400) { location.href = send.responseURL; return; }
    const main = send.response && $("main", send.response);
    if (!main) { location.href = f.action; return; }
    $("main").replaceWith(document.adoptNode(main));
    stops();
    main.focus();
  });
  send.addEventListener("error", () => {
    delete f.dataset.sent;
    $(".primary", f).removeAttribute("aria-busy");
    say("The server did not answer. What you chose is still here; try again.", 0);
  });
  send.send(new FormData(f));
});
