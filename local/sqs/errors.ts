import { AwsError } from '../aws-calls.ts';

/** Prefix of the codes of the query protocol, for errors in SQS's API model. */
const QUERY_PREFIX = 'AWS.SimpleQueueService.';

export function queueDoesNotExist(): AwsError {
  return new AwsError({
    code: 'QueueDoesNotExist',
    message: 'The specified queue does not exist.',
    queryCode: `${QUERY_PREFIX}NonExistentQueue`,
  });
}

export function missingParameter(name: string): AwsError {
  return new AwsError({
    code: 'MissingRequiredParameterException',
    message: `The request must contain the parameter ${name}.`,
    queryCode: 'MissingParameter',
  });
}

export function invalidParameter(name: string, value: unknown, reason: string): AwsError {
  return invalid(`Value ${String(value)} for parameter ${name} is invalid. Reason: ${reason}`);
}

export function messageTooLong(maxBytes: number): AwsError {
  return invalid(
    `One or more parameters are invalid. Reason: Message must be shorter than ${maxBytes} bytes.`,
  );
}

function invalid(message: string): AwsError {
  return new AwsError({
    code: 'InvalidParameterValueException',
    message,
    queryCode: 'InvalidParameterValue',
  });
}

export function invalidMessageContents(): AwsError {
  return new AwsError({
    code: 'InvalidMessageContents',
    message:
      'Invalid characters found. Valid unicode characters are #x9 | #xA | #xD | #x20 to #xD7FF | #xE000 to #xFFFD | #x10000 to #x10FFFF.',
    queryCode: 'InvalidMessageContents',
  });
}

export function receiptHandleIsInvalid(): AwsError {
  return new AwsError({
    code: 'ReceiptHandleIsInvalid',
    message: 'The input receipt handle is invalid.',
    queryCode: 'ReceiptHandleIsInvalid',
  });
}

export function messageNotInFlight(): AwsError {
  return modelled(
    'MessageNotInflight',
    'Message does not exist or is not available for visibility timeout change.',
  );
}

export function tooManyInFlight(max: number): AwsError {
  return new AwsError({
    code: 'OverLimit',
    message: `Too many messages in flight: ${max} at most.`,
    status: 403,
    queryCode: 'OverLimit',
  });
}

export function emptyBatch(): AwsError {
  return modelled('EmptyBatchRequest', 'There should be at least one entry in the request.');
}

export function tooManyEntries(count: number, max: number): AwsError {
  return modelled(
    'TooManyEntriesInBatchRequest',
    `Maximum number of entries per request are ${max}. You have sent ${count}.`,
  );
}

export function batchTooLong(bytes: number, max: number): AwsError {
  return modelled(
    'BatchRequestTooLong',
    `Batch requests cannot be longer than ${max} bytes. You have sent ${bytes} bytes.`,
  );
}

export function duplicateEntryId(id: string): AwsError {
  return modelled('BatchEntryIdsNotDistinct', `Id ${id} repeated.`);
}

export function invalidEntryId(): AwsError {
  return modelled(
    'InvalidBatchEntryId',
    'A batch entry id can only contain alphanumeric characters, hyphens and underscores. It can be at most 80 letters long.',
  );
}

export function unsupportedOperation(message: string): AwsError {
  return modelled('UnsupportedOperation', message);
}

export function resourceNotFound(message: string): AwsError {
  return new AwsError({
    code: 'ResourceNotFoundException',
    message,
    queryCode: 'ResourceNotFoundException',
  });
}

function modelled(code: string, message: string): AwsError {
  return new AwsError({ code, message, queryCode: `${QUERY_PREFIX}${code}` });
}
