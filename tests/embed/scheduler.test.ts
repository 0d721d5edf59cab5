import assert from "node:assert/strict";
import { test } from "node:test";
import { chooseByLane } from "../../embed/src/stage/lanes";
import type { Lane } from "../../embed/src/types/protocol";

const guide = (id: string, lane: Lane, priority = 50): { id: string; lane: Lane; priority: number } => ({ id, lane, priority });
const none = (): boolean => false;
const chosen = (ready: ReturnType<typeof guide>[], begun: (id: string) => boolean = none, full: Lane[] = []): string[] => chooseByLane(ready, begun, new Set(full)).map(({ id }) => id);

test("one guide is in focus, the more important one", () => {
  assert.deepEqual(chosen([guide("a", "focus", 10), guide("b", "focus", 90)]), ["b"]);
});

test("of two that matter as much, the first comes first", () => {
  assert.deepEqual(chosen([guide("a", "focus"), guide("b", "focus")]), ["a"]);
});

test("what was begun goes on before anything new starts", () => {
  assert.deepEqual(chosen([guide("a", "focus", 100), guide("b", "focus", 0)], (id) => id === "b"), ["b"]);
});

test("each lane has its own place, and inline has room for all", () => {
  assert.deepEqual(chosen([guide("a", "focus"), guide("b", "corner"), guide("c", "inline"), guide("d", "inline"), guide("e", "corner")]), ["a", "b", "c", "d"]);
});

test("a taken lane stays taken", () => {
  assert.deepEqual(chosen([guide("a", "focus"), guide("b", "inline")], none, ["focus"]), ["b"]);
});
