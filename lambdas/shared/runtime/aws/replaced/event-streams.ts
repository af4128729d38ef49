/**
 * In the bundles, this replaces the SDK's codec of event streams: the called services have none. The SDK loads it by
 * `import()`. In one file, esbuild would keep every module that the codec imports, whole.
 */
export class EventStreamSerde {
  constructor() {
    throw new Error('an answer is an event stream, whose codec is not in a bundle');
  }
}

export function eventStreamSerdeProvider(): never {
  throw new Error('an answer is an event stream, whose codec is not in a bundle');
}
