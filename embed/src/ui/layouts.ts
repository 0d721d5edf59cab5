/** The css of modals and slide-outs. Loaded with the first. */

import css from "./layouts.css";

export { css };
