/** How a tour looks on the host page: one step at a time, as a modal, a popover or a slide-out. */

import type { Button, Step, TourBody } from "bodies";
import type { Kit, Props, Renderer, Showing, Surface } from "kit";

type Direction = 1 | -1;

/** One showing of a tour: where it is, and what leads on. */
function tour(showing: Showing<TourBody>, kit: Kit): () => void {
  const { el, t } = kit;
  const steps = showing.body.steps ?? [];
  let current = 0;
  /** Those that are for this person now. */
  let visibleSteps = steps;
  let position = 0;
  let stops: (() => void)[] = [];
  let surface: Surface | null = null;
  /** The element that the step stands on. */
  let element: Element | null = null;
  let lookupProps: Props | undefined;
  let hasStarted = false;
  let { mayFocus } = showing;
  /** The step was painted; only then it can be done. */
  let isShown = false;
  let isIdle = false;

  function start(): () => void {
    const { item, pageChanged, completedBefore } = showing;
    current = Math.max(0, indexOf(item));
    isShown = pageChanged;
    showing.onCommand((name, args) => {
      if (name === "next") next();
      else goTo(name === "back" ? current - 1 : indexOf((args as { item?: string } | null)?.item), -1);
    });
    // the address changed while the page was loaded anew: that was what the step waited for
    if (isShown && isPageReached()) next();
    else goTo(current + +completedBefore, 1);
    return leave;
  }

  const currentStep = (): Step => steps[current]!;

  function indexOf(key: string | null | undefined): number {
    return steps.findIndex((step, i) => step.key === key || `${i + 1}` === key);
  }

  const isForPerson = (step: Step): boolean => showing.items.some(({ key }) => key === step.key);

  /** Stop all that belongs to the step and take it off the screen. */
  function leave(): void {
    stops.splice(0).forEach((stop) => stop());
    surface?.hide();
    surface = element = null;
  }

  function enter(direction: Direction): void {
    const { page, target, advance, layout } = currentStep();
    mayFocus ||= !!surface?.focused;
    leave();
    stops.push(kit.onPage(onPageChange));
    isIdle = !!page && !kit.matches(page);
    if (isIdle && isShown && showing.body.on_page_left === "end") return showing.dismiss("route_left");
    isShown = false;
    visibleSteps = steps.filter((step, i) => i === current || isForPerson(step));
    position = visibleSteps.indexOf(currentStep());
    showing.setIdle(isIdle);
    if (isIdle) return;
    if (target && layout === "popover") anchorToTarget(direction);
    else draw().show();
    if (!target || advance !== "target") return;
    if (layout !== "popover") stops.push(kit.watch(target, { found: (one) => (element = one) }));
    stops.push(kit.onClick(() => element, () => isShown && next()));
  }

  /** The address changed: the step may be done by that, or belong to another page. */
  function onPageChange(): void {
    const { page } = currentStep();
    if (isShown && isPageReached()) next();
    else if (page && kit.matches(page) === isIdle) enter(1);
  }

  function isPageReached(): boolean {
    const { advance, advance_page: page } = currentStep();
    return advance === "page" && (!page || kit.matches(page));
  }

  /** A popover waits for its element, follows it, and hides while it is away. */
  function anchorToTarget(direction: Direction): void {
    const { target, key, if_target_missing: missing, extra_targets: extraTargets, backdrop_clicks: backdropClicks } = currentStep();
    stops.push(
      kit.anchor(draw(), target!, {
        ...currentStep(),
        backdropClicks,
        extraTargets,
        found(found, props) {
          element = found;
          lookupProps = props;
          if (found) showing.setIdle(false);
        },
        onTimeout: (why) => {
          showing.emit("target_missing", key, why);
          if (missing === "skip" && current + direction >= 0) goTo(current + direction, direction);
          // it waits on, and another guide may have the room meanwhile
          else if (missing === "wait") showing.setIdle(true);
          else showing.dismiss("target_missing");
        },
      }),
    );
  }

  function draw(): Surface {
    const { key, layout, title, text, corner, backdrop, closable, on_backdrop_click: reaction, advance, seconds = 8 } = currentStep();
    const modal = layout === "modal";
    const canClickAround = modal || (backdrop && layout === "popover");
    const heading = title && el("h2", { class: "title" }, title);
    const content = el("div", { class: "text" }, kit.text(text));
    const label = progressLabel();
    const closeOutside = (): void => surface!.close("outside");
    surface = kit.surface({
      ...currentStep(),
      modal,
      title: heading,
      text: content,
      label,
      class: `tour ${layout} ${corner} ${backdrop ? "dim" : ""}`,
      focus: mayFocus,
      close: showing.dismiss,
      confirmClose: showing.body.ask_before_close,
      onBackdropClick: canClickAround && (reaction === "next" ? next : reaction === "close" && closeOutside),
      countdown: advance === "time" && { seconds, onEnd: next },
      keys: onKeydown,
      anchor: () => element,
      shown: () => {
        if (!hasStarted) showing.emit("shown");
        hasStarted = isShown = true;
        mayFocus = false;
        showing.emit("step_shown", key, lookupProps);
        if (!modal) kit.announce(`${title}. ${label}. ${t("reach")}`);
      },
    });
    surface.node.append(
      el("div", { class: "content" }, heading, content),
      el("div", { class: "footer" }, progress(label), el("div", { class: "actions" }, ...buttons())),
      closable === false ? "" : el("button", { type: "button", class: "close", "aria-label": t("close"), onclick: () => surface!.close("close") }, kit.icon()),
    );
    return surface;
  }

  function progressLabel(): string {
    return t("step", { n: position + 1, of: visibleSteps.length });
  }

  function progress(label: string): Node | null {
    const { progress } = showing.body;
    if (progress === "none" || !visibleSteps[1]) return null;
    if (progress === "count") return el("span", { class: "count" }, label);
    return el("div", { class: "dots", role: "img", "aria-label": label }, ...visibleSteps.map((_, i) => el("i", { class: i < position ? "is-done" : i === position && "is-current" })));
  }

  /** A step that nothing else leads on has one of its own. */
  function buttonsOrNext(): Button[] {
    const { buttons, advance } = currentStep();
    const standard: Button = { key: "next", label: t(visibleSteps[position + 1] ? "next" : "done"), look: "main", action: { do: "next" } };
    return buttons[0] || advance !== "button" ? buttons : [standard];
  }

  function buttons(): Node[] {
    return buttonsOrNext()
      .filter(({ action }) => action.do !== "back" || position)
      .map((button) => el("button", { type: "button", class: button.look === "main" ? "btn btn-main" : "btn", onclick: () => press(button) }, button.label));
  }

  function press({ key, action }: Button): void {
    showing.emit("clicked", currentStep().key, { button: key });
    mayFocus = true;
    if (action.do === "next") next();
    else if (action.do === "back") goTo(current - 1, -1);
    else if (action.do === "close") showing.dismiss("button");
    else {
      // what takes over on the last step, ends the tour well
      if (action.do === "finish" || !visibleSteps[position + 1]) finish();
      showing.act(action);
    }
  }

  /** Arrows lead on where a button does, mirrored where the writing is. */
  function onKeydown(event: KeyboardEvent): void {
    const step = event.key === "ArrowRight" ? 1 : event.key === "ArrowLeft" && -1;
    if (!step) return;
    const way = getComputedStyle(surface!.node).direction === "rtl" ? -step : step;
    const onward = buttonsOrNext().find(({ action }) => action.do === "next");
    if (way < 0) position && goTo(current - 1, -1);
    else if (onward) press(onward);
  }

  function completeStep(): void {
    if (isShown) showing.emit("step_done", currentStep().key);
  }

  function next(): void {
    completeStep();
    goTo(current + 1, 1);
  }

  function finish(): void {
    completeStep();
    showing.complete();
  }

  /** To the nearest step that way that is for this person; beyond the last one it is finished, before the first there is nothing. */
  function goTo(to: number, direction: Direction): void {
    const from = to;
    while (steps[to] && !isForPerson(steps[to]!)) to += direction;
    if (to >= steps.length) return showing.complete();
    if (to < 0) return from < 0 ? undefined : showing.dismiss("skipped");
    isShown &&= to === current;
    current = to;
    enter(direction);
  }

  return start();
}

const render: Renderer<TourBody> = tour;

export default render;
