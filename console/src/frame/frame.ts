/** Messages to the embedding page: the height of the content in pixels, or that the person must sign in. */
type FrameMessage =
  | { readonly type: 'webhook-fanout:height'; readonly height: number }
  | { readonly type: 'webhook-fanout:session-needed' };

/**
 * Sends to the embedding page only when the operator listed its origin: the browser discards a message when the page has
 * another origin than the one that the message is addressed to.
 */
export type SendToFrame = (message: FrameMessage) => void;

export function openFrame(window: Window): SendToFrame {
  if (window.parent === window) return () => {};
  const { content = '' } =
    window.document.querySelector<HTMLMetaElement>('meta[name="frame-ancestors"]') ?? {};
  const origins = targetOrigins(content, parentOrigin(window));
  return (message) => {
    for (const origin of origins) window.parent.postMessage(message, origin);
  };
}

/** The listed origins that the parent can have. A parent of unknown origin can have each. */
export function targetOrigins(listed: string, parent: string | undefined): string[] {
  const origins = listed.split(/\s+/).filter((origin) => /^https?:\/\/[^/]+$/.test(origin));
  return parent === undefined ? origins : origins.filter((origin) => origin === parent);
}

/** Avoids the error that browsers write for a message that is addressed to another origin. */
function parentOrigin({ location, document }: Window): string | undefined {
  const [ancestor] = location.ancestorOrigins ?? [];
  if (ancestor !== undefined) return ancestor;
  return document.referrer === '' ? undefined : new URL(document.referrer).origin;
}

/** Sends the height of the element now and at each change. */
export function reportHeight(element: Element, send: SendToFrame): void {
  let sentHeight = 0;
  new ResizeObserver(() => {
    const height = Math.ceil(element.getBoundingClientRect().height);
    if (height === sentHeight) return;
    sentHeight = height;
    send({ type: 'webhook-fanout:height', height });
  }).observe(element);
}
