import * as z from 'zod';

const Texts = z.union([z.string(), z.array(z.string())]).transform((value) => [value].flat());
const ConditionValue = z
  .union([z.string(), z.boolean(), z.array(z.string())])
  .transform((value) => (Array.isArray(value) ? value : [String(value)]));

const statement = {
  Sid: z.string().exactOptional(),
  Effect: z.enum(['Allow', 'Deny']),
  Action: Texts,
  Resource: Texts,
  Condition: z.record(z.string(), z.record(z.string(), ConditionValue)).exactOptional(),
};
const version = z.string().exactOptional();

/** What a role may do, with lists where one text may stand for a list. */
export const IdentityPolicy = z.strictObject({
  Version: version,
  Statement: z.array(z.strictObject(statement)),
});
export type IdentityPolicy = z.infer<typeof IdentityPolicy>;

/** Who may act on a resource. */
export const ResourcePolicy = z.strictObject({
  Version: version,
  Statement: z.array(
    z.strictObject({ ...statement, Principal: z.union([z.literal('*'), z.record(z.string(), Texts)]) }),
  ),
});
export type ResourcePolicy = z.infer<typeof ResourcePolicy>;
export type ResourcePolicyStatement = ResourcePolicy['Statement'][number];
