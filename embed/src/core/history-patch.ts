/** Notices address changes where the browser does not tell of them; loaded there only. */

import { look } from "./exports";

type Write = History["pushState"];

/** Wrap the two writers of the history; hands back how to unwrap them. */
export function wrap(): () => void {
  const undo = [patch("pushState"), patch("replaceState")];
  look();
  return () => undo.forEach((each) => each());
}

/** Wrap one of history's writers; hand back how to unwrap, which leaves alone what another has wrapped since. */
function patch(name: "pushState" | "replaceState"): () => void {
  const native = history[name];
  let active = true;
  const wrapped: Write & { handrail?: boolean } = function (this: History, _state, _title) {
    native.apply(this, arguments as unknown as Parameters<Write>);
    if (active) queueMicrotask(() => look());
  };
  wrapped.handrail = true;
  history[name] = wrapped;
  return () => {
    active = false;
    if (history[name] === wrapped) history[name] = native;
  };
}
