/** Which addresses may be linked to or loaded, and how a link is drawn. */

import { type Drawn, el, type Pen } from "./pen";

/** Whether a browser takes it to a page, a mail or a call, and nowhere else; guides/richtext/links.py refuses the same. */
export function isLink(address: string): boolean {
  if (UNSAFE_CHARACTER.test(address)) return false;
  return /^(#|\/(?!\/))/.test(address) || DIRECT.test(address) || !!absolute(address);
}

/** Whether a browser loads it over https, or from this very machine. */
export function isImage(address: string): boolean {
  if (UNSAFE_CHARACTER.test(address)) return false;
  const url = absolute(address);
  return url?.protocol === "https:" || (url?.protocol === "http:" && /^(localhost|127\.[\d.]+|\[::1\])$/.test(url.hostname));
}

/** Spaces, controls, backslashes and letters that cannot be seen. */
const UNSAFE_CHARACTER = /[\x00-\x20\x7f-\xa0\\\u2000-\u200f\u2028-\u202f\u2060\u3000\ufeff\ud800-\udfff]/u;
const ABSOLUTE = /^https?:\/\/([\w-]+(\.[\w-]+)*\.?|\[[\da-f:]+\])(:\d+)?([/?#]|$)/i;
const DIRECT = /^(mailto|tel):[^/]/i;

/** An address of a page, when the browser itself reads it as it is written. */
function absolute(address: string): URL | null {
  try {
    const url = new URL(address);
    return ABSOLUTE.test(address) && address.toLowerCase().startsWith(`${url.protocol}//${url.host}`) ? url : null;
  } catch {
    return null;
  }
}

export const drawLink = (pen: Pen, href: string, inner: Drawn, more = {}): Node => el(pen, "a", { ...more, href, target: "_blank", rel: "noopener noreferrer" }, inner);
