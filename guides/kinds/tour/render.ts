/** How a tour looks on the host page: one step at a time, as a modal, a popover or a slide-out. */

import type { Button, Step, TourBody } from "bodies";
import type { Kit, Renderer, Showing, Surface } from "kit";

type Way = 1 | -1;

class Tour {
  _at = 0;
  _stops: (() => void)[] = [];
  _surface: Surface | null = null;
  /** The element that the step stands on. */
  _element: Element | null = null;
  _begun = false;
  _asked: boolean;
  /** The step was painted; only then it can be done. */
  _shown = false;
  _resting = false;
  readonly _showing: Showing<TourBody>;
  readonly _kit: Kit;
  readonly _steps: Step[];

  constructor(showing: Showing<TourBody>, kit: Kit) {
    this._showing = showing;
    this._kit = kit;
    this._asked = showing.asked;
    this._steps = showing.body.steps ?? [];
  }

  start(): () => void {
    const { item, moved, on } = this._showing;
    if (!this._steps[0]) return () => undefined;
    this._at = Math.max(0, this._index(item));
    on(({ do: what, item: key }) => {
      if (what === "next") this._next();
      else this._go(what === "back" ? this._at - 1 : this._index(key), -1);
    });
    // the address changed while the page was loaded anew: that was what the step waited for
    this._shown = moved && this._arrived();
    if (this._shown) this._next();
    else this._enter(1);
    return () => this._leave();
  }

  get _step(): Step {
    return this._steps[this._at]!;
  }

  _index(key: string | null | undefined): number {
    return this._steps.findIndex((step, i) => step.key === key || String(i + 1) === key);
  }

  /** Stop all that belongs to the step and take it off the screen. */
  _leave(): void {
    this._stops.splice(0).forEach((stop) => stop());
    this._surface?.hide();
    this._surface = this._element = null;
  }

  _enter(way: Way): void {
    const kit = this._kit;
    const { page, target, advance, layout } = this._step;
    this._asked ||= !!this._surface?.focused;
    this._leave();
    this._shown = false;
    this._stops.push(kit.onPage(() => this._turn()));
    this._resting = !!page && !kit.matches(page);
    this._showing.rest(this._resting);
    if (this._resting) return;
    if (target && layout === "popover") this._stand(way);
    else this._draw().show();
    if (!target || advance !== "target") return;
    if (layout !== "popover") this._stops.push(kit.watch(target, { found: (element) => (this._element = element) }));
    this._stops.push(kit.onClick(() => this._element, () => this._shown && this._next()));
  }

  /** The address changed: the step may be done by that, or belong to another page. */
  _turn(): void {
    const { page } = this._step;
    if (this._shown && this._arrived()) this._next();
    else if (page && this._kit.matches(page) === this._resting) this._enter(1);
  }

  _arrived(): boolean {
    const { advance, advance_page: page } = this._step;
    return advance === "page" && (!page || this._kit.matches(page));
  }

  /** A popover waits for its element, follows it, and hides while it is away. */
  _stand(way: Way): void {
    const kit = this._kit;
    const { target, side, dim, key, missing } = this._step;
    const surface = this._draw();
    const placed = kit.stand(surface, { side, dim });
    const moved = (): void => placed.move(this._element);
    const stop = kit.watch(target!, {
      found: (element) => {
        if (!this._element) placed.reveal(element);
        this._element = element;
        moved();
      },
      moved,
      lost: () => {
        this._element = null;
        moved();
      },
      late: (waited) => {
        this._showing.emit("target_missing", key, { reason: "not_found", waited });
        // a skipped step with nothing before it is the end, too
        if (missing === "end" || (missing === "skip" && this._at + way < 0)) this._showing.dismiss("target_missing");
        else if (missing === "skip") this._go(this._at + way, way);
      },
    });
    this._stops.push(stop, placed.stop);
  }

