import assert from "node:assert/strict";
import { test } from "node:test";
import { choose, type Rect } from "../../embed/src/anchor/place";

const view = { width: 1200, height: 800 };
const box = { width: 320, height: 160 };
const at = (left: number, top: number, width = 80, height = 30): Rect => ({ left, top, width, height });

test("the wanted side is used where it fits", () => {
  for (const [side, got] of [["top", "top"], ["bottom", "bottom"], ["start", "left"], ["end", "right"]] as const) assert.equal(choose(at(560, 385), box, view, side, false).side, got);
});

test("writing from right to left swaps start and end", () => {
  assert.equal(choose(at(560, 385), box, view, "start", true).side, "right");
  assert.equal(choose(at(560, 385), box, view, "end", true).side, "left");
});

test("without room it turns to the other side, then across, then docks", () => {
  assert.equal(choose(at(560, 10), box, view, "top", false).side, "bottom");
  assert.equal(choose(at(20, 100, 80, 600), box, view, "bottom", false).side, "right");
  assert.equal(choose(at(10, 10, 1180, 780), box, view, "auto", false).side, "docked");
});

test("a narrow window gets a sheet, on the side where the element is not", () => {
  const phone = { width: 390, height: 760 };
  assert.deepEqual([choose(at(20, 40), box, phone, "auto", false)].map(({ side, top }) => [side, top]), [["docked", 592]]);
  assert.equal(choose(at(20, 700), box, phone, "auto", false).top, 8);
});

test("the box stays inside the window and its arrow on the element, at any size", () => {
  for (let width = 481; width <= 2560; width += 77)
    for (let left = -20; left < width; left += 61)
      for (const top of [0, 60, 400, 760]) {
        const spot = choose(at(left, top), box, { width, height: 800 }, "auto", false);
        assert.ok(spot.left >= 8 || spot.side === "docked", `${width} ${left} ${spot.left}`);
        assert.ok(spot.left + box.width <= width - 8 + 1 || width < box.width + 16, `${width} ${left}`);
        assert.ok(spot.top >= 8 && spot.top + box.height <= 792, `${top} ${spot.side} ${spot.top}`);
        if (spot.side !== "docked") assert.ok(spot.arrow >= 22);
      }
});

test("it never covers the element while a side fits", () => {
  for (let left = 0; left < 1120; left += 40)
    for (let top = 0; top < 770; top += 40) {
      const target = at(left, top);
      const spot = choose(target, box, view, "auto", false);
      const apart = spot.left + box.width <= target.left || spot.left >= target.left + target.width || spot.top + box.height <= target.top || spot.top >= target.top + target.height;
      assert.ok(apart, `${left} ${top} ${spot.side}`);
    }
});
