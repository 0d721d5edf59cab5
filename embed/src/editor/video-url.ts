// Videos by the address of their page: the providers that can be shown, and which video an address means.

export interface Video {
  provider: string;
  id: string;
}

const PAGES: [provider: string, host: RegExp, path: RegExp][] = [
  ["youtube", /^((www|m|music)\.)?youtube(-nocookie)?\.com$/, /^\/(?:embed|shorts|live|v)\/([\w-]{11})\/?$/],
  ["youtube", /^(www\.)?youtu\.be$/, /^\/([\w-]{11})\/?$/],
  ["vimeo", /^(www\.)?vimeo\.com$/, /^\/(?:(?:channels|groups)\/[\w-]+\/(?:videos\/)?)?(\d{6,12})\/?$/],
  ["vimeo", /^player\.vimeo\.com$/, /^\/video\/(\d{6,12})\/?$/],
  ["loom", /^(www\.)?loom\.com$/, /^\/(?:share|embed)\/(?:[\w-]+-)?([\da-f]{32})\/?$/],
];

const OWN: Record<string, string> = { youtube: "https://www.youtube.com/watch?v=", vimeo: "https://vimeo.com/", loom: "https://www.loom.com/share/" };

/** The video that an address means; null when it is none that can be shown. */
export function videoOf(address: string): Video | null {
  const url = URL.canParse(address) ? new URL(address) : null;
  if (!url || !/^https?:$/.test(url.protocol)) return null;
  const { hostname, pathname, searchParams } = url;
  const path = pathname === "/watch" ? `/embed/${searchParams.get("v") ?? ""}` : pathname;
  for (const [provider, host, form] of PAGES) {
    const id = host.test(hostname) && form.exec(path)?.[1];
    if (id) return { provider, id };
  }
  return null;
}

/** The page of a video, for people to read. */
export const pageOf = ({ provider, id }: Video): string => (OWN[provider] ?? "") + id;
