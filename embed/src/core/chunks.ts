/** How another file of this build is loaded. */

export const files = { load: (name: string): Promise<unknown> => import(new URL(name + ".js", import.meta.url).href) };
