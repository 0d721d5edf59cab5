/** How a tour looks on the host page: one step at a time, as a modal, a popover or a slide-out. */

import type { Button, Step, TourBody } from "bodies";
import type { Kit, Renderer, Showing, Surface } from "kit";

/** One step on its way to the screen, on it, or waiting for its page. */
class Tour {
  private index = 0;
  private stops: (() => void)[] = [];
  private surface: Surface | null = null;
  private begun = false;
  private asked: boolean;
  private shown = "";

  constructor(
    private readonly showing: Showing<TourBody>,
    private readonly kit: Kit,
  ) {
    this.asked = showing.asked;
  }

  start(): () => void {
    const { item, moved } = this.showing;
    const at = this.steps.findIndex(({ key }) => key === item);
    this.index = Math.max(0, at);
    this.showing.on(({ do: what, item: key }) => {
      if (what === "next") this.next();
      else if (what === "back") this.back();
      else this.jump(key);
    });
    // the page changed while we were away: that was what the step waited for
    if (at >= 0 && moved && this.arrived(this.step)) this.next();
    else this.enter(1);
    return () => this.leave();
  }

  private get steps(): Step[] {
    return this.showing.body.steps;
  }

  private get step(): Step {
    return this.steps[this.index]!;
  }

  /** Stop all that belongs to the step and take it off the screen. */
  private leave(): void {
    this.stops.splice(0).forEach((stop) => stop());
    this.surface?.remove();
    this.surface = null;
  }

  private enter(direction: 1 | -1): void {
    const { kit, step } = this;
    this.asked ||= !!this.surface?.focused;
    this.leave();
    this.stops.push(kit.onPage(() => this.pageChanged()));
    if (step.page && !kit.matches(step.page)) return this.showing.rest(true);
    this.showing.rest(false);
    if (step.advance === "target") this.onTarget(step);
    if (step.layout === "popover" && step.target) this.stand(step, direction);
    else this.draw(step);
  }

  private pageChanged(): void {
    const { step } = this;
    if (this.shown === step.key && this.arrived(step)) return this.next();
    const here = !step.page || this.kit.matches(step.page);
    if (here !== !!this.stops[1] || (!here && this.surface)) this.enter(1);
  }

  private arrived({ advance, advance_page: page }: Step): boolean {
    return advance === "page" && (!page || this.kit.matches(page));
  }

  private onTarget(step: Step): void {
    if (!step.target) return;
    let element: Element | null = null;
    if (step.layout !== "popover") this.stops.push(this.kit.watch(step.target, { found: (found) => (element = found) }));
    this.stops.push(this.kit.onClick(() => element ?? this.standing, () => this.shown === step.key && this.next()));
  }

  private standing: Element | null = null;

  /** A popover: wait for its element, follow it, hide while it is away. */
  private stand(step: Step, direction: 1 | -1): void {
    const { kit } = this;
    const spot = kit.spotlight(step.dim);
    const place = (): void => {
      if (!this.standing || !this.surface?.shown) return;
      kit.place(this.surface.node, this.standing, step.side);
      spot.move(this.standing);
    };
    let gone: ReturnType<typeof setTimeout> | undefined;
    const stop = kit.watch(step.target!, {
      found: (element) => {
        clearTimeout(gone);
        const first = !this.standing;
        this.standing = element;
        if (first) kit.reveal(element);
        if (this.surface) this.surface.show();
        else this.draw(step);
        place();
      },
      moved: place,
      lost: () => {
        this.standing = null;
        gone = setTimeout(() => (spot.move(null), this.surface?.hide()), 500);
      },
      late: (waited) => this.missing(step, waited, direction),
    });
    this.stops.push(stop, () => clearTimeout(gone), spot.remove, () => (this.standing = null));
  }

  private missing(step: Step, waited: number, direction: 1 | -1): void {
    if (this.surface) return;
    this.showing.emit("target_missing", step.key, { reason: "not_found", waited });
    if (step.missing === "end") this.showing.dismiss("target_missing");
    else if (step.missing === "skip") this.go(this.index + direction, direction);
  }

  private draw(step: Step): void {
    const { kit, showing } = this;
    const { title, text, box } = this.content(step);
    const label = this.label();
    const modal = step.layout === "modal";
    const surface = kit.surface({
      modal,
      title,
      text,
      label,
      class: `tour ${step.layout} ${step.corner} ${step.dim ? "dim" : ""}`,
      focus: this.asked,
      close: () => showing.dismiss("escape"),
      keys: (event) => this.keys(event),
    });
    surface.node.append(...box);
    surface.show();
    this.surface = surface;
    this.asked = false;
    this.stops.push(kit.painted(() => this.onScreen(step, modal ? "" : label)));
  }

