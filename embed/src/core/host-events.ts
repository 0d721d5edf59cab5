/** The events a host page can listen to with on(), once() and off(); "*" stands for all of them. */

import { guard } from "./guard";

type HostListener = (detail: unknown, name: string) => void;

let listeners: [name: string, heard: HostListener][] = [];

export function on(name: string, listener: HostListener): void {
  if (typeof listener === "function") listeners = [...listeners, [name, listener]];
}

export function off(name: string, listener?: HostListener): void {
  listeners = listeners.filter((each) => each[0] !== name || (listener && each[1] !== listener));
}

export function once(name: string, listener: HostListener): void {
  const first: HostListener = (...args) => {
    off(name, first);
    listener(...args);
  };
  on(name, first);
}

export function emitHostEvent(name: string, detail: unknown = {}): void {
  for (const [wanted, heard] of listeners) if (wanted === name || wanted === "*") queueMicrotask(guard(() => heard(detail, name)) as () => void);
}
