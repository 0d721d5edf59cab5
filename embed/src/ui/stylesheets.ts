/** Style sheets as objects: no style element, so no policy of the page can stop them. */

const known = new Set<string>();

export function adopt(root: ShadowRoot, css: string): void {
  if (known.has(css)) return;
  known.add(css);
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(css);
  root.adoptedStyleSheets = [...root.adoptedStyleSheets, sheet];
}
