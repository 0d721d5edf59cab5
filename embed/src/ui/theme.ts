/** Applies the color scheme, and the project's theme where it is not the default. */

import { chunks, warn } from "../core/exports";
import type { Appearance } from "../types/contracts";
import { addStylesheet } from "./stylesheets";

/** Settles when the theme is applied. */
export let themeReady: Promise<unknown> | undefined;
let latestTokens: unknown;

/** Applies the theme to our element; tokens ending in _dark count in the dark scheme only. */
export function applyTheme(host: HTMLElement, { theme, options }: Appearance): void {
  const wanted = options?.["colorScheme"] || theme?.scheme;
  const isDark = wanted === "dark" || (wanted === "auto" && matchMedia("(prefers-color-scheme: dark)").matches);
  host.style.cssText = "";
  host.setAttribute("data-scheme", isDark ? "dark" : "light");
  const tokens = (latestTokens = Object.entries({ ...theme?.tokens, z: options?.["baseZIndex"] }));
  // the default light theme is in kit.css
  if (isDark || tokens.some(([key, value]) => value && !/^accent(#0f6e61|_dark#34b5a0)$/.test(key + value)))
    themeReady = chunks.load("contrast").then((part) => {
      addStylesheet(host.shadowRoot!, part.css);
      if (tokens === latestTokens) part.applyTokens(host, tokens, isDark);
    }, warn);
}
