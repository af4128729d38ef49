import { MAX_SESSION_SECONDS } from '../../lambdas/shared/domain/session.ts';
import { ADMINISTRATOR } from '../aws-calls.ts';
import type { Cloud } from '../cloud.ts';

/**
 * A link that signs in to the console of an account, once and within an hour; the session lasts a day. Without a portal
 * function, the address of the console. Undefined when the stack has no console.
 */
export async function consoleLink(
  { calls, outputs }: Pick<Cloud, 'calls' | 'outputs'>,
  account: string,
): Promise<string | undefined> {
  const { ConsoleUrl: consoleUrl, PortalFunctionName: functionName } = outputs;
  if (consoleUrl === undefined || functionName === undefined) return consoleUrl;
  const { Payload: payload } = await calls.call({
    principal: ADMINISTRATOR,
    service: 'lambda',
    action: 'Invoke',
    input: {
      FunctionName: functionName,
      // With a confirmation the link is valid for an hour, and not only for 5 minutes.
      Payload: JSON.stringify({ account, actor: 'npm start', ttl: MAX_SESSION_SECONDS, confirm: true }),
    },
  });
  const { url }: { url?: unknown } = JSON.parse(String(payload));
  if (typeof url !== 'string') throw new Error(`the portal function made no link: ${String(payload)}`);
  return url;
}
