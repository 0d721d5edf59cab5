/** Slots: elements of the host page with `data-handrail-slot`, in which our content stands with its own styles. */

import { onDomChange } from "../target/exports";
import { el } from "../ui/exports";

const COPIED_ATTRIBUTES = ["lang", "dir", "data-scheme"];

interface Slot {
  element: HTMLElement;
  shadow: ShadowRoot;
}

const slots = new Map<string, Slot>();

/** Puts content into the slot of this name, now or as soon as the page has one. */
export function slotFor(root: ShadowRoot, name: string, content: HTMLElement): void {
  let slot = slots.get(name);
  if (!slot) slots.set(name, (slot = createSlot(root, name)));
  slot.shadow.adoptedStyleSheets = root.adoptedStyleSheets;
  slot.shadow.append(content);
}

/** An element with a shadow root of its own that follows its slot, and our theme, for as long as it has content. */
function createSlot(root: ShadowRoot, name: string): Slot {
  const element = el("handrail-slot");
  const shadow = element.attachShadow({ mode: "open" });
  const host = root.host as HTMLElement;
  const copyTheme = (): void => {
    for (const attribute of COPIED_ATTRIBUTES) element.setAttribute(attribute, host.getAttribute(attribute) ?? "");
    element.style.cssText = host.style.cssText;
  };
  const attach = (): void => {
    const parent = document.querySelector(`[data-handrail-slot="${CSS.escape(name)}"]`);
    if (!parent) element.remove();
    else if (element.parentNode !== parent) parent.append(element);
  };
  const themeObserver = new MutationObserver(copyTheme);
  const contentObserver = new MutationObserver(() => {
    if (shadow.firstChild) return;
    element.remove();
    themeObserver.disconnect();
    contentObserver.disconnect();
    nameObserver.disconnect();
    stop();
    slots.delete(name);
  });
  // what else changes the page says nothing of attributes
  const nameObserver = new MutationObserver(attach);
  const stop = onDomChange(attach);
  nameObserver.observe(document, { subtree: true, attributeFilter: ["data-handrail-slot"] });
  themeObserver.observe(host, { attributes: true });
  contentObserver.observe(shadow, { childList: true });
  copyTheme();
  attach();
  return { element, shadow };
}
