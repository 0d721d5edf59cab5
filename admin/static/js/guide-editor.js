/* The pages of one guide: save as it is typed and say so honestly, keep one revision, show problems beside their fields, walk the parts by keys. */
(() => {
  "use strict";
  const find = (selector, root = document) => root.querySelector(selector);
  const all = (selector, root = document) => [...root.querySelectorAll(selector)];
  const typing = (target) => target.closest?.("input, textarea, select, [contenteditable='true']");
  const state = () => find("#editor-state");
  const dirty = new Set();
  let revision = state()?.dataset.revision ?? "";
  let stopped = "";
  let again = 0;
  let pause = 1500;

  /* — What is saved — */
  const say = (word, more = {}) => {
    const line = find("#saved");
    if (!line) return;
    const text = Object.entries(more).reduce((whole, [name, value]) => whole.replace(`{${name}}`, value), line.dataset[word] ?? "");
    if (line.textContent !== text) line.textContent = text;
    line.classList.toggle("bad-text", ["offline", "broken", "refused"].includes(word));
    stopped = ["offline", "broken", "refused"].includes(word) ? word : "";
  };
  const ago = (seconds) => {
    const words = new Intl.RelativeTimeFormat(document.documentElement.lang, { style: "short" });
    return seconds < 60 ? words.format(-seconds, "second") : seconds < 3600 ? words.format(-Math.round(seconds / 60), "minute") : words.format(-Math.round(seconds / 3600), "hour");
  };
  const tell = () => {
    const line = find("#saved");
    if (!line || stopped || dirty.size) return;
    const seconds = Math.round((Date.now() - Date.parse(state()?.dataset.at || line.dataset.at)) / 1000);
    if (seconds < 5) say("now");
    else if (seconds < 86400) say("saved", { ago: ago(Math.floor(seconds / 10) * 10 || seconds) });
  };
  setInterval(tell, 5000);

  /* — Saving: everything a guide stores goes through one line, so each request carries the latest revision — */
  const forms = () => all("[data-saves]");
  const flush = () => dirty.forEach((form) => (form.isConnected ? form.dispatchEvent(new CustomEvent("handrail:save")) : dirty.delete(form)));
  const mark = (event) => {
    const form = event.target.closest?.("[data-saves]");
    if (!form || !event.target.name && !event.target.dataset.tree) return;
    dirty.add(form);
    if (!stopped) say("saving");
  };
  document.addEventListener("input", mark);
  document.addEventListener("change", mark);
  const keep = () => {
    const fresh = state()?.dataset.revision;
    if (!fresh) return;
    revision = fresh;
    for (const field of all("input[name='_revision']")) if (!field.closest("[data-conflict]")) field.value = revision;
  };
  document.addEventListener("htmx:config:request", (event) => {
    if (find("#conflict")?.open && !event.detail.ctx.sourceElement.closest("#conflict")) event.preventDefault();
  });
  /** While the fields are about to be drawn anew nobody types into the old ones. */
  const hold = (on) => {
    const form = find("#part-form, #audience-form");
    if (!form) return;
    form.inert = on;
    on ? form.setAttribute("aria-busy", "true") : form.removeAttribute("aria-busy");
  };
  document.addEventListener("htmx:before:request", (event) => {
    const { sourceElement, request } = event.detail.ctx;
    const body = request.body;
    if (body?.has?.("_revision") && !sourceElement.closest("[data-conflict]")) {
      body.set("_revision", revision);
      body.set("_checksum", state()?.dataset.checksum ?? "");
      if (body.has("_part")) body.set("_part", state()?.dataset.part ?? "");
    }
    if (sourceElement.matches("[data-saves]")) dirty.delete(sourceElement);
    if (sourceElement.closest("[data-replaces-form]")) hold(true);
  });
  document.addEventListener("htmx:finally:request", (event) => {
    const { sourceElement, response } = event.detail.ctx;
    hold(false);
    if (!sourceElement.closest("[data-saves], [data-replaces-form]")) return;
    if (response?.status < 300) settle();
    else if (response && response.status !== 409) fail(sourceElement, response);
  });
  const settle = () => {
    clearTimeout(again);
    pause = 1500;
    stopped = "";
    if (dirty.size) say("saving");
    else tell();
  };
  const fail = (source, response) => {
    const form = source.closest("[data-saves]");
    if (form) dirty.add(form);
    if (response && response.status < 500) return say("refused", { why: String(response.status) });
    say(response ? "broken" : "offline");
    clearTimeout(again);
    again = setTimeout(flush, pause);
    pause = Math.min(pause * 2, 15_000);
  };
  // before the shell says that a page could not be reached: here the bar says it, once
  window.addEventListener(
    "htmx:error",
    (event) => {
      const source = event.detail.ctx?.sourceElement;
      if (!source?.closest("[data-saves]")) return;
      event.stopPropagation();
      fail(source, null);
    },
    true,
  );
  window.addEventListener("online", flush);
  window.addEventListener("beforeunload", (event) => {
    flush();
    if (dirty.size || stopped) event.preventDefault();
  });

  /* — Somebody else saved too — */
  document.addEventListener("handrail:conflict", () => {
    const dialog = find("#conflict");
    const mine = find("[data-my-values]", dialog);
    const form = forms().find((each) => each.id === "part-form" || each.id === "audience-form");
    if (form && mine) {
      const fresh = [...new FormData(form)].filter(([name]) => !["_csrf", "_revision"].includes(name));
      const typed = new Set(fresh.map(([name]) => name));
      const kept = all("input", mine).filter((field) => !typed.has(field.name));
      mine.replaceChildren(...kept, ...fresh.map(([name, value]) => Object.assign(document.createElement("input"), { type: "hidden", name, value })));
    }
    say("refused", { why: find("h2", dialog)?.textContent ?? "" });
    if (!dialog.open) dialog.showModal();
  });
  document.addEventListener("cancel", (event) => event.target.id === "conflict" && event.preventDefault(), true);
  document.addEventListener("click", (event) => {
    if (event.target.closest?.("[data-discards]")) leave();
  });
  document.addEventListener("submit", (event) => {
    if (event.target.matches("[data-conflict]")) leave();
  });
  const leave = () => {
    dirty.clear();
    stopped = "";
  };

  /* — Before a part is changed or another chosen, what was typed is stored — */
  document.addEventListener(
    "click",
    (event) => {
      const replaces = event.target.closest?.("[data-replaces-form], #publish-link");
      if (!replaces || replaces.matches("select")) return;
      hold(dirty.size > 0);
      flush();
    },
    true,
  );

  /* — Problems beside their fields — */
  const place = () => {
    const given = state()?.dataset.problems;
    if (!given) return;
    const boxes = new Map(all("[data-problems]:not(#editor-state)").map((box) => [box.dataset.problems, []]));
    for (const problem of JSON.parse(given)) {
      const steps = problem.name.split(".");
      while (steps.length && !boxes.has(steps.join("."))) steps.pop();
      boxes.get(steps.join("."))?.push(problem);
    }
    for (const [name, problems] of boxes) show(find(`[data-problems="${CSS.escape(name)}"]`), problems);
  };
  const show = (box, problems) => {
    const said = JSON.stringify(problems.map(({ text, warning }) => [text, warning]));
    if (box.dataset.said === said || (box.dataset.said === undefined && !problems.length && !box.firstElementChild)) return;
    box.dataset.said = said;
    box.replaceChildren(...problems.map(sentence));
    const wrong = problems.some(({ warning }) => !warning);
    for (const control of all(`[aria-describedby~="${CSS.escape(box.id)}"]`)) wrong ? control.setAttribute("aria-invalid", "true") : control.removeAttribute("aria-invalid");
  };
  const sentence = ({ text, warning }) => {
    const line = document.createElement("p");
    line.className = warning ? "error is-warning" : "error";
    const icon = find(".icon")?.cloneNode(true);
    icon?.firstElementChild?.setAttribute("href", icon.firstElementChild.getAttribute("href").replace(/#.*/, "#i-alert"));
    icon?.setAttribute("class", "icon");
    const words = document.createElement("span");
    words.textContent = text;
    line.append(icon ?? "", words);
    return line;
  };

  /* — Fields that show only while a neighbour says so, and lengths — */
  const valueOf = (name) => {
    const controls = all(`[name="${CSS.escape(name)}"]`);
    return (controls.find((one) => one.checked) ?? controls.find((one) => !["radio", "checkbox", "hidden"].includes(one.type)) ?? controls[0])?.value ?? "";
  };
  const isWanted = ({ when, among }) => when.split(" ").every((name, at) => among.split("|")[at].split(" ").includes(valueOf(name)));
  document.addEventListener("change", () => {
    for (const field of all("[data-when]")) field.hidden = !isWanted(field.dataset);
  });
  document.addEventListener("input", (event) => {
    const count = event.target.id && find(`[data-count-of="${CSS.escape(event.target.id)}"]`);
    if (count) count.textContent = event.target.value.length;
    const op = event.target.name?.endsWith(".op") && event.target.closest(".rule");
    if (op) find("[name$='.value']", op).hidden = ["is_set", "is_not_set"].includes(event.target.value);
  });

  /* — A CSS selector that no browser can read finds nothing: said before anybody publishes it — */
  const isSelector = (text) => {
    try {
      for (const part of text.split(">>>")) document.createDocumentFragment().querySelector(part);
      return true;
    } catch {
      return false;
    }
  };
  const proof = () => {
    for (const line of all("[data-invalid-selector]")) {
      const text = valueOf(line.dataset.invalidSelector);
      const wrong = valueOf(line.dataset.invalidSelector.replace(/value$/, "by")) === "css" && text.trim() && !isSelector(text);
      if (line.hidden !== !wrong) line.hidden = !wrong;
    }
  };
  document.addEventListener("change", proof);
  setTimeout(proof);

  /* — After every answer — */
  let shown = state()?.dataset.part;
  const arrive = (part) => {
    shown = part;
    for (const step of all("[data-parts] > .step")) {
      const isCurrent = step.id === `part-${part}`;
      isCurrent ? step.setAttribute("aria-current", "step") : step.removeAttribute("aria-current");
      find(".kind", step)?.classList.toggle("kind-accent", isCurrent);
    }
    const here = new URL(location.href);
    if (here.searchParams.get("part") !== part) {
      here.searchParams.set("part", part);
      history.replaceState(history.state, "", here);
    }
    find("#part-form")?.closest(".pane")?.scrollTo(0, 0);
  };
  /** What an author unfolded stays so when the fields are drawn anew. */
  const folds = new Map();
  document.addEventListener("toggle", ({ target }) => target.matches("details[id]") && target.isConnected && folds.set(target.id, target.open), true);
  const unfold = (part) => {
    for (let fold = part?.closest("details:not([open])"); fold; fold = fold.parentElement.closest("details:not([open])")) fold.open = true;
  };
  /** The field of that id, or the first text to write in the part at that path. */
  const aim = (name) => {
    const inside = all(`[name^="${CSS.escape(name)}."], [data-field^="${CSS.escape(name)}."] [contenteditable]`);
    unfold(document.getElementById(name) ?? inside[0]);
    const field = document.getElementById(name) ?? inside.find((one) => one.matches("input[type=text], textarea, [contenteditable]") && one.offsetParent) ?? inside.find((one) => one.offsetParent);
    field?.focus();
    field?.select?.();
  };
  /** A save sends what changed in the body; the rest is as it was. */
  const mergeBody = (before, after) => {
    if (after.dataset.patch === undefined) return;
    const root = { body: JSON.parse(before.dataset.body) };
    for (const [path, value] of JSON.parse(after.dataset.patch)) {
      const steps = ["body", ...path];
      const name = steps.pop();
      steps.reduce((node, step) => node[step], root)[name] = value;
    }
    after.dataset.body = JSON.stringify(root.body);
    delete after.dataset.patch;
  };
  let last = state();
  document.addEventListener("htmx:after:swap", () => {
    for (const dialog of all("dialog[data-opens-filled]:not([open])")) if (dialog.firstElementChild && dialog.id === "publish") dialog.showModal();
    if (state() === last) return;
    mergeBody(last, state());
    last = state();
    hold(false); // they are new: only what is not inert can be focused
    keep();
    for (const fold of all("#part-form details[id]")) fold.open = folds.get(fold.id) ?? fold.open;
    place();
    proof();
    document.dispatchEvent(new CustomEvent("handrail:draft"));
    document.body.dispatchEvent(new CustomEvent("handrail:count"));
    const { part, focus } = state().dataset;
    if (part && part !== shown) arrive(part);
    if (focus) aim(focus);
    if (document.activeElement === document.body) find("[data-parts] [aria-current] .step-name")?.focus({ preventScroll: true });
    tell();
  });
  document.addEventListener("close", (event) => event.target.id === "publish" && event.target.replaceChildren(), true);
  document.addEventListener("handrail:renamed", () => {
    find("#rename")?.hidePopover();
    document.title = `${find("#guide-name").textContent} · Handrail`;
  });

  /* — Moving parts: arrows on the grip, or drag — */
  const move = (id, place) => {
    const steps = all("[data-parts] > .step");
    const from = steps.findIndex((step) => step.id === id);
    const to = place(from);
    if (from < 0 || to < 0 || to >= steps.length || to === from) return;
    const list = steps[from].closest("[data-parts]");
    const values = { _do: `move:${steps[from].dataset.name}:${to}`, _revision: revision, _part: state().dataset.part };
    return window.htmx.ajax("POST", list.dataset.parts, { source: list, swap: "none", values }).then(() => find(`#${CSS.escape(id)} .grip`)?.focus());
  };
  let moves = Promise.resolve();
  /** One after another: a move counts from where the one before it has left the steps. */
  const moveNext = (step, place) => {
    flush();
    moves = moves.then(() => move(step.id, place)).catch(() => {});
  };
  document.addEventListener("keydown", (event) => {
    const grip = event.target.closest?.(".grip");
    const by = { ArrowUp: -1, ArrowDown: 1 }[event.key];
    if (!grip || !by) return;
    event.preventDefault();
    moveNext(grip.closest(".step"), (from) => from + by);
  });
  let held = null;
  const line = Object.assign(document.createElement("li"), { className: "drop-line", ariaHidden: "true" });
  document.addEventListener("pointerdown", (event) => {
    const step = event.target.closest?.(".grip")?.closest(".step");
    if (step && event.button === 0) held = { step, from: event.clientY, moved: false };
  });
  document.addEventListener("pointermove", (event) => {
    if (!held || (!held.moved && Math.abs(event.clientY - held.from) < 4)) return;
    held.moved = true;
    held.step.classList.add("is-dragging");
    const others = all("[data-parts] > .step");
    const below = others.find((each) => event.clientY < each.getBoundingClientRect().top + each.offsetHeight / 2);
    below ? below.before(line) : others.at(-1).after(line);
  });
  const drop = () => {
    if (!held) return;
    const { step, moved } = held;
    held = null;
    step.classList.remove("is-dragging");
    if (!moved) return;
    const from = all("[data-parts] > .step").indexOf(step);
    const before = [...step.parentElement.children].slice(0, [...step.parentElement.children].indexOf(line)).filter((each) => each !== step && each.matches(".step")).length;
    line.remove();
    if (before !== from) moveNext(step, () => before);
  };
  document.addEventListener("pointerup", drop);
  document.addEventListener("pointercancel", drop);

  /* — Keys — */
  document.addEventListener("keydown", (event) => {
    if ((event.metaKey || event.ctrlKey) && event.key.toLowerCase() === "s") {
      event.preventDefault();
      for (const form of forms()) form.dispatchEvent(new CustomEvent("handrail:save"));
      return;
    }
    const by = { j: 1, k: -1 }[event.key.toLowerCase()];
    if (!by || event.metaKey || event.ctrlKey || event.altKey || typing(event.target) || find("dialog[open]")) return;
    const steps = all("[data-parts] .step-name");
    const at = steps.findIndex((each) => each.closest("[aria-current]"));
    steps[at + by]?.click();
  });
  // a link to a field leads to it, also when it is on this page
  const follow = () => {
    if (!location.hash.startsWith("#f-")) return;
    find("#publish")?.close();
    const field = document.getElementById(location.hash.slice(1)) ?? find(`[aria-describedby~="${CSS.escape(location.hash.slice(1))}-problems"]`);
    unfold(field);
    field?.focus();
  };
  window.addEventListener("hashchange", follow);
  setTimeout(follow);
})();
