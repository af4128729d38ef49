import { createApiKeyStore } from '../../lambdas/shared/store/api-keys.ts';
import { withDynamoDb } from '../shared/clients.ts';
import { requireOutput } from '../shared/target.ts';
import { plural } from '../shared/text.ts';
import { type Check, ok, problem } from './check.ts';

export const apiKeys: Check = {
  name: 'API keys',
  needsAws: false,
  async run({ target }) {
    const tableName = requireOutput(target, 'WebhooksTableName');
    const keys = await withDynamoDb(target, (dynamodb) => createApiKeyStore({ dynamodb, tableName }).list());
    const valid = keys.filter(
      ({ revokedAt, validUntil }) => revokedAt === undefined && validUntil === undefined,
    );
    if (valid.length > 0) return ok(`${plural(valid.length, 'valid key')}`);
    return problem('no customer has an API key', 'create one: "keys create --account <id>"');
  },
};
