/** What every way of finding asks of an element: whether it can be seen, what its name is as a selector, which row it is in. */

import type { Target } from "bodies";

/** Present and visible to people. */
export const visible = (element: Element): boolean => !!element.getClientRects().length && (element.checkVisibility?.({ visibilityProperty: true }) ?? true);

/** The selector of a target that is meant by its name, or by one. */
export const cssOf = (by: Target["by"], value: string): string => (by === "css" ? value : `[data-handrail-target="${CSS.escape(value)}"]`);

/** The row of a table or the entry of a list that it is in. */
export const rowOf = (element: Element): Element | null => element.closest("tr,li,[role=row],[role=listitem]");
