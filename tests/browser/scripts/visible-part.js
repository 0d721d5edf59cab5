() => {
  let { left, top, right, bottom } = spot.getBoundingClientRect();
  for (let up = spot.parentElement; up; up = up.parentElement) {
    const box = up.getBoundingClientRect();
    if (getComputedStyle(up).overflow === "visible") continue;
    left = Math.max(left, box.left);
    top = Math.max(top, box.top);
    right = Math.min(right, box.right);
    bottom = Math.min(bottom, box.bottom);
  }
  return [right - left, bottom - top, spot.offsetWidth, spot.offsetHeight];
}
