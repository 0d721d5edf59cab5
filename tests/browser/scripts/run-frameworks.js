() => {
  const all = document.querySelector("handrail-root");
  const angular = (compile, scope) => {
    compile(all)(scope);
    scope.$digest();
  };
  window.angular?.element(document.body).injector?.()?.invoke(["$compile", "$rootScope", angular]);
  window.htmx?.process(document.body);
  window.Alpine?.initTree(document.body);
  if (window.bootstrap) for (const each of document.querySelectorAll("[data-bs-toggle]")) new bootstrap.Tooltip(each);
  return all.shadowRoot.childElementCount;
}
