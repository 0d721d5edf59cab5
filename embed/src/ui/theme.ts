/** The scheme, and the theme of the project where it is not ours. */

import { chunks, warn } from "../core/exports";
import type { Appearance } from "../types/contracts";

/** Settled when the colours are what they should be. */
export let themeReady: Promise<unknown> | undefined;
let latestTokens: unknown;

/** Dress the host element; call again when anything changed. A token ending in _dark counts in the dark. */
export function applyTheme(host: HTMLElement, { theme, options }: Appearance): void {
  const wanted = options?.["colorScheme"] || theme?.scheme;
  const isDark = wanted === "dark" || (wanted === "auto" && matchMedia("(prefers-color-scheme: dark)").matches);
  host.style.cssText = "";
  host.setAttribute("data-scheme", isDark ? "dark" : "light");
  const tokens = (latestTokens = Object.entries({ ...theme?.tokens, z: options?.["baseZIndex"] }));
  // ours are in the sheet
  if (tokens.some(([key, value]) => value && !/^accent(#0f6e61|_dark#34b5a0)$/.test(key + value)))
    themeReady = chunks.load("contrast").then((part) => tokens === latestTokens && part.applyTokens(host, tokens, isDark), warn);
}
