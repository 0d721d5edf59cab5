// A page without a life of its own still has the account menu.

import "./acme.js";
