import { InvokeCommand, type LambdaClient } from '@aws-sdk/client-lambda';

/** The input of the portal function. */
export interface LinkInput {
  readonly account: string;
  readonly actor: string;
  readonly read_only: boolean;
  /** Seconds. */
  readonly ttl?: number | undefined;
  readonly return_url?: string | undefined;
  readonly confirm: boolean;
}

export interface Link {
  readonly url: string;
  readonly sessionId: string;
  readonly expiresAt: string;
}

/** Invokes the portal function. Throws with the reason when the function refuses the request or fails. */
export async function createLink(
  lambda: Pick<LambdaClient, 'send'>,
  functionName: string,
  input: LinkInput,
): Promise<Link> {
  const { Payload, FunctionError } = await lambda.send(
    new InvokeCommand({ FunctionName: functionName, Payload: JSON.stringify(input) }),
  );
  if (FunctionError !== undefined) {
    throw new Error(`the portal function failed; see the log of ${functionName}, and run the command again`);
  }
  const answer: unknown = JSON.parse(Buffer.from(Payload ?? []).toString());
  const { error, url, session_id: sessionId, expires_at: expiresAt } = Object(answer);
  if (error !== undefined) throw new Error(`the portal function refused the request: ${error}`);
  return { url: String(url), sessionId: String(sessionId), expiresAt: String(expiresAt) };
}
