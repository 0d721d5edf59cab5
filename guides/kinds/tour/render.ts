/** How a tour looks on the host page: one step at a time, as a modal, a popover or a slide-out. */

import type { Button, Step, TourBody } from "bodies";
import type { Kit, Renderer, Showing, Surface } from "kit";

type Way = 1 | -1;

class Tour {
  #at = 0;
  #stops: (() => void)[] = [];
  #surface: Surface | null = null;
  /** The element that the step stands on. */
  #element: Element | null = null;
  #begun = false;
  #asked: boolean;
  /** The step was painted; only then it can be done. */
  #shown = false;
  #resting = false;
  readonly #showing: Showing<TourBody>;
  readonly #kit: Kit;
  readonly #steps: Step[];

  constructor(showing: Showing<TourBody>, kit: Kit) {
    this.#showing = showing;
    this.#kit = kit;
    this.#asked = showing.asked;
    this.#steps = showing.body.steps;
  }

  start(): () => void {
    const { item, moved, on } = this.#showing;
    this.#at = Math.max(0, this.#index(item));
    on(({ do: what, item: key }) => {
      if (what === "next") this.#next();
      else this.#go(what === "back" ? this.#at - 1 : this.#index(key), -1);
    });
    // the address changed while the page was loaded anew: that was what the step waited for
    this.#shown = moved && this.#arrived();
    if (this.#shown) this.#next();
    else this.#enter(1);
    return () => this.#leave();
  }

  get #step(): Step {
    return this.#steps[this.#at]!;
  }

