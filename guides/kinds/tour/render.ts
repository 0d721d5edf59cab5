/** How a tour looks on the host page: one step at a time, as a modal, a popover or a slide-out. */

import type { Button, Step, TourBody } from "bodies";
import type { Kit, Props, Renderer, Showing, Surface } from "kit";

type Way = 1 | -1;

/** One showing of a tour: where it is, and what leads on. */
function tour(showing: Showing<TourBody>, kit: Kit): () => void {
  const { el, say } = kit;
  const steps = showing.body.steps ?? [];
  let at = 0;
  /** Those that are for this person now. */
  let open = steps;
  let nth = 0;
  let stops: (() => void)[] = [];
  let surface: Surface | null = null;
  /** The element that the step stands on. */
  let element: Element | null = null;
  let how: Props | undefined;
  let begun = false;
  let { asked } = showing;
  /** The step was painted; only then it can be done. */
  let shown = false;
  let resting = false;

  function start(): () => void {
    const { item, moved, passed, on } = showing;
    at = Math.max(0, index(item));
    shown = moved;
    on(({ do: what, item: key }) => {
      if (what === "next") next();
      else go(what === "back" ? at - 1 : index(key), -1);
    });
    // the address changed while the page was loaded anew: that was what the step waited for
    if (shown && arrived()) next();
    else go(at + +passed, 1);
    return leave;
  }

  const stepNow = (): Step => steps[at]!;

  function index(key: string | null | undefined): number {
    return steps.findIndex((step, i) => step.key === key || `${i + 1}` === key);
  }

  /** Stop all that belongs to the step and take it off the screen. */
  function leave(): void {
    stops.splice(0).forEach((stop) => stop());
    surface?.hide();
    surface = element = null;
  }

  function enter(way: Way): void {
    const { page, target, advance, layout } = stepNow();
    asked ||= !!surface?.focused;
    leave();
    stops.push(kit.onPage(turn));
    resting = !!page && !kit.matches(page);
    if (resting && shown && showing.body.left === "end") return showing.dismiss("route_left");
    shown = false;
    open = steps.filter((step, i) => i === at || !showing.skips?.(step));
    nth = open.indexOf(stepNow());
    showing.rest(resting);
    if (resting) return;
    if (target && layout === "popover") stand(way);
    else draw().show();
    if (!target || advance !== "target") return;
    if (layout !== "popover") stops.push(kit.watch(target, { found: (one) => (element = one) }));
    stops.push(kit.onClick(() => element, () => shown && next()));
  }

  /** The address changed: the step may be done by that, or belong to another page. */
  function turn(): void {
    const { page } = stepNow();
    if (shown && arrived()) next();
    else if (page && kit.matches(page) === resting) enter(1);
  }

  function arrived(): boolean {
    const { advance, advance_page: page } = stepNow();
    return advance === "page" && (!page || kit.matches(page));
  }

  /** A popover waits for its element, follows it, and hides while it is away. */
  function stand(way: Way): void {
    const { target, key, missing } = stepNow();
    stops.push(
      kit.stand(draw(), target!, {
        ...stepNow(),
        found(one, told) {
          element = one;
          how = told;
          if (one) showing.rest(false);
        },
        late: (why) => {
          showing.emit("target_missing", key, why);
          if (missing === "skip" && at + way >= 0) go(at + way, way);
          // it waits on, and another guide may have the room meanwhile
          else if (missing === "wait") showing.rest(true);
          else showing.dismiss("target_missing");
        },
      }),
    );
  }

  function draw(): Surface {
    const { key, layout, title, text, corner, dim, closable } = stepNow();
    const modal = layout === "modal";
    const heading = title && el("h2", { class: "title" }, title);
    const words = el("div", { class: "text" }, kit.text(text));
    const place = label();
    const { dismiss } = showing;
    surface = kit.surface({
      ...stepNow(),
      modal,
      title: heading || null,
      text: words,
      label: place,
      class: `tour ${layout} ${corner} ${dim ? "dim" : ""}`,
      focus: asked,
      close: dismiss,
      next,
      keys,
      near: () => element,
      shown: () => {
        if (!begun) showing.emit("shown");
        begun = shown = true;
        asked = false;
        showing.emit("step_shown", key, how);
        if (!modal) kit.announce(`${title}. ${place}. ${say("reach")}`);
      },
    });
    surface.node.append(
      el("div", { class: "words" }, heading, words),
      el("div", { class: "foot" }, progress(place), el("div", { class: "actions" }, ...buttons())),
      closable === false ? "" : el("button", { type: "button", class: "close", "aria-label": say("close"), onclick: () => dismiss("close") }, kit.icon()),
    );
    return surface;
  }

  function label(): string {
    return say("step", { n: nth + 1, of: open.length });
  }

  function progress(label: string): Node | null {
    const { progress } = showing.body;
    if (progress === "none" || !open[1]) return null;
    if (progress === "count") return el("span", { class: "count" }, label);
    return el("div", { class: "dots", role: "img", "aria-label": label }, ...open.map((_, i) => el("i", { class: i < nth ? "past" : i === nth && "now" })));
  }

  /** A step that nothing else leads on has one of its own. */
  function wanted(): Button[] {
    const { buttons, advance } = stepNow();
    const standard: Button = { key: "next", label: say(open[nth + 1] ? "next" : "done"), look: "main", action: { do: "next" } };
    return buttons[0] || advance !== "button" ? buttons : [standard];
  }

  function buttons(): Node[] {
    return wanted()
      .filter(({ action }) => action.do !== "back" || nth)
      .map((button) => el("button", { type: "button", class: button.look === "main" ? "btn btn-main" : "btn", onclick: () => press(button) }, button.label));
  }

  function press({ key, action }: Button): void {
    showing.emit("clicked", stepNow().key, { button: key });
    asked = true;
    if (action.do === "next") next();
    else if (action.do === "back") go(at - 1, -1);
    else if (action.do === "close") showing.dismiss("button");
    else {
      // what takes over on the last step, ends the tour well
      if (action.do === "finish" || !open[nth + 1]) finish();
      showing.act(action);
    }
  }

  /** Arrows lead on where a button does, mirrored where the writing is. */
  function keys(event: KeyboardEvent): void {
    const step = event.key === "ArrowRight" ? 1 : event.key === "ArrowLeft" && -1;
    if (!step) return;
    const way = getComputedStyle(surface!.node).direction === "rtl" ? -step : step;
    const onward = wanted().find(({ action }) => action.do === "next");
    if (way < 0) nth && go(at - 1, -1);
    else if (onward) press(onward);
  }

  function done(): void {
    if (shown) showing.emit("step_done", stepNow().key);
  }

  function next(): void {
    done();
    go(at + 1, 1);
  }

  function finish(): void {
    done();
    showing.complete();
  }

  /** To the nearest step that way that is for this person; beyond the last one it is finished, before the first there is nothing. */
  function go(to: number, way: Way): void {
    const from = to;
    while (steps[to] && showing.skips?.(steps[to]!)) to += way;
    if (to >= steps.length) return showing.complete();
    if (to < 0) return from < 0 ? undefined : showing.dismiss("skipped");
    shown &&= to === at;
    at = to;
    enter(way);
  }

  return start();
}

const render: Renderer<TourBody> = tour;

export default render;
