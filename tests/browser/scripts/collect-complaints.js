() => {
  window.complaints = [];
  const hear = (what) => complaints.push(String(what));
  addEventListener("error", (event) => hear(event.message));
  addEventListener("unhandledrejection", (event) => hear(event.reason));
  document.addEventListener("securitypolicyviolation", (event) => hear(event.violatedDirective + " " + event.blockedURI));
}
