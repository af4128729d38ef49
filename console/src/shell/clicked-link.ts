const SCOPE = '/console/';

/**
 * The address of the link to a screen that a click follows in this tab. Undefined: the browser handles the click, as for a
 * link to another site, to a part of this page, and with a key that opens another tab.
 */
export function linkOf(event: MouseEvent): string | undefined {
  const link = event.composedPath().find((target) => target instanceof HTMLAnchorElement);
  const isOther = event.ctrlKey || event.metaKey || event.altKey || event.shiftKey || event.button !== 0;
  if (link === undefined || isOther || event.defaultPrevented || link.hasAttribute('download'))
    return undefined;
  if (link.target !== '' && link.target !== '_self') return undefined;
  if (link.getAttribute('href')?.startsWith('#') || link.origin !== location.origin) return undefined;
  return link.pathname.startsWith(SCOPE) ? link.href : undefined;
}
