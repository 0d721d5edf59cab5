/** The dark scheme, and the tokens of a project's theme with text colors corrected to be readable; loaded with a theme other than the default light one. */

import css from "./dark.css";

export { css };

const COLOR = "(#[\\da-f]{3,8}|(rgb|hsl)a?\\([\\w ,.%/-]+\\))";
const SAFE = new RegExp(`^((on-)?accent|surface|ink|muted|overlay):${COLOR}$|^(radius|size|gap):\\d{1,3}(\\.\\d+)?(px|rem)$|^z:[1-9]\\d{0,8}$|^font:[\\w\\s,"'-]{1,200}$`, "i");

/** Applies each token that has the form of its type as a custom property. */
export function applyTokens(element: HTMLElement, tokens: [string, unknown][], isDark: boolean): void {
  for (const isForDark of isDark ? [false, true] : [false])
    for (const [key, value] of tokens) {
      const name = key.replace(/_dark$/, "").replace("_", "-");
      if (key.endsWith("_dark") === isForDark && SAFE.test(name + ":" + value)) element.style.setProperty("--hr-" + name, String(value));
    }
  // text must be readable, whatever colors were chosen
  if (tokens.some(([key]) => /accent|surf|ink/.test(key))) fixContrast(element);
}

/** The relative luminance of WCAG plus 0.05, from channels of 0 to 255. */
export const luminance = (parts: readonly number[]): number => [0.2126, 0.7152, 0.0722].reduce((sum, share, i) => sum + share * (parts[i]! > 10 ? ((parts[i]! / 255 + 0.055) / 1.055) ** 2.4 : parts[i]! / 3294), 0.05);

/** The index of the first color with a contrast of at least 4.5 on that background, or else the last. */
export function firstReadable(on: readonly number[], ...those: number[][]): number {
  const at = those.findIndex((each) => Math.abs(Math.log(luminance(on) / luminance(each))) >= Math.log(4.5));
  return at < 0 ? those.length - 1 : at;
}

/** Sets the colors of text on the accent and of links: the chosen one, or the next that is readable. */
function fixContrast(element: HTMLElement): void {
  const { style } = element;
  const current = (name: string): string => getComputedStyle(element).getPropertyValue("--hr-" + name);
  const parts = (color: string): number[] => {
    style.color = color;
    return (style.color.match(/[\d.]+/g) ?? []).map(Number);
  };
  const pick = (name: string, on: string, ...those: string[]): void => style.setProperty("--hr-" + name, those[firstReadable(parts(current(on)), ...those.map(parts))]!);
  pick("on-accent", "accent", current("on-accent"), "#fff", "#000");
  pick("link", "surface", current("accent"), current("ink"));
  style.color = "";
}
