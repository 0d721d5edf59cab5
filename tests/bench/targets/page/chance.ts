/** Chance that comes out the same for the same seed. */

export class Chance {
  #state: number;

  constructor(seed: string) {
    this.#state = [...seed].reduce((sum, letter) => (Math.imul(sum, 31) + letter.charCodeAt(0)) | 0, 7);
  }

  /** At least 0, less than 1. */
  next(): number {
    this.#state = (this.#state + 0x6d2b79f5) | 0;
    let t = Math.imul(this.#state ^ (this.#state >>> 15), 1 | this.#state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  }

  happens(share: number): boolean {
    return this.next() < share;
  }

  /** A whole number from least to most. */
  number(least: number, most: number): number {
    return least + Math.floor(this.next() * (most - least + 1));
  }

  one<T>(of: readonly T[]): T {
    return of[Math.floor(this.next() * of.length)]!;
  }

  shuffled<T>(of: readonly T[]): T[] {
    const left = [...of];
    for (let i = left.length - 1; i > 0; i--) {
      const j = this.number(0, i);
      [left[i], left[j]] = [left[j]!, left[i]!];
    }
    return left;
  }

  some<T>(of: readonly T[], count: number): T[] {
    return this.shuffled(of).slice(0, count);
  }
}
