import type { ResourcePolicy, ResourcePolicyStatement } from './resource-types/policy-document.ts';

/** A service of AWS that acts on a resource of the stack. */
export interface ServiceRequest {
  /** Such as `events.amazonaws.com`. */
  readonly service: string;
  readonly action: string;
  readonly resource: string;
  /** The resource on whose behalf it acts, such as a rule. */
  readonly sourceArn: string;
}

/** Whether a resource's own policy lets a service act on it. Throws, naming it, on a condition it does not know. */
export function allowsService(documents: readonly ResourcePolicy[], request: ServiceRequest): boolean {
  const statements = documents
    .flatMap(({ Statement }) => Statement)
    .filter((statement) => applies(statement, request));
  return (
    statements.some(({ Effect }) => Effect === 'Allow') &&
    statements.every(({ Effect }) => Effect === 'Allow')
  );
}

function applies(statement: ResourcePolicyStatement, request: ServiceRequest): boolean {
  return (
    isPrincipal(statement.Principal, request.service) &&
    statement.Action.some((pattern) =>
      matchesWildcard(pattern.toLowerCase(), request.action.toLowerCase()),
    ) &&
    statement.Resource.some((pattern) => matchesWildcard(pattern, request.resource)) &&
    Object.entries(statement.Condition ?? {}).every(([operator, keys]) =>
      Object.entries(keys).every(([key, values]) => isMet(operator, key, values, request)),
    )
  );
}

function isPrincipal(principal: ResourcePolicyStatement['Principal'], service: string): boolean {
  if (principal === '*' || principal.AWS?.includes('*')) return true;
  return principal.Service?.includes(service) ?? false;
}

function isMet(operator: string, key: string, values: readonly string[], request: ServiceRequest): boolean {
  const actual = contextValue(key, request);
  switch (operator) {
    case 'ArnEquals':
    case 'ArnLike':
    case 'StringLike':
      return values.some((pattern) => matchesWildcard(pattern, actual));
    case 'StringEquals':
    case 'Bool':
      return values.includes(actual);
    default:
      throw new Error(
        `the local cloud does not know the condition operator "${operator}" in a resource policy`,
      );
  }
}

function contextValue(key: string, request: ServiceRequest): string {
  switch (key) {
    case 'aws:SourceArn':
      return request.sourceArn;
    case 'aws:SourceAccount':
      return request.sourceArn.split(':')[4] ?? '';
    case 'aws:SecureTransport':
      // AWS's services speak TLS to each other; on loopback there is nothing to protect.
      return 'true';
    default:
      throw new Error(`the local cloud does not know the condition key "${key}" in a resource policy`);
  }
}

/** IAM's wildcards: `*` for any text, `?` for one character. */
export function matchesWildcard(pattern: string, text: string): boolean {
  const expression = pattern
    .replace(/[.+^${}()|[\]\\]/g, '\\$&')
    .replaceAll('*', '.*')
    .replaceAll('?', '.');
  return new RegExp(`^${expression}$`, 's').test(text);
}
