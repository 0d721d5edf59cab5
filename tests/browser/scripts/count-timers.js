{
  window.alive = new Set();
  const { setTimeout: later, clearTimeout: never, setInterval: often, clearInterval: enough } = window;
  window.setTimeout = (f, ...more) => {
    const id = later((...all) => (alive.delete(id), f(...all)), ...more);
    alive.add(id);
    return id;
  };
  window.clearTimeout = (id) => {
    alive.delete(id);
    never(id);
  };
  window.setInterval = (...all) => {
    const id = often(...all);
    alive.add("i" + id);
    return id;
  };
  window.clearInterval = (id) => {
    alive.delete("i" + id);
    enough(id);
  };
}
