/** Notices address changes where the browser does not tell of them; loaded there only. */

import { checkUrl } from "./exports";

type Write = History["pushState"];

/** Wrap the two writers of the history; hands back how to unwrap them. */
export function patchHistory(): () => void {
  const undo = [patch("pushState"), patch("replaceState")];
  checkUrl();
  return () => undo.forEach((each) => each());
}

/** Wrap one of history's writers; hand back how to unwrap, which leaves alone what another has wrapped since. */
function patch(name: "pushState" | "replaceState"): () => void {
  const native = history[name];
  let active = true;
  const wrapped: Write & { handrail?: boolean } = function (this: History, _state, _title) {
    native.apply(this, arguments as unknown as Parameters<Write>);
    if (active) queueMicrotask(() => checkUrl());
  };
  wrapped.handrail = true;
  history[name] = wrapped;
  return () => {
    active = false;
    if (history[name] === wrapped) history[name] = native;
  };
}
