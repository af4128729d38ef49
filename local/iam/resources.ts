/** The ARNs of the resources in calls. A resource that does not exist has an ARN, too; no policy contains it. */
export interface Resources {
  queueArn(queueUrl: string): string;
  queueArnOfName(queueName: string): string;
  tableArn(nameOrArn: string): string;
  /** The name of a table's partition key; undefined for an unknown table. */
  partitionKeyOf(nameOrArn: string): string | undefined;
  busArn(nameOrArn: string): string;
  keyArn(keyId: string): string;
  functionArn(nameOrArn: string): string;
}

export interface ResourcesDependencies {
  readonly region: string;
  readonly accountId: string;
  /** A table's partition key, by the table's name. */
  readonly partitionKeyOf: (tableName: string) => string | undefined;
  /** The ARN of a KMS key, by its ARN, id or alias. */
  readonly keyArnOf: (keyId: string) => string | undefined;
}

export function createResources({
  region,
  accountId,
  partitionKeyOf,
  keyArnOf,
}: ResourcesDependencies): Resources {
  const arn = (service: string, resource: string): string =>
    `arn:aws:${service}:${region}:${accountId}:${resource}`;
  const lastPart = (text: string): string => text.slice(text.lastIndexOf('/') + 1);
  return {
    queueArn: (queueUrl) => arn('sqs', lastPart(queueUrl)),
    queueArnOfName: (queueName) => arn('sqs', queueName),
    tableArn: (nameOrArn) => arn('dynamodb', `table/${lastPart(nameOrArn)}`),
    partitionKeyOf: (nameOrArn) => partitionKeyOf(lastPart(nameOrArn)),
    functionArn: (nameOrArn) => arn('lambda', `function:${nameOrArn.replace(/^.*:function:/, '')}`),
    busArn: (nameOrArn) => arn('events', `event-bus/${lastPart(nameOrArn)}`),
    keyArn: (keyId) =>
      keyArnOf(keyId) ?? (keyId.startsWith('arn:') ? keyId : arn('kms', `key/${lastPart(keyId)}`)),
  };
}
