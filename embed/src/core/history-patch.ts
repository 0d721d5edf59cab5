/** Notices pushState and replaceState in browsers without the Navigation API; loaded there only. */

import { checkUrl } from "./exports";

type Write = History["pushState"];

/** Wraps history.pushState and replaceState; returns how to undo that. */
export function patchHistory(): () => void {
  const undo = [patch("pushState"), patch("replaceState")];
  checkUrl();
  return () => undo.forEach((each) => each());
}

/** Wraps one method; undoing it leaves a later wrapper of somebody else in place. */
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
