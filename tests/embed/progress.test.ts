import assert from "node:assert/strict";
import { test } from "node:test";
import { fold, getProgress, type ProgressEvent } from "../../embed/src/stage/progress";
import { cases } from "../shared_cases/progress.json";

for (const { name, effects, items, events, progress } of cases)
  test(`like the server: ${name}`, () => {
    const keys = items.map((key) => ({ key }));
    const after = (events as ProgressEvent[]).reduce((before, event) => ({ ...before, ...fold(before, event, effects as Record<string, string>, keys) }), getProgress("new"));
    const { status, item, done, state = {} } = after;
    assert.deepEqual({ status, item, done, state }, progress);
  });
