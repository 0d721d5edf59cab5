// The page inside the preview frame: shows what the editor hands over, and gives each element a guide points at a stand-in.

// Somebody types in the editor around this page: nothing here may take the focus before the pointer or a key comes in.
let awake = false;
const wake = () => (awake = true);
window.addEventListener("pointerdown", wake, true);
window.addEventListener("keydown", wake, true);
const focus = HTMLElement.prototype.focus;
HTMLElement.prototype.focus = function (...how) {
  if (awake) focus.apply(this, how);
};
const showModal = HTMLDialogElement.prototype.showModal;
HTMLDialogElement.prototype.showModal = function () {
  this.inert = !awake;
  showModal.call(this);
  this.inert = false;
};

const standIns = document.getElementById("stand-ins");
let waiting = null;

window.addEventListener("message", (event) => {
  if (event.origin !== location.origin || event.source !== window.parent || event.data?.type !== "handrail:preview") return;
  waiting = event.data;
  awake = Boolean(waiting.awake);
  show();
});

function show() {
  if (!waiting || !window.handrailPreview) return;
  const { kind, body, item, person, theme, scheme } = waiting;
  document.documentElement.dataset.theme = scheme;
  standIns.replaceChildren();
  const seen = new Map();
  window.handrailPreview.show({ kind, body: aimed(body, seen), item, person, theme, scheme, rendererUrl: document.body.dataset.renderer, locale: document.documentElement.lang });
}

/** The same body with every target pointing at a button of this page. */
function aimed(part, seen) {
  if (Array.isArray(part)) return part.map((inner) => aimed(inner, seen));
  if (!part || typeof part !== "object") return part;
  if ("by" in part && "value" in part && "label" in part) return part.value ? { by: "name", value: standIn(part, seen), label: part.label } : part;
  return Object.fromEntries(Object.entries(part).map(([name, inner]) => [name, aimed(inner, seen)]));
}

function standIn(target, seen) {
  const known = `${target.by}:${target.value}`;
  if (!seen.has(known)) {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "sample-act";
    button.textContent = (target.label || target.value).slice(0, 40);
    button.dataset.handrailTarget = `stand-in-${seen.size + 1}`;
    standIns.append(button);
    seen.set(known, button.dataset.handrailTarget);
  }
  return seen.get(known);
}

window.parent.postMessage({ type: "handrail:preview-ready" }, location.origin);
