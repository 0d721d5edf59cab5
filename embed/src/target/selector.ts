/** Whether an element is visible, the selector of a target, and the row an element is in. */

import type { Target } from "bodies";

/** Rendered and visible. */
export const visible = (element: Element): boolean => !!element.getClientRects().length && (element.checkVisibility?.({ visibilityProperty: true }) ?? true);

/** The selector of a target by name or by CSS. */
export const cssOf = (by: Target["by"], value: string): string => (by === "css" ? value : `[data-handrail-target="${CSS.escape(value)}"]`);

/** The table row or list item that contains it. */
export const rowOf = (element: Element): Element | null => element.closest("tr,li,[role=row],[role=listitem]");
