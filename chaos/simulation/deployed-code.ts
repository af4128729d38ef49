import { MESSAGE_VERSION } from '../../lambdas/shared/domain/message.ts';
import type { Deployment, Scenario } from '../scenario.ts';
import type { FunctionCode } from './function-code.ts';
import { START } from './virtual-time.ts';

/** The code of one version of the functions. */
export interface DeployedCode {
  readonly code: FunctionCode;
  /** The versions of messages that it reads. */
  readonly reads: readonly number[];
}

export function asThisVersion(code: FunctionCode): DeployedCode {
  return { code, reads: [MESSAGE_VERSION] };
}

/** Returns a function that chooses the code of the next invocation by the deployments of a scenario. */
export function createCodeChooser(
  { deployments = [] }: Scenario,
  codes: Readonly<Record<Deployment['to'], DeployedCode | undefined>>,
  now: () => number,
): () => DeployedCode {
  const codeOf = (to: Deployment['to']): DeployedCode => {
    const found = codes[to];
    if (found === undefined) throw new Error(`the scenario deploys ${to} code, and the setup has none`);
    return found;
  };
  let inShift = 0;
  return () => {
    const time = now() - START;
    const index = deployments.findLastIndex(({ at }) => at <= time);
    const current = deployments[index];
    if (current === undefined) return codeOf('this');
    const isShifted = time >= current.at + current.shiftMs || inShift++ % 2 === 0;
    return codeOf(isShifted ? current.to : (deployments[index - 1]?.to ?? 'this'));
  };
}
