import type { Stack } from '../local/assembly/stack.ts';
import type { AwsCall } from '../local/aws-calls.ts';
import type { AlarmChange } from '../local/cloudwatch/alarms.ts';
import type { OnDecision } from '../local/iam/authorizer.ts';
import { createActionPerformer } from './actions/perform-action.ts';
import { scheduleActions } from './actions/schedule-actions.ts';
import type { UserAction } from './actions/user-action.ts';
import type { CloudAccess } from './cloud-access.ts';
import { readFinalState } from './final-state.ts';
import { createHistory, type FinalState, type History } from './history.ts';
import { openSecrets } from './open-secrets.ts';
import { VIRTUAL_TIME_LIMITS } from './run-limits.ts';
import type { Scenario } from './scenario.ts';
import type { Secrets } from './secrets.ts';
import { asThisVersion, type DeployedCode } from './simulation/deployed-code.ts';
import type { FunctionCode } from './simulation/function-code.ts';
import { seedRandomness } from './simulation/seeded-random.ts';
import { createSimulatedCloud, type SimulatedCloud } from './simulation/simulated-cloud.ts';
import type { Usage } from './simulation/usage.ts';
import { START, startVirtualTime, type VirtualTime } from './simulation/virtual-time.ts';
import { addWebhooks, createApiKeys } from './starting-state.ts';

const { maxDurationMs, idleUntilEndMs } = VIRTUAL_TIME_LIMITS;
/** While idle, time advances in steps of this size. */
const HEARTBEAT_MS = 50_000;
/** Many times more than the longest outage needs: an endless loop exceeds it. */
const MAX_TIMERS = 30_000;
/** Fixed: ids and nonces must be the same in every run of a scenario, and need not differ between scenarios. */
const RANDOM_SEED = 1;

/** What all runs have in common. */
export interface RunSetup {
  readonly stack: Stack;
  readonly code: FunctionCode;
  /** For scenarios that deploy another version. */
  readonly otherCode?: DeployedCode;
  readonly secrets: Secrets;
  /** Called with every authorization decision. */
  readonly onDecision?: OnDecision;
  /** Changes the functions' AWS calls, so that a test can remove a condition. Default: no change. */
  readonly alterCall?: (call: AwsCall) => AwsCall;
  /** Called when an alarm changes its state. Absent: no metrics are kept and no alarm is evaluated. */
  readonly onAlarmChange?: (change: AlarmChange, cloud: CloudAccess) => void;
  /** A run has ended after this long without work. Default: 200 s. */
  readonly idleUntilEndMs?: number;
  /**
   * A run ends after this long in virtual time. Needed when the stack has a schedule, which causes work without end.
   */
  readonly durationMs?: number;
}

/** What happened in a run. */
export interface RunResult {
  readonly history: History;
  readonly finalState: FinalState;
  /** The metrics and the bill; absent without `onAlarmChange`. */
  readonly usage?: Usage;
  /**
   * The text of each signing secret that webhooks had, by its sealed form; without secrets that cannot be decrypted.
   */
  readonly secretTexts: ReadonlyMap<string, string>;
  /** The retry delays, if they are not the published ones. */
  readonly retryDelaysMs?: readonly number[];
  /** The versions of messages that the last deployed code reads. Absent: there was no deployment. */
  readonly versionsRead?: readonly number[];
  /** How long after its time a retry is overdue. Default: the contract's value. */
  readonly followUpMarginMs?: number;
}

/** Runs a scenario until no work is left. The same scenario always gives the same history. */
export async function runScenario(scenario: Scenario, setup: RunSetup): Promise<RunResult> {
  const time = startVirtualTime();
  const history = createHistory(START);
  let restoreRandomness: (() => void) | undefined;
  let cloud: SimulatedCloud | undefined;
  try {
    const { onAlarmChange: report, ...common } = setup;
    const onAlarmChange = report && ((change: AlarmChange) => cloud && report(change, cloud));
    cloud = await createSimulatedCloud({
      ...common,
      ...{ scenario, time, history },
      ...(onAlarmChange === undefined ? {} : { onAlarmChange }),
    });
    await addWebhooks(scenario, cloud, setup.secrets);
    restoreRandomness = seedRandomness(RANDOM_SEED);
    const keys = await createApiKeys(scenario, cloud);
    const perform = createActionPerformer({ scenario, cloud, history, keys });
    const settled = await runUntilIdle(scenario, cloud, time, perform, setup);
    const finalState = await readFinalState(cloud, settled);
    const secretTexts = await openSecrets(history, setup.secrets);
    const { usage } = cloud;
    return {
      history,
      finalState,
      secretTexts,
      ...versionsRead(scenario, setup),
      ...(usage === undefined ? {} : { usage }),
    };
  } finally {
    time.stop();
    restoreRandomness?.();
    await cloud?.dynamodb.close();
  }
}

function versionsRead({ deployments }: Scenario, setup: RunSetup): Pick<RunResult, 'versionsRead'> {
  const last = deployments?.at(-1);
  if (last === undefined) return {};
  const deployed = last.to === 'this' ? asThisVersion(setup.code) : setup.otherCode;
  return deployed === undefined ? {} : { versionsRead: deployed.reads };
}

/** Returns whether all work ended before the limits. */
async function runUntilIdle(
  scenario: Scenario,
  cloud: SimulatedCloud,
  time: VirtualTime,
  perform: (action: UserAction) => Promise<void>,
  { durationMs, idleUntilEndMs: untilEndMs = idleUntilEndMs }: RunSetup,
): Promise<boolean> {
  const unfinishedActions = scheduleActions(scenario, perform);
  let idleSince: number | undefined;
  for (let timers = 0; timers < MAX_TIMERS && time.now() < START + maxDurationMs; timers++) {
    const isIdle = unfinishedActions() === 0 && cloud.isIdle();
    idleSince = isIdle ? (idleSince ?? time.now()) : undefined;
    if (durationMs !== undefined) {
      if (time.now() - START >= durationMs) return isIdle;
    } else if (idleSince !== undefined && time.now() - idleSince > untilEndMs) return true;
    // Without this timer, time would jump to the timers of pollers, which can be weeks away.
    if (isIdle) setTimeout(() => undefined, HEARTBEAT_MS);
    await time.step();
  }
  return false;
}
