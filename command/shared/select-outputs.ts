/** An output that every deployment has. */
const COMMON_OUTPUT = 'WebhooksTableName';

/**
 * The outputs of one deployment, without the prefix of their names. `prefix` may be undefined when the stack has a single
 * deployment. A stack without any is reported by `requireOutput`, with the output that is missing.
 */
export function selectOutputs(
  outputs: Readonly<Record<string, string>>,
  prefix: string | undefined,
): Readonly<Record<string, string>> {
  const prefixes = Object.keys(outputs)
    .filter((name) => name.endsWith(COMMON_OUTPUT))
    .map((name) => name.slice(0, -COMMON_OUTPUT.length));
  const chosen = prefix ?? (prefixes.length > 1 ? undefined : (prefixes[0] ?? ''));
  if (chosen === undefined || (prefix !== undefined && !prefixes.includes(prefix))) {
    const known = prefixes.map((name) => `"${name}"`).join(', ') || 'none';
    const problem = prefix === undefined ? 'the stack has several deployments' : `there is no "${prefix}"`;
    throw new Error(`${problem}: choose one with --prefix, the prefix of its outputs; there are ${known}`);
  }
  const others = prefixes.filter((other) => other.startsWith(chosen) && other !== chosen);
  return Object.fromEntries(
    Object.entries(outputs).flatMap(([name, value]) =>
      name.startsWith(chosen) && !others.some((other) => name.startsWith(other))
        ? [[name.slice(chosen.length), value]]
        : [],
    ),
  );
}
