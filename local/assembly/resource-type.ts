import type * as z from 'zod';

/** The values in pseudo parameters, ARNs and URLs. */
export interface DeploymentContext {
  readonly accountId: string;
  readonly region: string;
  readonly stackName: string;
  /** The loopback URL that answers every AWS call. */
  readonly endpointUrl: string;
  /** The URL of the stack's HTTP API. */
  readonly apiUrl: string;
}

/** A resource whose name is known and whose other properties are not resolved yet. */
export interface NamedResource {
  readonly logicalId: string;
  readonly name: string;
  readonly deployment: DeploymentContext;
  /** The resolved value of a property; undefined if it is absent or not a string. */
  property(name: string): string | undefined;
}

/** A CloudFormation resource type that the local cloud supports. */
export interface ResourceType<Schema extends z.ZodType = z.ZodType> {
  readonly type: string;
  /** A strict schema: a property that the local cloud would ignore is an error. */
  readonly properties: Schema;
  /** The property with the physical name, for types that have one. */
  readonly nameProperty?: string;
  /** AWS's limit for the length of a physical name, in characters. */
  readonly maxNameLength?: number;
  readonly ref: (resource: NamedResource) => string;
  readonly attributes: Readonly<Record<string, (resource: NamedResource) => string>>;
}

/** Infers the schema's type, which a type annotation would widen. */
export function resourceType<Schema extends z.ZodType>(type: ResourceType<Schema>): ResourceType<Schema> {
  return type;
}

export function arnOf(service: string, { deployment }: NamedResource, resource: string): string {
  return `arn:aws:${service}:${deployment.region}:${deployment.accountId}:${resource}`;
}
