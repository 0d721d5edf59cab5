import assert from "node:assert/strict";
import { test } from "node:test";
import { mergeBoxes } from "../../embed/src/behaviors/cutouts";
import { choosePlacement } from "../../embed/src/position/placement";
import type { Rect } from "../../embed/src/types/kit";
import { isSeen, overlap } from "../../embed/src/ui/geometry";

const view = { width: 1200, height: 800 };
const box = { width: 320, height: 160 };
const at = (left: number, top: number, width = 80, height = 30): Rect => ({ left, top, width, height });

test("the wanted side is used where it fits", () => {
  for (const [side, got] of [["top", "top"], ["bottom", "bottom"], ["start", "left"], ["end", "right"]] as const) assert.equal(choosePlacement(at(560, 385), box, view, { side }).side, got);
});

test("writing from right to left swaps start and end", () => {
  assert.equal(choosePlacement(at(560, 385), box, view, { side: "start", rtl: true }).side, "right");
  assert.equal(choosePlacement(at(560, 385), box, view, { side: "end", rtl: true }).side, "left");
});

test("without room it turns to the other side, then across, then docks", () => {
  assert.equal(choosePlacement(at(560, 10), box, view, { side: "top" }).side, "bottom");
  assert.equal(choosePlacement(at(20, 100, 80, 600), box, view, { side: "bottom" }).side, "right");
  assert.equal(choosePlacement(at(10, 10, 1180, 780), box, view, {}).side, "docked");
});

test("a narrow window gets a sheet, on the side where the element is not", () => {
  const phone = { width: 390, height: 760 };
  assert.deepEqual([choosePlacement(at(20, 40), box, phone, {})].map(({ side, top }) => [side, top]), [["docked", 592]]);
  assert.equal(choosePlacement(at(20, 700), box, phone, {}).top, 8);
});

test("the box stays inside the window and its arrow on the element, at any size", () => {
  for (let width = 481; width <= 2560; width += 77)
    for (let left = -20; left < width; left += 61)
      for (const top of [0, 60, 400, 760]) {
        const spot = choosePlacement(at(left, top), box, { width, height: 800 }, {});
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
      const spot = choosePlacement(target, box, view, {});
      const apart = spot.left + box.width <= target.left || spot.left >= target.left + target.width || spot.top + box.height <= target.top || spot.top >= target.top + target.height;
      assert.ok(apart, `${left} ${top} ${spot.side}`);
    }
});

test("it lines up as wished, mirrored where the writing is", () => {
  const lefts = (["start", "center", "end"] as const).map((align) => choosePlacement(at(560, 385), box, view, { align }).left);
  assert.deepEqual(lefts, [560, 440, 320]);
  assert.equal(choosePlacement(at(560, 385), box, view, { align: "start", rtl: true }).left, 320);
  assert.equal(choosePlacement(at(560, 385), box, view, { side: "end", align: "start" }).top, 371);
});

test("it turns to another side rather than cover what is to be avoided", () => {
  const field = at(540, 440, 110, 40);
  assert.equal(choosePlacement(at(560, 385), box, view, { avoid: [field] }).side, "top");
  assert.equal(choosePlacement(at(560, 385), box, view, { avoid: [field, at(540, 330, 110, 40)] }).side, "right");
  assert.equal(choosePlacement(at(560, 385), box, view, { avoid: [at(0, 0, 1200, 800)] }).side, "bottom");
});

test("what two boxes have in overlap is nothing when they are apart", () => {
  assert.deepEqual(overlap(at(0, 0, 100, 100), at(50, 60, 100, 100)), at(50, 60, 50, 40));
  assert.ok(!isSeen(overlap(at(0, 0, 100, 100), at(100, 0, 100, 100))));
});

test("holes that touch are one hole, others stay apart", () => {
  assert.deepEqual(mergeBoxes([at(0, 0, 100, 100), at(20, 20, 10, 10)]), [at(0, 0, 100, 100)]);
  assert.deepEqual(mergeBoxes([at(0, 0, 50, 50), at(200, 0, 50, 50), at(40, 0, 170, 20)]), [at(0, 0, 250, 50)]);
  assert.equal(mergeBoxes([at(0, 0, 50, 50), at(200, 0, 50, 50)]).length, 2);
});
