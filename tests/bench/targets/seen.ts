/** One trial as the judge saw it: what the benchmark writes down for tuning. */

import type { PageSurvey, Value } from "../../../embed/src/target/features";

export interface Seen {
  operator: string;
  family: string;
  /** Which of the candidates is right; -1 for none of them. */
  right: number;
  gone: boolean;
  weights: string;
  around: Pick<PageSurvey, "text" | "classes" | "ids">;
  values: Value[][];
  twins: [number, number];
  now: number;
  more: [number, number] | null;
}
