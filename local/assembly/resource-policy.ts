import { matchesGlob } from '../iam/policy.ts';
import type { ResourcePolicy, ResourcePolicyStatement } from './resource-types/policy-document.ts';

/** A request of an AWS service for a resource of the stack. */
export interface ServiceRequest {
  /** Such as `events.amazonaws.com`. */
  readonly service: string;
  readonly action: string;
  readonly resource: string;
  /** The resource for which the service acts, such as a rule. */
  readonly sourceArn: string;
}

/** Whether a resource's policy allows a request. Throws an error that names the first unsupported condition. */
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
    statement.Action.some((pattern) => matchesGlob(pattern.toLowerCase(), request.action.toLowerCase())) &&
    statement.Resource.some((pattern) => matchesGlob(pattern, request.resource)) &&
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
      return values.some((pattern) => matchesGlob(pattern, actual));
    case 'StringEquals':
    case 'Bool':
      return values.includes(actual);
    default:
      throw new Error(
        `the local cloud does not support the condition operator "${operator}" in a resource policy`,
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
      // AWS's services connect to each other over TLS. The local cloud has no such connection.
      return 'true';
    default:
      throw new Error(`the local cloud does not support the condition key "${key}" in a resource policy`);
  }
}
