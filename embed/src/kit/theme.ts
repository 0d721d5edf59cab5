/** Theme tokens as custom properties: each one typed and checked again before it reaches the page. */

import type { Look } from "./host";

function checked(name: string, text: string): string | false {
  if (/^(accent|on-accent|surface|ink|muted|overlay)$/.test(name)) return /^(#|rgb|hsl)[\w\s(),.%/-]+$/.test(text) && CSS.supports("color", text) && text;
  if (/^(radius|size|gap)$/.test(name)) return /^\d{1,3}(\.\d{1,3})?(px|rem)$/.test(text) && text;
  if (name === "z") return +text > 0 && +text <= 2147483000 && String(Math.floor(+text));
  return name === "font" && /^[\w\s,"'-]{1,200}$/.test(text) && CSS.supports("font-family", text) && text;
}

/** Dress the host element; call again when anything changed. A token ending in _dark counts in the dark. */
export function dress(host: HTMLElement, { theme, options }: Look): void {
  const wanted = options?.["colorScheme"] || theme?.scheme;
  const isDark = wanted === "dark" || (wanted === "auto" && matchMedia("(prefers-color-scheme: dark)").matches);
  const tokens = Object.entries({ ...theme?.tokens, ...(options?.["baseZIndex"] && { z: options["baseZIndex"] }) });
  for (const name of Array.from(host.style)) host.style.removeProperty(name);
  for (const late of [false, true]) {
    for (const [key, value] of tokens) {
      const name = key.replace(/_/g, "-").replace(/-dark$/, "");
      const safe = key.endsWith("_dark") === late && (isDark || !late) && checked(name, String(value).trim());
      if (safe) host.style.setProperty("--hr-" + name, safe);
    }
  }
  host.setAttribute("data-scheme", isDark ? "dark" : "light");
}
