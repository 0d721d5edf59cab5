/** Theme tokens as custom properties, and colours mended where words could not be read; loaded with a theme that is not ours. */

const COLOR = "(#[\\da-f]{3,8}|(rgb|hsl)a?\\([\\w ,.%/-]+\\))";
const SAFE = new RegExp(`^((on-)?accent|surface|ink|muted|overlay):${COLOR}$|^(radius|size|gap):\\d{1,3}(\\.\\d+)?(px|rem)$|^z:[1-9]\\d{0,8}$|^font:[\\w\\s,"'-]{1,200}$`, "i");

/** Each token typed and checked again before it reaches the page. */
export function applyTokens(host: HTMLElement, tokens: [string, unknown][], isDark: boolean): void {
  for (const late of isDark ? [false, true] : [false])
    for (const [key, value] of tokens) {
      const name = key.replace(/_dark$/, "").replace("_", "-");
      if (key.endsWith("_dark") === late && SAFE.test(name + ":" + value)) host.style.setProperty("--hr-" + name, String(value));
    }
  // words must be readable, whatever colours were chosen
  if (tokens.some(([key]) => /accent|surf|ink/.test(key))) fixContrast(host);
}

/** How bright a colour is, as WCAG reckons it, from its parts of 0 to 255. */
export const luminance = (parts: readonly number[]): number => [0.2126, 0.7152, 0.0722].reduce((sum, share, i) => sum + share * (parts[i]! > 10 ? ((parts[i]! / 255 + 0.055) / 1.055) ** 2.4 : parts[i]! / 3294), 0.05);

/** The first of these that can be read on that, or else the last. */
export function firstReadable(on: readonly number[], ...those: number[][]): number {
  const at = those.findIndex((each) => Math.abs(Math.log(luminance(on) / luminance(each))) >= Math.log(4.5));
  return at < 0 ? those.length - 1 : at;
}

/** Words on the accent and links on the surface: the wanted colour, or the nearest that can be read. */
function fixContrast(host: HTMLElement): void {
  const { style } = host;
  const current = (name: string): string => getComputedStyle(host).getPropertyValue("--hr-" + name);
  const parts = (color: string): number[] => {
    style.color = color;
    return (style.color.match(/[\d.]+/g) ?? []).map(Number);
  };
  const pick = (name: string, on: string, ...those: string[]): void => style.setProperty("--hr-" + name, those[firstReadable(parts(current(on)), ...those.map(parts))]!);
  pick("on-accent", "accent", current("on-accent"), "#fff", "#000");
  pick("link", "surface", current("accent"), current("ink"));
  style.color = "";
}
