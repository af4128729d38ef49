/** An entry that a webhook can subscribe to: a type, all types with a prefix, or all types. */
export interface TreeNode {
  /** `file.uploaded`, `file.*`, or `*`. */
  readonly pattern: string;
  /** The catalogue's types that it matches. */
  readonly types: readonly string[];
  readonly children: readonly TreeNode[];
}

/** `*` does not match types that begin so. They are about the account's own deliveries. */
const SYSTEM_PREFIX = 'webhook.';

/** All types of the catalogue below `*`, and the system's types below `webhook.*`. */
export function buildTree(names: readonly string[]): TreeNode[] {
  const own = names.filter((name) => !name.startsWith(SYSTEM_PREFIX));
  const system = names.filter((name) => name.startsWith(SYSTEM_PREFIX));
  return [
    ...(own.length === 0 ? [] : [{ pattern: '*', types: own, children: nodesOf(own, '') }]),
    ...nodesOf(system, ''),
  ];
}

/** The nodes directly below a prefix, in the order of the catalogue. All names begin with the prefix. */
function nodesOf(names: readonly string[], prefix: string): TreeNode[] {
  const below = new Map<string, string[]>();
  const nodes = new Map<string, TreeNode>();
  for (const name of names) {
    const end = name.indexOf('.', prefix.length);
    if (end === -1) {
      nodes.set(name, { pattern: name, types: [name], children: [] });
      continue;
    }
    const group = name.slice(0, end + 1);
    below.set(group, [...(below.get(group) ?? []), name]);
    nodes.set(group, { pattern: `${group}*`, types: below.get(group) ?? [], children: [] });
  }
  return [...nodes].map(([key, node]) => {
    const types = below.get(key);
    return types === undefined ? node : { ...node, types, children: nodesOf(types, key) };
  });
}

/** Whether an entry matches everything that `pattern` matches. */
function covers(entry: string, pattern: string): boolean {
  if (entry === '*') return !pattern.startsWith(SYSTEM_PREFIX);
  return entry.endsWith('.*') && pattern.startsWith(entry.slice(0, -1));
}

/** The wider entry that makes `pattern` unnecessary. */
export function coveredBy(pattern: string, chosen: readonly string[]): string | undefined {
  return chosen.find((entry) => entry !== pattern && covers(entry, pattern));
}

/** Adds or removes an entry. A wider entry replaces those that it covers. */
export function toggle(pattern: string, chosen: readonly string[]): string[] {
  if (chosen.includes(pattern)) return chosen.filter((entry) => entry !== pattern);
  return [...chosen.filter((entry) => !covers(pattern, entry)), pattern];
}

/** The types of the catalogue that one of the entries matches. */
export function matchedTypes(names: readonly string[], chosen: readonly string[]): string[] {
  return names.filter((name) => chosen.includes(name) || coveredBy(name, chosen) !== undefined);
}
