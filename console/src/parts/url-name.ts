/** Host and path of a URL, for titles. The whole URL is in the settings. */
export function nameOf(url: string): string {
  try {
    const { host, pathname } = new URL(url);
    return pathname === '/' ? host : host + pathname;
  } catch {
    return url;
  }
}
