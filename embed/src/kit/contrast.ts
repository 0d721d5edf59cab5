/** Mends the colours of a theme where words could not be read; loaded with colours that are not ours. */

/** How bright a colour is, as WCAG reckons it, from its parts of 0 to 255. */
export const brightness = (parts: readonly number[]): number => [0.2126, 0.7152, 0.0722].reduce((sum, share, i) => sum + share * (parts[i]! > 10 ? ((parts[i]! / 255 + 0.055) / 1.055) ** 2.4 : parts[i]! / 3294), 0.05);

/** The first of these that can be read on that, or else the last. */
export function readable(on: readonly number[], ...those: number[][]): number {
  const at = those.findIndex((each) => Math.abs(Math.log(brightness(on) / brightness(each))) >= Math.log(4.5));
  return at < 0 ? those.length - 1 : at;
}

/** Words on the accent and links on the surface: the wanted colour, or the nearest that can be read. */
export function mend(host: HTMLElement): void {
  const { style } = host;
  const worn = (name: string): string => getComputedStyle(host).getPropertyValue("--hr-" + name);
  const parts = (color: string): number[] => {
    style.color = color;
    return (style.color.match(/[\d.]+/g) ?? []).map(Number);
  };
  const pick = (name: string, on: string, ...those: string[]): void => style.setProperty("--hr-" + name, those[readable(parts(worn(on)), ...those.map(parts))]!);
  pick("on-accent", "accent", worn("on-accent"), "#fff", "#000");
  pick("link", "surface", worn("accent"), worn("ink"));
  style.color = "";
}
