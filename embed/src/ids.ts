/** UUIDv7 made in the browser: sorted by time, and in order within one millisecond. */

let last = 0;
let turn = 0;

export function random(bytes: number): Uint8Array {
  const made = new Uint8Array(bytes);
  crypto.getRandomValues(made);
  return made;
}

export function hex(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

export function uuid7(now = Date.now()): string {
  turn = now > last ? 0 : (turn + 1) & 0xfff;
  last = now > last ? now : turn ? last : last + 1;
  const tail = random(8);
  tail[0] = (tail[0]! & 0x3f) | 0x80;
  const text = last.toString(16).padStart(12, "0") + "7" + turn.toString(16).padStart(3, "0") + hex(tail);
  return text.replace(/^(.{8})(.{4})(.{4})(.{4})/, "$1-$2-$3-$4-");
}
