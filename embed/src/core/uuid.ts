/** UUIDv7: sorted by time, and in order within one millisecond. */

let last = 0;
let sequence = 0;

export const randomHex = (bytes: number): string => Array.from(crypto.getRandomValues(new Uint8Array(bytes)), (byte) => hex(byte, 2)).join("");

const hex = (number: number, digits: number): string => number.toString(16).padStart(digits, "0");

export function uuid7(now = Date.now()): string {
  sequence = now > last ? 0 : (sequence + 1) & 0xfff;
  last = now > last ? now : sequence ? last : last + 1;
  return (hex(last, 12) + hex(0x7000 | sequence, 4) + "8" + randomHex(8).slice(1)).replace(/^(.{8})(.{4})(.{4})(.{4})/, "$1-$2-$3-$4-");
}
