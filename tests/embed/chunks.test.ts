import assert from "node:assert/strict";
import test from "node:test";
import list from "../../embed/build/chunks.json";
import type * as BehaviorsModule from "../../embed/src/behaviors";
import type * as HistoryPatch from "../../embed/src/core/history-patch";
import type * as Main from "../../embed/src/core/main";
import type * as Offscreen from "../../embed/src/position/offscreen";
import type * as RichText from "../../embed/src/richtext/render";
import type * as Actions from "../../embed/src/stage/actions";
import type * as Create from "../../embed/src/stage/create";
import type * as GuideCalls from "../../embed/src/stage/guide-calls";
import type * as Capture from "../../embed/src/target/capture";
import type * as DeepFind from "../../embed/src/target/deep-find";
import type * as Picked from "../../embed/src/target/picked";
import type * as ScoredMatch from "../../embed/src/target/scored-match";
import type * as PageWatcher from "../../embed/src/triggers/page-watcher";
import type * as Triggers from "../../embed/src/triggers/triggers";
import type { Chunks } from "../../embed/src/types/contracts";
import type * as Contrast from "../../embed/src/ui/contrast";
import type * as HostDialogs from "../../embed/src/ui/host-dialogs";
import type * as Layouts from "../../embed/src/ui/layouts";

/** The modules of each chunk; tsc refuses one that lacks an export that types/contracts.ts states. */
interface Built extends Pick<Chunks, keyof typeof list> {
  runtime: typeof Main;
  kit: typeof Create;
  calls: typeof GuideCalls;
  ears: typeof PageWatcher;
  triggers: typeof Triggers;
  finder: typeof DeepFind;
  picked: typeof Picked;
  scored: typeof ScoredMatch;
  capture: typeof Capture;
  rich: typeof RichText & typeof Actions;
  contrast: typeof Contrast;
  routes: typeof HistoryPatch;
  guest: typeof HostDialogs;
  away: typeof Offscreen;
  extra: typeof BehaviorsModule;
  shapes: typeof Layouts;
}

test("every chunk is made of the modules whose exports are checked", () => {
  const checked: Record<keyof Built, string[]> = {
    runtime: ["core/main.ts"],
    kit: ["stage/create.ts"],
    calls: ["stage/guide-calls.ts"],
    ears: ["triggers/page-watcher.ts"],
    triggers: ["triggers/triggers.ts"],
    finder: ["target/deep-find.ts"],
    picked: ["target/picked.ts"],
    scored: ["target/scored-match.ts"],
    capture: ["target/capture.ts"],
    rich: ["richtext/render.ts", "stage/actions.ts"],
    contrast: ["ui/contrast.ts"],
    routes: ["core/history-patch.ts"],
    guest: ["ui/host-dialogs.ts"],
    away: ["position/offscreen.ts"],
    extra: ["behaviors/index.ts"],
    shapes: ["ui/layouts.ts"],
  };
  assert.deepEqual(Object.fromEntries(Object.entries(list).map(([name, { modules }]) => [name, modules])), checked);
});
