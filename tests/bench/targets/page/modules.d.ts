declare module "@medv/finder" {
  export function finder(element: Element): string;
}
declare module "optimal-select" {
  export function select(element: Element): string;
}
