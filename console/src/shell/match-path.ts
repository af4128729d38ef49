/** A path without slashes at its end. */
export function pathOf(pathname: string): string {
  return pathname.replace(/\/+$/, '') || '/';
}

/** The parameters of a pattern such as `/console/webhooks/:id` in a path, or undefined when it does not match. */
export function matchPath(path: string, pattern: string): Readonly<Record<string, string>> | undefined {
  const parts = pathOf(path).split('/');
  const patternParts = pattern.split('/');
  if (parts.length !== patternParts.length) return undefined;
  const parameters: Record<string, string> = {};
  for (const [index, part] of parts.entries()) {
    const name = patternParts[index] ?? '';
    if (name.startsWith(':') && part !== '') parameters[name.slice(1)] = decode(part);
    else if (name !== part) return undefined;
  }
  return parameters;
}

/** A path that is not valid is shown as it is. */
function decode(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}
