/** Files that the build hands over as text or as modules of its own making. */
declare module "*.css" {
  const text: string;
  export default text;
}
declare const HANDRAIL_VERSION: string;
declare const HANDRAIL_RUNTIME: string;
declare const HANDRAIL_LANGUAGES: string[];
declare module "renderers" {
  const all: Record<string, { default: import("./kit").Renderer<unknown>; css?: string; strings?: import("./kit").Strings }>;
  export default all;
}
