/** Allows only what the console's code needs: it has no inline script or style, and loads nothing from other origins. */
const POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self'",
  "connect-src 'self'",
  "font-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  // Text of endpoints' responses then cannot become markup or script, even when the code has a defect.
  "require-trusted-types-for 'script'",
  "trusted-types 'none'",
];

/** Features that the console does not use. It writes to the clipboard. */
const PERMISSIONS = [
  ...['camera', 'display-capture', 'geolocation', 'microphone', 'payment', 'usb'].map((name) => `${name}=()`),
  'clipboard-read=()',
];

/** `embeddedBy`: origins of the pages that may show the console in a frame. */
export function securityHeaders(embeddedBy: readonly string[]): Readonly<Record<string, string>> {
  const ancestors = embeddedBy.length === 0 ? "'none'" : embeddedBy.join(' ');
  return {
    'content-security-policy': [...POLICY, `frame-ancestors ${ancestors}`].join('; '),
    'cross-origin-opener-policy': 'same-origin',
    'permissions-policy': PERMISSIONS.join(', '),
    'referrer-policy': 'no-referrer',
    'strict-transport-security': 'max-age=63072000; includeSubDomains',
    'x-content-type-options': 'nosniff',
  };
}
