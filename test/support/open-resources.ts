/** Closes the resources of a test, newest first, even if the test failed. */
export interface OpenResources {
  add<T extends { close(): Promise<void> }>(resource: T): T;
  closeAll(): Promise<void>;
}

export function trackResources(): OpenResources {
  const open: { close(): Promise<void> }[] = [];
  return {
    add: (resource) => {
      open.push(resource);
      return resource;
    },
    closeAll: async () => {
      for (let last = open.pop(); last !== undefined; last = open.pop()) await last.close();
    },
  };
}
