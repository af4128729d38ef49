/** The parts of dynalite that run without its HTTP server. It ships no types. */
declare module 'dynalite/db/index.js' {
  interface Store {
    readonly tableDb: {
      put(key: string, value: unknown, callback: (error: Error | null) => void): void;
    };
    readonly db: { close(callback: (error: Error | null) => void): void };
    getItemDb: (tableName: string) => import('./memory-items.ts').ItemDb & { readonly lock: unknown };
    /** With a boolean before `callback`, also tables that are not active yet. */
    getTable: (tableName: string, ...rest: readonly unknown[]) => void;
  }
  const db: {
    compare(...operands: unknown[]): boolean;
    create(options: { createTableMs?: number; deleteTableMs?: number; updateTableMs?: number }): Store;
    /** `table`: as DescribeTable describes it. */
    createKey(item: unknown, table: unknown): string;
  };
  export = db;
}

declare module 'dynalite/db/*Parser.js' {
  const parser: { parse: import('./parse-once.ts').Parse };
  export = parser;
}

declare module 'dynalite/validations/index.js' {
  type Types = Record<string, unknown>;
  const validations: {
    /** Returns a copy with the known fields only, and removes the unknown fields from `data`. */
    checkTypes(data: Record<string, unknown>, types: Types): Record<string, unknown>;
    checkValidations(data: Record<string, unknown>, types: Types, custom: unknown, store: unknown): void;
  };
  export = validations;
}

declare module 'dynalite/validations/*.js' {
  const validation: { readonly types: Record<string, unknown>; readonly custom?: unknown };
  export = validation;
}

declare module 'dynalite/actions/*.js' {
  const action: (
    store: unknown,
    data: Record<string, unknown>,
    callback: (error: unknown, answer?: Record<string, unknown>) => void,
  ) => void;
  export = action;
}
