/** The scheme, and the theme of the project where it is not ours. */

import { files, warn } from "../core/exports";
import type { Look } from "../types/contracts";

/** Settled when the colours are what they should be. */
export let dressed: Promise<unknown> | undefined;
let latest: unknown;

/** Dress the host element; call again when anything changed. A token ending in _dark counts in the dark. */
export function dress(host: HTMLElement, { theme, options }: Look): void {
  const wanted = options?.["colorScheme"] || theme?.scheme;
  const isDark = wanted === "dark" || (wanted === "auto" && matchMedia("(prefers-color-scheme: dark)").matches);
  host.style.cssText = "";
  host.setAttribute("data-scheme", isDark ? "dark" : "light");
  const tokens = (latest = Object.entries({ ...theme?.tokens, z: options?.["baseZIndex"] }));
  // ours are in the sheet
  if (tokens.some(([key, value]) => value && !/^accent(#0f6e61|_dark#34b5a0)$/.test(key + value)))
    dressed = files.load("contrast").then((part) => tokens === latest && part.wear(host, tokens, isDark), warn);
}