  /** Only what was painted counts as shown. */
  private onScreen(step: Step, label: string): void {
    const { kit, showing } = this;
    if (!this.begun) showing.emit("shown");
    this.begun = true;
    this.shown = step.key;
    showing.emit("step_shown", step.key);
    if (label) kit.announce([step.title, label, kit.say("reach")].filter(Boolean).join(". "));
  }

  private label(): string {
    return this.kit.say("step", { n: this.index + 1, of: this.steps.length });
  }

  private content(step: Step): { title: HTMLElement | null; text: HTMLElement; box: Node[] } {
    const { kit } = this;
    const [first, ...rest] = step.text.content;
    const pictured = step.layout === "modal" && first?.type === "image";
    const title = step.title ? kit.el("h2", { class: "title" }, step.title) : null;
    const text = kit.el("div", { class: "text" }, kit.text(pictured ? { ...step.text, content: rest } : step.text));
    const close = kit.el("button", { type: "button", class: "close", "aria-label": kit.say("close"), onclick: () => this.showing.dismiss("close") }, kit.icon());
    const foot = kit.el("div", { class: "foot" }, this.progress(), kit.el("div", { class: "actions" }, ...this.buttons(step)));
    const media = pictured ? kit.el("div", { class: "media" }, kit.text({ ...step.text, content: [first] })) : null;
    const inner = kit.el("div", { class: "inner" }, media, kit.el("div", { class: "words" }, title, text));
    return { title, text, box: [inner, foot, close] };
  }

  private progress(): Node | null {
    const { body } = this.showing;
    if (body.progress === "none" || this.steps.length < 2) return null;
    if (body.progress === "count") return this.kit.el("span", { class: "count" }, this.label());
    const dot = (_: Step, i: number): Node => this.kit.el("li", { "data-state": i < this.index && "done", "aria-current": i === this.index && "step" });
    return this.kit.el("ol", { class: "dots", role: "img", "aria-label": this.label() }, ...this.steps.map(dot));
  }

  private buttons(step: Step): Node[] {
    const { kit } = this;
    const last = this.index === this.steps.length - 1;
    const standard: Button = { key: "next", label: kit.say(last ? "done" : "next"), look: "main", action: { do: "next" } };
    const wanted = step.buttons.length || step.advance !== "button" ? step.buttons : [standard];
    const able = wanted.filter(({ action }) => action.do !== "back" || this.index > 0);
    return able.map((button) => kit.el("button", { type: "button", class: button.look === "main" ? "btn btn-main" : "btn", onclick: () => this.press(step, button) }, button.label));
  }

  private press(step: Step, { key, action }: Button): void {
    const { showing } = this;
    if (this.step !== step) return;
    showing.emit("clicked", step.key, { button: key });
    this.asked = true;
    if (action.do === "next") this.next();
    else if (action.do === "back") this.back();
    else if (action.do === "finish") this.finish();
    else if (action.do === "close") showing.dismiss("button");
    else {
      this.leads(action.do === "open" && action.new_tab);
      showing.act(action);
    }
  }

  /** A link or another guide takes over: on the last step that ends the tour well, elsewhere the step is done. */
  private leads(stays: boolean): void {
    if (stays || this.index < this.steps.length - 1) return;
    this.finish();
  }

  /** Arrows lead on where a button does, mirrored where the writing is. */
  private keys(event: KeyboardEvent): void {
    const rtl = getComputedStyle(this.surface!.node).direction === "rtl";
    const ahead = rtl ? "ArrowLeft" : "ArrowRight";
    const behind = rtl ? "ArrowRight" : "ArrowLeft";
    const { step } = this;
    const onward = step.buttons.find(({ action }) => action.do === "next");
    if (event.key === ahead && (onward || !step.buttons.length)) {
      event.stopPropagation();
      if (onward) this.press(step, onward);
      else if (step.advance === "button") this.next();
    } else if (event.key === behind && this.index > 0) {
      event.stopPropagation();
      this.asked = true;
      this.back();
    }
  }

  private next(): void {
    const { step } = this;
    if (this.shown === step.key) this.showing.emit("step_done", step.key);
    this.go(this.index + 1, 1);
  }

  private back(): void {
    if (this.index > 0) this.go(this.index - 1, -1);
  }

  private finish(): void {
    if (this.shown === this.step.key) this.showing.emit("step_done", this.step.key);
    this.showing.complete();
  }

  private jump(key: string | undefined): void {
    const at = this.steps.findIndex((step, i) => step.key === key || String(i + 1) === key);
    if (at >= 0) this.go(at, 1);
  }

  private go(index: number, direction: 1 | -1): void {
    if (index >= this.steps.length) return this.showing.complete();
    if (index < 0) return this.showing.dismiss("target_missing");
    this.index = index;
    this.shown = "";
    this.enter(direction);
  }
}

const render: Renderer<TourBody> = (showing, kit) => new Tour(showing, kit).start();

export default render;
