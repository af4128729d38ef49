/** In the bundles, this replaces the SDK's default HTTP client: the clients use `createRequestHandler`. */
export const NodeHttpHandler = {
  create<Handler>(handler: Handler): Handler {
    if (typeof handler === 'object' && handler !== null && 'handle' in handler) return handler;
    throw new Error('the setting `requestHandler` is missing: the SDK has no default in a bundle');
  },
};

/** The SDK's clients read streams with it. The request handler returns no stream. */
export function streamCollector(): never {
  throw new Error('the request handler returned a stream; it must return bytes');
}
