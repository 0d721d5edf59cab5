"""Markup that does harm where it is taken for markup; `__x` tells that it ran, `canary.example` that something was asked for."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Payload:
    """One text; `fires` says where it does its harm when nobody stops it."""

    name: str
    text: str
    fires: str = "html"


HTML = [
    Payload("script", "<script>__x(1)</script>"),
    Payload("script in a breakout", "\"'></script></title></textarea></style><script>__x(1)</script>"),
    Payload("image error", "<img src=x: onerror=__x(1)>"),
    Payload("image without spaces", "<img/src='x:'/onerror=__x(1)>"),
    Payload("attribute breakout", '"><img src=x: onerror=__x(1)>'),
    Payload("single quote breakout", "'><img src=x: onerror=__x(1)>"),
    Payload("svg load", "<svg onload=__x(1)>"),
    Payload("svg in upper case", "<SVG ONLOAD=__x(1)>"),
    Payload("svg script", "<svg><script>__x(1)</script></svg>"),
    Payload("svg animation", "<svg><animate onbegin=__x(1) attributeName=x dur=1s></svg>"),
    Payload("svg set", "<svg><set onbegin=__x(1) attributeName=x to=1></svg>"),
    Payload("svg image", "<svg><image href=x: onerror=__x(1)></svg>"),
    Payload("foreign object", "<svg><foreignObject><img src=x: onerror=__x(1)></foreignObject></svg>"),
    Payload("mathml", "<math><mtext><img src=x: onerror=__x(1)></mtext></math>"),
    Payload("mathml mutation", "<form><math><mtext></form><form><mglyph><style></math><img src=x: onerror=__x(1)>", "inner"),
    Payload("style mutation", '<svg></p><style><a id="</style><img src=x: onerror=__x(1)>">'),
    Payload("noscript mutation", '<noscript><p title="</noscript><img src=x: onerror=__x(1)>">', "inner"),
    Payload("details", "<details open ontoggle=__x(1)>a</details>"),
    Payload("focus", "<input autofocus onfocus=__x(1)>"),
    Payload("video", "<video><source onerror=__x(1)></video>"),
    Payload("audio", "<audio src=x: onerror=__x(1)>"),
    Payload("frame", "<iframe srcdoc='<script>parent.__x(1)</script>'></iframe>"),
    Payload("frame address", "<iframe src='javascript:parent.__x(1)'></iframe>"),
    Payload("object", "<object data=//localhost:9/none onerror=__x(1)></object>"),
    Payload("body load", "<body onpageshow=__x(1)>", "document"),
    Payload("custom tag", "<x tabindex=1 autofocus onfocus=__x(1)>a</x>"),
    Payload("animation", "<style>@keyframes a{}</style><b style='animation:a 1ms' onanimationend=__x(1)>a</b>"),
    Payload("template shadow", "<div><template shadowrootmode=open><img src=x: onerror=__x(1)></template></div>", "document"),
    Payload("comment breakout", "--><img src=x: onerror=__x(1)><!--"),
    Payload("line separator", "\u2028<img src=x: onerror=__x(1)>\u2029"),
]
LINKS = [
    Payload("javascript link", "javascript:__x(1)", "link"),
    Payload("javascript in mixed case", "JaVaScRiPt:__x(1)", "link"),
    Payload("javascript with a tab", "java\tscript:__x(1)", "link"),
    Payload("javascript with a line break", "java\nscript:__x(1)", "link"),
    Payload("javascript behind a control character", "\x01javascript:__x(1)", "link"),
    Payload("javascript behind a space", " javascript:__x(1)", "link"),
    Payload("javascript with a break before the colon", "javascript\r\n:__x(1)", "link"),
    Payload("javascript as a comment", "javascript://canary.example/%0a__x(1)", "link"),
]
TEMPLATES = [
    Payload("template expression", "{{constructor.constructor('__x(1)')()}}", "template"),
    Payload("template call", "{{ __x(1) }}", "template"),
    Payload("template with filter", "{{__x(1)|json}}", "template"),
    Payload("init attribute", '<b x-init="__x(1)">a</b>', "template"),
    Payload("htmx event", '<b hx-on:load="__x(1)">a</b>', "template"),
    Payload("htmx load", '<b hx-get="https://canary.example/hx" hx-trigger="load">a</b>', "canary"),
    Payload("vue click", '<b v-on:mounted="__x(1)">a</b>', "template"),
    Payload("angular init", '<b ng-init="__x(1)">a</b>', "template"),
]
CANARIES = [
    Payload("style import", "<style>@import '//canary.example/css';</style>", "canary"),
    Payload("style breakout", "red;}</style><style>body{background:url(//canary.example/bg)}</style>", "canary"),
    Payload("picture", "<img src=//canary.example/img>", "canary"),
    Payload("base", "<base href=//canary.example/><img src=base>", "canary"),
    Payload("form", "<form id=f action=//canary.example/><button id=b>a</button></form><svg onload=__x(1)>"),
    Payload("refresh", "<meta http-equiv=refresh content='0;url=//canary.example/refresh'>", "canary"),
    Payload("prefetch", "<link rel=stylesheet href=//canary.example/link>", "canary"),
]
CLOBBERS = [
    Payload("clobbered script", "<form name=currentScript><a id=handrail></a><a id=handrail name=q></a></form>", "clobber"),
    Payload("clobbered body", "<img name=body><img name=documentElement><img name=querySelector>", "clobber"),
]
INERT = [
    Payload("server template", "{{ 7*7 }}${7*7}#{7*7}<%= 7*7 %>{% debug %}", ""),
    Payload("format string", "{0.__class__.__mro__} %(guide)s %s {name}", ""),
    Payload("entity", "&lt;script&gt;__x(1)&lt;/script&gt;&#60;img src=x&#62;", ""),
    Payload("direction", "\u202e\u2066<b>abc</b>\u2069", ""),
    Payload("sql", "'; DROP TABLE guides; --", ""),
]
LIVE = [*HTML, *LINKS, *TEMPLATES, *CANARIES, *CLOBBERS]
ALL = [*LIVE, *INERT]

# A host page whose own template engine runs whatever it finds outside shadow roots.
HUNGRY = """<script>
const run = (code) => { try { Function("return " + code)() } catch {} };
const eaten = new WeakSet();
const eat = () => {
  for (const element of document.querySelectorAll("body *")) {
    if (eaten.has(element) || element.localName === "script") continue;
    eaten.add(element);
    for (const { name, value } of element.attributes) {
      if (/^(x-init|hx-on|v-on|ng-init|@)/.test(name)) run(value);
      if (name === "hx-get") fetch(value).catch(() => {});
    }
  }
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    if (node.parentElement.localName === "script" || eaten.has(node)) continue;
    eaten.add(node);
    for (const [, code] of node.data.matchAll(/\\{\\{(.+?)(?:\\|[^|}]*)?\\}\\}/g)) run(code);
  }
};
addEventListener("DOMContentLoaded", () => { eat(); new MutationObserver(eat).observe(document, { subtree: true, childList: true }) });
</script>"""
