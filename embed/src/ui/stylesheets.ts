/** Adopts constructed stylesheets, which no Content-Security-Policy blocks. */

const added = new Set<string>();

export function addStylesheet(root: ShadowRoot, css: string): void {
  if (added.has(css)) return;
  added.add(css);
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(css);
  root.adoptedStyleSheets = [...root.adoptedStyleSheets, sheet];
}
