// The corners: what each page needs is started where its elements are.

import "./acme.js";

const $ = (id) => document.getElementById(id);

if ($("modal")) dialogs();
if ($("list")) longList();
if ($("invoices")) invoices();
if ($("late")) late();
components();

function dialogs() {
  const [modal, trap] = [$("modal"), $("trap")];
  const within = () => [...trap.querySelectorAll("input, button")];
  const keep = (event) => trap.contains(event.target) || within()[0].focus();
  $("open-dialog").addEventListener("click", () => modal.showModal());
  $("open-trap").addEventListener("click", () => {
    trap.hidden = false;
    document.addEventListener("focusin", keep);
    within()[0].focus();
  });
  $("close-trap").addEventListener("click", () => {
    trap.hidden = true;
    document.removeEventListener("focusin", keep);
    $("open-trap").focus();
  });
  trap.addEventListener("keydown", (event) => {
    const [first, last] = within();
    if (event.key !== "Tab" || document.activeElement !== (event.shiftKey ? first : last)) return;
    event.preventDefault();
    (event.shiftKey ? last : first).focus();
  });
}

// Rows of 40 pixels; those far from sight are taken out and drawn anew when they are back.
function longList() {
  const [list, space, height] = [$("list"), $("list-space"), 40];
  space.style.blockSize = `${10_000 * height}px`;
  const draw = () => {
    const from = Math.max(0, Math.floor(list.scrollTop / height) - 2);
    const rows = Array.from({ length: Math.ceil(list.clientHeight / height) + 4 }, (_, n) => row(from + n, height));
    space.replaceChildren(...rows);
  };
  list.addEventListener("scroll", draw, { passive: true });
  draw();
}

function row(number, height) {
  const made = Object.assign(document.createElement("div"), { className: "corner-row", textContent: `Part ${number + 1}` });
  made.style.insetBlockStart = `${number * height}px`;
  made.setAttribute("data-handrail-target", `part-${number + 1}`);
  return made;
}

function invoices() {
  for (let number = 1041; number <= 1056; number++) {
    const made = $("invoice-row").content.cloneNode(true);
    made.querySelector("th").textContent = `Invoice ${number}`;
    $("invoices").append(made);
  }
}

function late() {
  const render = () => {
    $("late").hidden = true;
    $("late").replaceChildren();
    $("late-state").textContent = "Loading the forecast";
    setTimeout(() => {
      const made = Object.assign(document.createElement("button"), { className: "btn btn-main", type: "button", textContent: "Accept the forecast" });
      made.setAttribute("data-handrail-target", "late-action");
      $("late").append(made);
      $("late").hidden = false;
      $("late-state").textContent = "The forecast is here";
    }, 1500);
  };
  $("again").addEventListener("click", render);
  render();
}

function components() {
  const define = (name, mode, inner) =>
    customElements.define(
      name,
      class extends HTMLElement {
        connectedCallback() {
          const root = this.attachShadow({ mode });
          const made = Object.assign(document.createElement(inner), { textContent: this.textContent });
          made.setAttribute(inner === "button" ? "data-handrail-target" : "name", this.getAttribute("name"));
          root.append(made);
        }
      },
    );
  define("acme-button", "open", "button");
  define("acme-panel", "open", "acme-button");
  define("acme-closed", "closed", "button");
}
