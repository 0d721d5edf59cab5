/** Theme tokens as custom properties: each one typed and checked again before it reaches the page. */

import type { Look } from "./host";

const COLOUR = "accent on-accent surface ink muted overlay";
const LENGTH = "radius size gap";
const SHADOW: Record<string, string> = { none: "none", soft: "0 2px 12px #1012142e", deep: "0 12px 48px #10121452" };

function checked(name: string, value: unknown): string | null {
  const text = String(value).trim();
  if (text.length > 200) return null;
  if (COLOUR.split(" ").includes(name)) return /^[#\w\s(),.%/-]+$/.test(text) && !/url|var|env|image/i.test(text) && CSS.supports("color", text) ? text : null;
  if (LENGTH.split(" ").includes(name)) return /^\d{1,3}(\.\d{1,3})?(px|rem)$/.test(text) ? text : null;
  if (name === "z") return /^\d{1,10}$/.test(text) && +text <= 2147483000 ? text : null;
  if (name === "font") return /^[\w\s,"'-]+$/.test(text) && CSS.supports("font-family", text) ? text : null;
  return name === "shadow" ? (SHADOW[text] ?? null) : null;
}

const dark = (): MediaQueryList => matchMedia("(prefers-color-scheme: dark)");

/** Dress the host element; call again when anything changed. A token ending in _dark counts in the dark. */
export function dress(host: HTMLElement, { theme, scheme, zIndex }: Look): void {
  const wanted = scheme || theme?.scheme || "light";
  const isDark = wanted === "dark" || (wanted === "auto" && dark().matches);
  const values = new Map<string, string>();
  const tokens = Object.entries(theme?.tokens ?? {}).map(([name, value]) => [name.replace(/_/g, "-"), value] as const);
  for (const late of [false, true]) {
    for (const [name, value] of tokens) {
      if (name.endsWith("-dark") !== late || (late && !isDark)) continue;
      const plain = late ? name.slice(0, -5) : name;
      const safe = checked(plain, value);
      if (safe) values.set("--hr-" + plain, safe);
    }
  }
  if (zIndex) values.set("--hr-z", String(Math.min(2147483000, Math.max(1, Math.floor(zIndex)))));
  for (const name of Array.from(host.style)) if (!values.has(name)) host.style.removeProperty(name);
  values.forEach((value, name) => host.style.setProperty(name, value));
  host.setAttribute("data-scheme", isDark ? "dark" : "light");
}

export function onScheme(changed: () => void): () => void {
  const query = dark();
  query.addEventListener("change", changed);
  return () => query.removeEventListener("change", changed);
}
