import assert from "node:assert/strict";
import { test } from "node:test";
import { firstReadable } from "../../embed/src/ui/contrast";

const white = [255, 255, 255];
const black = [0, 0, 0];

test("a wanted colour that can be read is kept", () => {
  assert.equal(firstReadable([15, 110, 97], white, white, black), 0);
});

test("on a bright accent the words become black, on a dark one white", () => {
  assert.equal(firstReadable([52, 181, 160], white, white, black), 2);
  assert.equal(firstReadable([20, 20, 60], black, white, black), 1);
});

test("there is a colour to read on every accent", () => {
  for (let red = 0; red < 256; red += 15)
    for (let green = 0; green < 256; green += 15)
      for (let blue = 0; blue < 256; blue += 15) assert.ok(firstReadable([red, green, blue], white, black, [red, green, blue]) < 2, `${red} ${green} ${blue}`);
});
