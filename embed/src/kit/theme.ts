/** Theme tokens as custom properties: each one typed and checked again before it reaches the page. */

import { files, warn } from "../shared";
import type { Look } from "./host";

/** Settled when the colours are what they should be. */
export let dressed: Promise<unknown> | undefined;

const COLOR = "(#[\\da-f]{3,8}|(rgb|hsl)a?\\([\\w ,.%/-]+\\))";
const SAFE = new RegExp(`^((on-)?accent|surface|ink|muted|overlay):${COLOR}$|^(radius|size|gap):\\d{1,3}(\\.\\d+)?(px|rem)$|^z:[1-9]\\d{0,8}$|^font:[\\w\\s,"'-]{1,200}$`, "i");

/** Dress the host element; call again when anything changed. A token ending in _dark counts in the dark. */
export function dress(host: HTMLElement, { theme, options }: Look): void {
  const wanted = options?.["colorScheme"] || theme?.scheme;
  const isDark = wanted === "dark" || (wanted === "auto" && matchMedia("(prefers-color-scheme: dark)").matches);
  const { style } = host;
  style.cssText = "";
  host.setAttribute("data-scheme", isDark ? "dark" : "light");
  const tokens = Object.entries({ ...theme?.tokens, z: options?.["baseZIndex"] });
  for (const late of isDark ? [false, true] : [false])
    for (const [key, value] of tokens) {
      const name = key.replace(/_dark$/, "").replace("_", "-");
      if (key.endsWith("_dark") === late && SAFE.test(name + ":" + value)) style.setProperty("--hr-" + name, String(value));
    }
  // words must be readable, whatever colours were chosen; ours are
  if (tokens.some(([key, value]) => /accent|surf|ink/.test(key) && !/^#(0f6e61|34b5a0)$/.test(String(value))))
    dressed = files.load("contrast").then((part) => (part as typeof import("./contrast")).mend(host), warn);
}
