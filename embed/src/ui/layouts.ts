/** How a window in the middle and a card in a corner look. Loaded with the first. */

import css from "./layouts.css";

export { css };
