/** Marks items as done, or completes guides, once the rules of their goals hold; whether they are on screen or not. Loaded with the first guide that has goals. */

import { evaluate } from "../rules/exports";
import type { DeliveredGoal, Delivery, Rule } from "../types/protocol";
import { extensions } from "../ui/exports";
import { getProgress, guides, isStarted, reportEvent, reschedule, ruleFacts, showings } from "./exports";

/** Whether a goal can still be reached. */
function isOpen({ id }: Delivery, { item, after_start }: DeliveredGoal): boolean {
  const { status, done } = getProgress(id);
  return status !== "completed" && status !== "dismissed" && !done.includes(item!) && (!after_start || isStarted(id));
}

function reach(guide: Delivery, item: string | null): void {
  const finish = showings.get(guide.id)?.finish;
  if (item !== null) reportEvent(guide, "goal_reached", item);
  else if (finish) finish("completed");
  else reportEvent(guide, "completed");
}

export function checkGoals(): (Rule | undefined)[] {
  const goals = [...guides.values()].flatMap((guide) => (guide.goals ?? []).map((goal) => ({ guide, goal })));
  const open = goals.filter(({ guide, goal }) => isOpen(guide, goal));
  const reached = open.filter(({ goal }) => evaluate(goal.rule, ruleFacts()) === true);
  for (const { guide, goal } of reached) if (isOpen(guide, goal)) reach(guide, goal.item);
  return open.filter((each) => !reached.includes(each)).map(({ goal }) => goal.rule);
}

// the boot answer lists this chunk for guides that may not be on screen
extensions.checkGoals = checkGoals;
reschedule();
