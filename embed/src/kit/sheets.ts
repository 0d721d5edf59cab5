/** Style sheets as objects: no style element, so no policy of the page can stop them. */

const made = new Map<string, CSSStyleSheet>();

export function adopt(root: ShadowRoot, css: string): void {
  const sheet = made.get(css) ?? new CSSStyleSheet();
  if (!made.has(css)) sheet.replaceSync(css);
  made.set(css, sheet);
  if (!root.adoptedStyleSheets.includes(sheet)) root.adoptedStyleSheets = [...root.adoptedStyleSheets, sheet];
}
