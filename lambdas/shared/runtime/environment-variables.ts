/** The environment variables of a function. All methods but `optionalText` throw when the variable is missing or invalid. */
export interface EnvironmentVariables {
  text(name: string): string;
  /** Undefined when the variable is missing or empty. */
  optionalText(name: string): string | undefined;
  list(name: string): unknown[];
  flag(name: string): boolean;
}

/** Called when an execution environment starts, so that an invalid variable fails the start. */
export function readEnvironment(variables: NodeJS.ProcessEnv): EnvironmentVariables {
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
    optionalText: (name) => variables[name] || undefined,
    list: (name) => {
      const value = json(name);
      if (!Array.isArray(value)) throw new Error(`environment variable ${name} must hold a JSON array`);
      return value;
    },
    flag: (name) => text(name) === 'true',
  };
}
