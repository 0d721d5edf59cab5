/* Behaviour of the shell: toasts, dialogs, menus, copying, keys. Everything is found by data attributes, so swapped parts work too. */
(() => {
  "use strict";
  const find = (selector, root = document) => root.querySelector(selector);
  const typing = (target) => target.closest?.("input, textarea, select, [contenteditable='true'], [contenteditable='']");

  /* — Toasts: one at a time, six seconds; errors stay — */
  const toasts = () => find("#toasts");
  const iconOf = (name) => {
    const icon = find(".icon use")?.getAttribute("href")?.split("#")[0] ?? "";
    const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
    svg.setAttribute("class", "icon");
    svg.setAttribute("aria-hidden", "true");
    const use = document.createElementNS("http://www.w3.org/2000/svg", "use");
    use.setAttribute("href", `${icon}#i-${name}`);
    svg.append(use);
    return svg;
  };
  const button = (label, more) => {
    const made = document.createElement("button");
    made.type = "button";
    made.className = "btn btn-quiet btn-sm";
    for (const [name, value] of Object.entries(more)) made.setAttribute(name, value);
    made.append(label);
    return made;
  };
  const settle = (toast) => {
    if (toast.dataset.toast !== "bad") setTimeout(() => toast.remove(), 6000);
  };
  const toast = ({ text, tone = "ok", undo = "" }) => {
    const box = document.createElement("div");
    box.className = tone === "bad" ? "toast toast-bad" : "toast";
    box.setAttribute("role", tone === "bad" ? "alert" : "status");
    box.dataset.toast = tone;
    const words = document.createElement("span");
    words.className = "grow";
    words.textContent = text;
    box.append(iconOf(tone === "bad" ? "alert" : "check"), words);
    if (undo) box.append(button(toasts().dataset.undoLabel, { "hx-post": undo, "hx-swap": "none" }));
    const close = button(iconOf("x"), { "aria-label": toasts().dataset.closesLabel, "data-dismisses": "" });
    close.classList.add("btn-icon");
    box.append(close);
    for (const old of toasts().querySelectorAll("[data-toast]:not([data-toast='bad'])")) old.remove();
    toasts().append(box);
    window.htmx?.process(box);
    settle(box);
  };
  window.handrailToast = toast;
  document.addEventListener("handrail:messages", (event) => event.detail.messages.forEach(toast));
  document.addEventListener("htmx:response:error", (event) => {
    const { response, text } = event.detail.ctx;
    if (response.status === 401 || (response.status === 422 && response.headers.get("X-Handrail") !== "error")) return;
    const words = new DOMParser().parseFromString(text ?? "", "text/html").querySelector("p");
    if (response.headers.get("X-Handrail") === "error" && words) toast({ text: words.textContent, tone: "bad" });
  });
  document.addEventListener("htmx:error", (event) => {
    if (event.detail.error instanceof TypeError) toast({ text: document.documentElement.dataset.offline ?? "", tone: "bad" });
  });

  /* — The bar at the top, for requests that take their time; what asks again by itself does not show — */
  let running = 0;
  const counted = (event) => !event.detail.ctx.sourceElement.getAttribute("hx-trigger")?.includes("every");
  const moved = (by) => (event) => {
    if (!counted(event)) return;
    running = Math.max(0, running + by);
    document.body.classList.toggle("htmx-request", running > 0);
  };
  document.addEventListener("htmx:before:request", moved(1));
  document.addEventListener("htmx:finally:request", moved(-1));
  addEventListener("pageshow", () => document.querySelectorAll("[type='submit'][aria-busy]").forEach((one) => one.removeAttribute("aria-busy")));

  /* — Dialogs — */
  const open = (id) => {
    const dialog = document.getElementById(id);
    if (!dialog || dialog.open) return;
    dialog.showModal();
    dialog.dispatchEvent(new CustomEvent("handrail:opened"));
  };
  const confirming = (words) =>
    new Promise((resolve) => {
      const dialog = find("#confirm");
      find("#confirm-title").textContent = words.title;
      find("#confirm-text").textContent = words.text ?? "";
      find("#confirm-yes").textContent = words.yes ?? words.title.replace(/[?؟]$/, "");
      dialog.returnValue = "no";
      dialog.addEventListener("close", () => resolve(dialog.returnValue === "yes"), { once: true });
      dialog.showModal();
    });
  document.addEventListener("htmx:confirm", (event) => {
    const source = event.detail.ctx.sourceElement;
    event.preventDefault();
    confirming({ title: event.detail.ctx.confirm, text: source.dataset.confirmText, yes: source.dataset.confirmYes }).then((sure) =>
      sure ? event.detail.issueRequest() : event.detail.dropRequest(),
    );
  });
  document.addEventListener("submit", (event) => {
    const form = event.target;
    const words = event.submitter?.dataset.confirm ?? form.dataset.confirm;
    if (words && form.dataset.sure !== "yes") {
      event.preventDefault();
      const from = event.submitter?.dataset.confirm ? event.submitter : form;
      confirming({ title: words, text: from.dataset.confirmText, yes: from.dataset.confirmYes }).then((sure) => {
        if (!sure) return;
        form.dataset.sure = "yes";
        form.requestSubmit(event.submitter);
        delete form.dataset.sure;
      });
      return;
    }
    if (form.method === "post" && event.submitter && !event.defaultPrevented) event.submitter.setAttribute("aria-busy", "true");
  });

  /* — Clicks — */
  /* plain http on a network has no clipboard of its own */
  const write = (text) => {
    if (navigator.clipboard) return navigator.clipboard.writeText(text);
    const carrier = document.createElement("textarea");
    carrier.value = text;
    document.body.append(carrier);
    carrier.select();
    document.execCommand("copy");
    carrier.remove();
  };
  const copy = async (from) => {
    const source = find(from.dataset.copy);
    const text = source ? (source.value ?? source.textContent) : from.dataset.copy;
    await write(text);
    const label = find("span", from);
    if (!label || from.dataset.was) return;
    from.dataset.was = label.textContent;
    label.textContent = from.dataset.copied;
    setTimeout(() => {
      label.textContent = from.dataset.was;
      delete from.dataset.was;
    }, 2000);
  };
  const reveal = (eye) => {
    const input = document.getElementById(eye.dataset.reveals);
    const shown = input.type === "text";
    input.type = shown ? "password" : "text";
    eye.setAttribute("aria-pressed", String(!shown));
  };
  document.addEventListener("click", (event) => {
    const opens = event.target.closest?.("[data-opens]");
    if (opens) open(opens.dataset.opens);
    const closes = event.target.closest?.("[data-closes]");
    if (closes) closes.closest("dialog")?.close();
    event.target.closest?.("[data-dismisses]")?.closest("[data-toast]")?.remove();
    const copies = event.target.closest?.("[data-copy]");
    if (copies) copy(copies);
    const eye = event.target.closest?.("[data-reveals]");
    if (eye) reveal(eye);
    // the second half of a double click on what opened it is no click beside it
    if (event.target.matches?.("dialog.dialog:not(#conflict, #again)") && event.detail < 2) event.target.close();
    if (event.target.closest?.(".menu .menu-item")) event.target.closest("[popover]")?.hidePopover();
  });
  document.addEventListener("change", (event) => {
    const form = event.target.form;
    if (form?.hasAttribute("data-submits")) form.requestSubmit();
  });

  /* — Menus open beside their button — */
  const place = (menu) => {
    const opener = find(`[popovertarget="${menu.id}"]`)?.getBoundingClientRect();
    if (!opener) return;
    const rtl = document.documentElement.dir === "rtl";
    const { offsetWidth: width, offsetHeight: height } = menu;
    const start = rtl ? opener.right - width : opener.left;
    const fits = start >= 8 && start + width <= innerWidth - 8;
    const x = fits ? start : rtl ? opener.left : opener.right - width;
    const up = menu.dataset.menu === "up" || (opener.bottom + height + 8 > innerHeight && opener.top > height);
    menu.style.margin = "0";
    menu.style.inset = "auto";
    menu.style.left = `${Math.max(8, Math.min(x, innerWidth - width - 8))}px`;
    menu.style.top = `${Math.max(8, up ? opener.top - height - 4 : opener.bottom + 4)}px`;
  };
  document.addEventListener(
    "toggle",
    (event) => {
      if (!event.target.matches?.("[data-menu]")) return;
      if (event.newState === "open") {
        place(event.target);
        find(".menu-item", event.target)?.focus();
      } else event.target.removeAttribute("style");
    },
    true,
  );
  document.addEventListener("keydown", (event) => {
    const menu = event.target.closest?.("[data-menu]");
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (!menu || !step) return;
    event.preventDefault();
    const items = [...menu.querySelectorAll(".menu-item")];
    items[(items.indexOf(document.activeElement) + step + items.length) % items.length]?.focus();
  });

  /* — Quick find — */
  const matching = (box) => {
    const wanted = find("input", box).value.trim().toLocaleLowerCase();
    const rows = [...box.querySelectorAll("[role='option']")];
    for (const row of rows) row.parentElement.hidden = !row.textContent.toLocaleLowerCase().includes(wanted);
    const left = rows.filter((row) => !row.parentElement.hidden);
    find(".found-none", box).hidden = left.length > 0;
    return left;
  };
  const choose = (box, row) => {
    for (const other of box.querySelectorAll("[aria-selected='true']")) other.setAttribute("aria-selected", "false");
    row?.setAttribute("aria-selected", "true");
    row?.scrollIntoView({ block: "nearest" });
    find("input", box).setAttribute("aria-activedescendant", row?.id ?? "");
  };
  document.addEventListener("input", (event) => {
    const box = event.target.closest?.("[data-find]");
    if (box) choose(box, matching(box)[0]);
  });
  document.addEventListener("keydown", (event) => {
    const box = event.target.closest?.("[data-find]");
    if (!box) return;
    const rows = matching(box);
    const now = rows.findIndex((row) => row.getAttribute("aria-selected") === "true");
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step) {
      event.preventDefault();
      choose(box, rows[(now + step + rows.length) % rows.length]);
    }
    if (event.key === "Enter" && rows[now]) rows[now].click();
  });
  document.addEventListener(
    "handrail:opened",
    (event) => {
      const box = find("[data-find]", event.target);
      if (!box) return;
      find("input", box).value = "";
      choose(box, matching(box)[0]);
    },
    true,
  );

  /* — Keys: ⌘K find, ? all keys, / filter, N new — */
  document.addEventListener("keydown", (event) => {
    if ((event.metaKey || event.ctrlKey) && event.key.toLowerCase() === "k") {
      event.preventDefault();
      open("find");
      return;
    }
    if (event.metaKey || event.ctrlKey || event.altKey || typing(event.target) || find("dialog[open]")) return;
    if (event.key === "?") open("shortcuts");
    const filter = event.key === "/" && find("main input[type='search']");
    if (filter) {
      event.preventDefault();
      filter.focus();
    }
    if (event.key.toLowerCase() === "n") find("[data-key='n']")?.click();
  });

  const ready = (root) => {
    for (const eye of root.querySelectorAll("[data-reveals][hidden]")) eye.hidden = false;
    const tab = find(".subnav [aria-current]", root);
    if (tab) tab.closest("ul").scrollLeft = tab.offsetLeft - tab.closest("ul").offsetLeft - 32;
    for (const dialog of root.querySelectorAll("dialog[data-open]:not([open])")) dialog.showModal();
  };
  document.addEventListener("htmx:after:swap", () => ready(document));
  document.addEventListener("DOMContentLoaded", () => {
    ready(document);
    toasts()?.querySelectorAll("[data-toast]").forEach(settle);
  });
})();
