import type * as z from 'zod';

/** Where a stack runs: what pseudo parameters, ARNs and URLs are made of. */
export interface Surroundings {
  readonly accountId: string;
  readonly region: string;
  readonly stackName: string;
  /** The loopback endpoint that answers every AWS call. */
  readonly endpointUrl: string;
  /** Where the stack's HTTP API is served. */
  readonly apiUrl: string;
}

/** A resource as its own references see it, before its other properties are resolved. */
export interface Named {
  readonly logicalId: string;
  readonly name: string;
  readonly surroundings: Surroundings;
  /** A property of the resource, resolved; undefined when it is absent or no text. */
  property(name: string): string | undefined;
}

/** All that the local cloud knows of one CloudFormation resource type. */
export interface ResourceType<Schema extends z.ZodType = z.ZodType> {
  readonly type: string;
  /** A strict schema: a property that would be ignored is an error instead. */
  readonly properties: Schema;
  /** The property that holds a physical name chosen by the stack, where there is one. */
  readonly nameProperty?: string;
  /** AWS's limit on the length of a physical name. */
  readonly maxNameLength?: number;
  readonly ref: (resource: Named) => string;
  readonly attributes: Readonly<Record<string, (resource: Named) => string>>;
}

/** Keeps the schema's type, which an annotation would lose. */
export function resourceType<Schema extends z.ZodType>(type: ResourceType<Schema>): ResourceType<Schema> {
  return type;
}

export function arnOf(service: string, { surroundings }: Named, resource: string): string {
  return `arn:aws:${service}:${surroundings.region}:${surroundings.accountId}:${resource}`;
}
