import assert from "node:assert/strict";
import test from "node:test";
import list from "../../embed/build/chunks.json";
import type * as BehaviorsModule from "../../embed/src/behaviors";
import type * as HistoryPatch from "../../embed/src/core/history-patch";
import type * as Main from "../../embed/src/core/main";
import type * as Offscreen from "../../embed/src/position/offscreen";
import type * as Words from "../../embed/src/kit/words";
import type * as Mount from "../../embed/src/mount";
import type * as Personal from "../../embed/src/richtext/personal";
import type * as RichText from "../../embed/src/richtext/render";
import type * as Actions from "../../embed/src/stage/actions";
import type * as Body from "../../embed/src/stage/body";
import type * as Create from "../../embed/src/stage/create";
import type * as Goals from "../../embed/src/stage/goals";
import type * as GuideCalls from "../../embed/src/stage/guide-calls";
import type * as Items from "../../embed/src/stage/item-conditions";
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
  "guide-calls": typeof GuideCalls;
  "page-watcher": typeof PageWatcher;
  triggers: typeof Triggers;
  "deep-find": typeof DeepFind;
  picked: typeof Picked;
  "scored-match": typeof ScoredMatch;
  capture: typeof Capture;
  richtext: typeof RichText & typeof Personal & typeof Actions;
  contrast: typeof Contrast;
  "history-patch": typeof HistoryPatch;
  "host-dialogs": typeof HostDialogs;
  offscreen: typeof Offscreen;
  behaviors: typeof BehaviorsModule;
  body: typeof Body;
  words: typeof Words;
  items: typeof Items;
  goals: typeof Goals;
  mount: typeof Mount;
  layouts: typeof Layouts;
}

test("every chunk is made of the modules whose exports are checked", () => {
  const checked: Record<keyof Built, string[]> = {
    runtime: ["core/main.ts"],
    kit: ["stage/create.ts"],
    "guide-calls": ["stage/guide-calls.ts"],
    "page-watcher": ["triggers/page-watcher.ts"],
    triggers: ["triggers/triggers.ts"],
    "deep-find": ["target/deep-find.ts"],
    picked: ["target/picked.ts"],
    "scored-match": ["target/scored-match.ts"],
    capture: ["target/capture.ts"],
    richtext: ["richtext/render.ts", "richtext/personal.ts", "stage/actions.ts"],
    contrast: ["ui/contrast.ts"],
    "history-patch": ["core/history-patch.ts"],
    "host-dialogs": ["ui/host-dialogs.ts"],
    offscreen: ["position/offscreen.ts"],
    behaviors: ["behaviors/index.ts"],
    body: ["stage/body.ts"],
    words: ["kit/words.ts"],
    items: ["stage/item-conditions.ts"],
    goals: ["stage/goals.ts"],
    mount: ["mount/index.ts"],
    layouts: ["ui/layouts.ts"],
  };
  assert.deepEqual(Object.fromEntries(Object.entries(list).map(([name, { modules }]) => [name, modules])), checked);
});
