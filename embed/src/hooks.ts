/** on, off and once: what the host page may listen to. */

import { guard } from "./guard";

type Heard = (detail: unknown) => void;

export class Hooks {
  private readonly heard = new Map<string, Set<Heard>>();

  on(name: string, heard: Heard): void {
    if (typeof heard !== "function") return;
    this.heard.set(name, (this.heard.get(name) ?? new Set()).add(heard));
  }

  off(name: string, heard?: Heard): void {
    if (heard) this.heard.get(name)?.delete(heard);
    else this.heard.delete(name);
  }

  once(name: string, heard: Heard): void {
    const first: Heard = (detail) => {
      this.off(name, first);
      heard(detail);
    };
    this.on(name, first);
  }

  tell(name: string, detail: unknown = {}): void {
    for (const heard of [...(this.heard.get(name) ?? [])]) queueMicrotask(guard(() => heard(detail)) as () => void);
  }
}
