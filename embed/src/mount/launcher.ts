/** A launcher: a button in the corner of the page that opens something, below the other content there. */

import type { Launcher, LauncherOptions } from "../types/kit";
import { el } from "../ui/exports";
import { mount } from "./containers";

export function createLauncher(root: ShadowRoot, { label, badge = "", onOpen }: LauncherOptions): Launcher {
  const place = mount(root, "corner");
  const text = el("span");
  const count = el("span", { class: "hr-badge" });
  const node = el("button", { type: "button", class: "hr-launcher", "aria-haspopup": "dialog", onclick: onOpen }, text, " ", count) as HTMLButtonElement;
  const update: Launcher["update"] = (changes) => {
    if (changes.label !== undefined) text.textContent = changes.label;
    if (changes.badge !== undefined) count.textContent = changes.badge ? changes.badge.toLocaleString((root.host as HTMLElement).lang || undefined) : "";
    node.setAttribute("aria-expanded", String(changes.isOpen ?? node.getAttribute("aria-expanded") === "true"));
  };
  update({ label, badge });
  place.classList.add("is-launcher");
  place.append(node);
  return { node, update, remove: () => place.remove() };
}
