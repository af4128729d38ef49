import type { AwsCalls } from './aws-calls.ts';

/** Calls that fail until `setDispatcher`: the endpoint listens before the services exist. */
export function pendingCalls(): { calls: AwsCalls; setDispatcher: (calls: AwsCalls) => AwsCalls } {
  let dispatcher: AwsCalls | undefined;
  const requireDispatcher = (): AwsCalls => {
    if (dispatcher === undefined) throw new Error('the local cloud is still starting');
    return dispatcher;
  };
  return {
    calls: {
      call: (call, signal) => requireDispatcher().call(call, signal),
      use: (interceptor) => requireDispatcher().use(interceptor),
    },
    setDispatcher: (calls) => {
      dispatcher = calls;
      return calls;
    },
  };
}
