import * as z from 'zod';

const Strings = z.union([z.string(), z.array(z.string())]).transform((value) => [value].flat());
const ConditionValue = z
  .union([z.string(), z.boolean(), z.array(z.string())])
  .transform((value) => (Array.isArray(value) ? value : [String(value)]));

const statement = {
  Sid: z.string().exactOptional(),
  Effect: z.enum(['Allow', 'Deny']),
  Action: Strings,
  Resource: Strings,
  Condition: z.record(z.string(), z.record(z.string(), ConditionValue)).exactOptional(),
};
const version = z.string().exactOptional();

/** The permissions of a role. A single string is parsed as a list of one. */
export const IdentityPolicy = z.strictObject({
  Version: version,
  Statement: z.array(z.strictObject(statement)),
});
export type IdentityPolicy = z.infer<typeof IdentityPolicy>;

/** The principals that may act on a resource, and how. */
export const ResourcePolicy = z.strictObject({
  Version: version,
  Statement: z.array(
    z.strictObject({ ...statement, Principal: z.union([z.literal('*'), z.record(z.string(), Strings)]) }),
  ),
});
export type ResourcePolicy = z.infer<typeof ResourcePolicy>;
export type ResourcePolicyStatement = ResourcePolicy['Statement'][number];