  #index(key: string | null | undefined): number {
    return this.#steps.findIndex((step, i) => step.key === key || String(i + 1) === key);
  }

  /** Stop all that belongs to the step and take it off the screen. */
  #leave(): void {
    this.#stops.splice(0).forEach((stop) => stop());
    this.#surface?.hide();
    this.#surface = this.#element = null;
  }

  #enter(way: Way): void {
    const kit = this.#kit;
    const { page, target, advance, layout } = this.#step;
    this.#asked ||= !!this.#surface?.focused;
    this.#leave();
    this.#shown = false;
    this.#stops.push(kit.onPage(() => this.#turn()));
    this.#resting = !!page && !kit.matches(page);
    this.#showing.rest(this.#resting);
    if (this.#resting) return;
    if (target && layout === "popover") this.#stand(way);
    else this.#draw();
    if (!target || advance !== "target") return;
    if (layout !== "popover") this.#stops.push(kit.watch(target, { found: (element) => (this.#element = element) }));
    this.#stops.push(kit.onClick(() => this.#element, () => this.#shown && this.#next()));
  }

  /** The address changed: the step may be done by that, or belong to another page. */
  #turn(): void {
    const { page } = this.#step;
    if (this.#shown && this.#arrived()) this.#next();
    else if (page && this.#kit.matches(page) === this.#resting) this.#enter(1);
  }

  #arrived(): boolean {
    const { advance, advance_page: page } = this.#step;
    return advance === "page" && (!page || this.#kit.matches(page));
  }

  /** A popover waits for its element, follows it, and hides while it is away. */
  #stand(way: Way): void {
    const kit = this.#kit;
    const { target, side, dim, key, missing } = this.#step;
    let spot: ReturnType<Kit["spotlight"]> | undefined;
    let gone: ReturnType<typeof setTimeout>;
    const moved = (): void => {
      if (!this.#element || !this.#surface) return;
      this.#surface.show();
      kit.place(this.#surface.node, this.#element, side);
      spot ??= kit.spotlight(dim);
      spot.move(this.#element);
    };
    const stop = kit.watch(target!, {
      found: (element) => {
        clearTimeout(gone);
        if (!this.#element) kit.reveal(element);
        this.#element = element;
        if (!this.#surface) this.#draw();
        moved();
      },
      moved,
      lost: () => {
        this.#element = null;
        gone = setTimeout(() => (spot?.move(null), this.#surface?.hide()), 500);
      },
      late: (waited) => {
        this.#showing.emit("target_missing", key, { reason: "not_found", waited });
        if (missing === "end") this.#showing.dismiss("target_missing");
        else if (missing === "skip") this.#go(this.#at + way, way);
      },
    });
    this.#stops.push(stop, () => clearTimeout(gone), () => spot?.move(null));
  }

  #draw(): void {
    const kit = this.#kit;
    const { el } = kit;
    const { key, layout, title, text, corner, dim } = this.#step;
    const [first, ...rest] = text.content;
    const modal = layout === "modal";
    const pictured = modal && first?.type === "image";
    const heading = title && el("h2", { class: "title" }, title);
    const words = el("div", { class: "text" }, kit.text(pictured ? { type: "doc", content: rest } : text));
    const label = this.#label();
    const close = (why: string) => () => this.#showing.dismiss(why);
    const surface = kit.surface({ modal, title: heading || null, text: words, label, class: `tour ${layout} ${corner} ${dim ? "dim" : ""}`, focus: this.#asked, close: close("escape"), keys: (event) => this.#keys(event) });
    surface.node.append(
      el("div", { class: "inner" }, pictured && el("div", { class: "media" }, kit.text({ type: "doc", content: [first] })), el("div", { class: "words" }, heading, words)),
      el("div", { class: "foot" }, this.#progress(label), el("div", { class: "actions" }, ...this.#buttons())),
      el("button", { type: "button", class: "close", "aria-label": kit.say("close"), onclick: close("close") }, kit.icon()),
    );
    surface.show();
    this.#surface = surface;
    this.#asked = false;
    this.#stops.push(
      kit.painted(() => {
        if (!this.#begun) this.#showing.emit("shown");
        this.#begun = this.#shown = true;
        this.#showing.emit("step_shown", key);
        if (!modal) kit.announce(`${title}. ${label}. ${kit.say("reach")}`);
      }),
    );
  }

  #label(): string {
    return this.#kit.say("step", { n: this.#at + 1, of: this.#steps.length });
  }

  #progress(label: string): Node | null {
    const { el } = this.#kit;
    const { progress } = this.#showing.body;
    if (progress === "none" || this.#steps.length < 2) return null;
    if (progress === "count") return el("span", { class: "count" }, label);
    return el("div", { class: "dots", role: "img", "aria-label": label }, ...this.#steps.map((_, i) => el("i", { class: i < this.#at ? "past" : i === this.#at && "now" })));
  }

  #buttons(): Node[] {
    const { el, say } = this.#kit;
    const { buttons, advance } = this.#step;
    const standard: Button = { key: "next", label: say(this.#at === this.#steps.length - 1 ? "done" : "next"), look: "main", action: { do: "next" } };
    const wanted = buttons.length || advance !== "button" ? buttons : [standard];
    return wanted
      .filter(({ action }) => action.do !== "back" || this.#at > 0)
      .map((button) => el("button", { type: "button", class: button.look === "main" ? "btn btn-main" : "btn", onclick: () => this.#press(button) }, button.label));
  }

  #press({ key, action }: Button): void {
    const showing = this.#showing;
    showing.emit("clicked", this.#step.key, { button: key });
    this.#asked = true;
    if (action.do === "next") this.#next();
    else if (action.do === "back") this.#go(this.#at - 1, -1);
    else if (action.do === "close") showing.dismiss("button");
    else {
      // what takes over on the last step, ends the tour well
      if (action.do === "finish" || this.#at === this.#steps.length - 1) this.#next(true);
      showing.act(action);
    }
  }

  /** Arrows lead on where a button does, mirrored where the writing is. */
  #keys(event: KeyboardEvent): void {
    const step = event.key === "ArrowRight" ? 1 : event.key === "ArrowLeft" ? -1 : 0;
    const way = getComputedStyle(this.#surface!.node).direction === "rtl" ? -step : step;
    if (!way) return;
    event.stopPropagation();
    const { buttons, advance } = this.#step;
    const onward = buttons.find(({ action }) => action.do === "next");
    this.#asked = true;
    if (way < 0) this.#go(this.#at - 1, -1);
    else if (onward) this.#press(onward);
    else if (!buttons.length && advance === "button") this.#next();
  }

  #next(finish?: boolean): void {
    if (this.#shown) this.#showing.emit("step_done", this.#step.key);
    if (finish || this.#at === this.#steps.length - 1) this.#showing.complete();
    else this.#go(this.#at + 1, 1);
  }

  /** Beyond the last step it is finished; before the first one there is nothing. */
  #go(at: number, way: Way): void {
    if (at >= this.#steps.length) return this.#showing.complete();
    if (at < 0) return;
    this.#at = at;
    this.#enter(way);
  }
}

const render: Renderer<TourBody> = (showing, kit) => new Tour(showing, kit).start();

export default render;
