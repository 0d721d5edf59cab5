/** on, off and once: what the host page may listen to; "*" hears everything. */

import { guard } from "./guard";

type Heard = (detail: unknown, name: string) => void;

let all: [name: string, heard: Heard][] = [];

export function on(name: string, heard: Heard): void {
  if (typeof heard === "function") all = [...all, [name, heard]];
}

export function off(name: string, heard?: Heard): void {
  all = all.filter((each) => each[0] !== name || (heard && each[1] !== heard));
}

export function once(name: string, heard: Heard): void {
  const first: Heard = (...told) => {
    off(name, first);
    heard(...told);
  };
  on(name, first);
}

export function tell(name: string, detail: unknown = {}): void {
  for (const [wanted, heard] of all) if (wanted === name || wanted === "*") queueMicrotask(guard(() => heard(detail, name)) as () => void);
}
