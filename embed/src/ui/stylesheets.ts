/** Style sheets as objects: no style element, so no policy of the page can stop them. */

const added = new Set<string>();

export function addStylesheet(root: ShadowRoot, css: string): void {
  if (added.has(css)) return;
  added.add(css);
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(css);
  root.adoptedStyleSheets = [...root.adoptedStyleSheets, sheet];
}
