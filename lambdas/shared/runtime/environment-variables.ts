/** The environment variables of a function. Each method throws when the variable is missing or invalid. */
export interface EnvironmentVariables {
  text(name: string): string;
  list(name: string): unknown[];
  map(name: string): Record<string, string>;
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
    list: (name) => {
      const value = json(name);
      if (!Array.isArray(value)) throw new Error(`environment variable ${name} must hold a JSON array`);
      return value;
    },
    map: (name) => {
      const value = json(name);
      if (!isTextMap(value))
        throw new Error(`environment variable ${name} must hold a JSON object of strings`);
      return value;
    },
    flag: (name) => text(name) === 'true',
  };
}

function isTextMap(value: unknown): value is Record<string, string> {
  return (
    typeof value === 'object' &&
    value !== null &&
    !Array.isArray(value) &&
    Object.values(value).every((item) => typeof item === 'string')
  );
}