  _draw(): Surface {
    const kit = this._kit;
    const { el } = kit;
    const { key, layout, title, text, corner, dim } = this._step;
    const [first, ...rest] = text.content;
    const modal = layout === "modal";
    const pictured = modal && first?.type === "image";
    const heading = title && el("h2", { class: "title" }, title);
    const words = el("div", { class: "text" }, kit.text(pictured ? { type: "doc", content: rest } : text));
    const label = this._label();
    const close = (why: string) => () => this._showing.dismiss(why);
    const surface = kit.surface({
      modal,
      title: heading || null,
      text: words,
      label,
      class: `tour ${layout} ${corner} ${dim ? "dim" : ""}`,
      focus: this._asked,
      close: close("escape"),
      keys: (event) => this._keys(event),
      near: () => this._element,
      shown: () => {
        if (!this._begun) this._showing.emit("shown");
        this._begun = this._shown = true;
        this._asked = false;
        this._showing.emit("step_shown", key);
        if (!modal) kit.announce(`${title}. ${label}. ${kit.say("reach")}`);
      },
    });
    surface.node.append(
      el("div", { class: "inner" }, pictured && el("div", { class: "media" }, kit.text({ type: "doc", content: [first] })), el("div", { class: "words" }, heading, words)),
      el("div", { class: "foot" }, this._progress(label), el("div", { class: "actions" }, ...this._buttons())),
      el("button", { type: "button", class: "close", "aria-label": kit.say("close"), onclick: close("close") }, kit.icon()),
    );
    return (this._surface = surface);
  }

  _label(): string {
    return this._kit.say("step", { n: this._at + 1, of: this._steps.length });
  }

  _progress(label: string): Node | null {
    const { el } = this._kit;
    const { progress } = this._showing.body;
    if (progress === "none" || this._steps.length < 2) return null;
    if (progress === "count") return el("span", { class: "count" }, label);
    return el("div", { class: "dots", role: "img", "aria-label": label }, ...this._steps.map((_, i) => el("i", { class: i < this._at ? "past" : i === this._at && "now" })));
  }

  _buttons(): Node[] {
    const { el, say } = this._kit;
    const { buttons, advance } = this._step;
    const standard: Button = { key: "next", label: say(this._at === this._steps.length - 1 ? "done" : "next"), look: "main", action: { do: "next" } };
    const wanted = buttons.length || advance !== "button" ? buttons : [standard];
    return wanted
      .filter(({ action }) => action.do !== "back" || this._at > 0)
      .map((button) => el("button", { type: "button", class: button.look === "main" ? "btn btn-main" : "btn", onclick: () => this._press(button) }, button.label));
  }

  _press({ key, action }: Button): void {
    const showing = this._showing;
    showing.emit("clicked", this._step.key, { button: key });
    this._asked = true;
    if (action.do === "next") this._next();
    else if (action.do === "back") this._go(this._at - 1, -1);
    else if (action.do === "close") showing.dismiss("button");
    else {
      // what takes over on the last step, ends the tour well
      if (action.do === "finish" || this._at === this._steps.length - 1) this._next(true);
      showing.act(action);
    }
  }

  /** Arrows lead on where a button does, mirrored where the writing is. */
  _keys(event: KeyboardEvent): void {
    const step = event.key === "ArrowRight" ? 1 : event.key === "ArrowLeft" ? -1 : 0;
    const way = getComputedStyle(this._surface!.node).direction === "rtl" ? -step : step;
    if (!way) return;
    event.stopPropagation();
    const { buttons, advance } = this._step;
    const onward = buttons.find(({ action }) => action.do === "next");
    this._asked = true;
    if (way < 0) this._go(this._at - 1, -1);
    else if (onward) this._press(onward);
    else if (!buttons.length && advance === "button") this._next();
  }

  _next(finish?: boolean): void {
    if (this._shown) this._showing.emit("step_done", this._step.key);
    if (finish || this._at === this._steps.length - 1) this._showing.complete();
    else this._go(this._at + 1, 1);
  }

  /** Beyond the last step it is finished; before the first one there is nothing. */
  _go(at: number, way: Way): void {
    if (at >= this._steps.length) return this._showing.complete();
    if (at < 0) return;
    this._at = at;
    this._enter(way);
  }
}

const render: Renderer<TourBody> = (showing, kit) => new Tour(showing, kit).start();

export default render;
