/** Which addresses may be linked or loaded, and how a link is drawn. */

import { type Drawn, el, type Pen } from "./pen";

/** Whether an address leads to a page, an e-mail or a call and to nothing else; guides/richtext/links.py accepts the same. */
export function isLink(address: string): boolean {
  if (UNSAFE_CHARACTER.test(address)) return false;
  return /^(#|\/(?!\/))/.test(address) || DIRECT.test(address) || !!absolute(address);
}

/** Whether an image is loaded over https, or from localhost. */
export function isImage(address: string): boolean {
  if (UNSAFE_CHARACTER.test(address)) return false;
  const url = absolute(address);
  return url?.protocol === "https:" || (url?.protocol === "http:" && /^(localhost|127\.[\d.]+|\[::1\])$/.test(url.hostname));
}

/** Spaces, control characters, backslashes and invisible characters. */
const UNSAFE_CHARACTER = /[\x00-\x20\x7f-\xa0\\\u2000-\u200f\u2028-\u202f\u2060\u3000\ufeff\ud800-\udfff]/u;
const ABSOLUTE = /^https?:\/\/([\w-]+(\.[\w-]+)*\.?|\[[\da-f:]+\])(:\d+)?([/?#]|$)/i;
const DIRECT = /^(mailto|tel):[^/]/i;

/** An absolute address, if the browser parses it exactly as it is written. */
function absolute(address: string): URL | null {
  try {
    const url = new URL(address);
    return ABSOLUTE.test(address) && address.toLowerCase().startsWith(`${url.protocol}//${url.host}`) ? url : null;
  } catch {
    return null;
  }
}

export const drawLink = (pen: Pen, href: string, inner: Drawn, more = {}): Node => el(pen, "a", { ...more, href, target: "_blank", rel: "noopener noreferrer" }, inner);
