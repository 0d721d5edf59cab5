/** Conditions on elements, seconds, scrolling and the date; bundled with the chunks that watch the page. */

import { browserConditions, own, waitsFor as on } from "./exports";

Object.assign(browserConditions, {
  element: on("element", (isThere, target) => isThere(target as never)),
  delay: on("seconds", (seconds, least: number) => seconds >= least),
  scroll: on("scroll", (percent, least: number) => percent >= least),
  between: on("now", (now, span: { from?: string | null; until?: string | null }) => {
    const from = own(span, "from");
    const until = own(span, "until");
    return !(from && +now < Date.parse(from)) && !(until && +now >= Date.parse(until));
  }),
});
