/** Reads a function's configuration once, when its execution environment starts. */
export interface Environment {
  text(name: string): string;
  list(name: string): unknown[];
  flag(name: string): boolean;
}

/** A value that is missing or unreadable fails the first start, and the error says which and why. */
export function readEnvironment(variables: NodeJS.ProcessEnv): Environment {
  const text = (name: string): string => {
    const value = variables[name];
    if (value === undefined || value === '') {
      throw new Error(
        `environment variable ${name} is not set; the stack sets it, so deploy the stack again`,
      );
    }
    return value;
  };
  const json = (name: string): unknown => {
    try {
      return JSON.parse(text(name));
    } catch (cause) {
      throw new Error(`environment variable ${name} must hold JSON`, { cause });
    }
  };
  return {
    text,
    list: (name) => {
      const value = json(name);
      if (!Array.isArray(value)) throw new Error(`environment variable ${name} must hold a JSON array`);
      return value;
    },
    flag: (name) => text(name) === 'true',
  };
}
