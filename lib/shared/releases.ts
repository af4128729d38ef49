import type { Alarm } from 'aws-cdk-lib/aws-cloudwatch';
import { LambdaApplication, LambdaDeploymentConfig, LambdaDeploymentGroup } from 'aws-cdk-lib/aws-codedeploy';
import { Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Alias, type IFunction, type IVersion, type Function as LambdaFn } from 'aws-cdk-lib/aws-lambda';
import { Validations } from 'aws-cdk-lib/core';
import { Construct } from 'constructs';
import { InputError } from './input.ts';
import type { Monitoring } from './monitoring.ts';

/** The shift takes longer than the five minutes after which the alarm `returned` begins. */
const SHIFT = LambdaDeploymentConfig.CANARY_10PERCENT_10MINUTES;

/** A failure on our side throws no exception: the message is returned, and the function's `Errors` stay 0. */
const ROLLBACK_ALARMS = ['returned', 'poison'];

interface Live {
  readonly alias: Alias;
  /** The function's name in the names of its alarms. */
  readonly name: string;
}

/** How new code of the functions replaces the old one: at once, or gradually by CodeDeploy. */
export class Releases {
  readonly #gradual: boolean;
  readonly #live = new Map<LambdaFn, Live>();

  constructor(gradual: boolean) {
    this.#gradual = gradual;
  }

  /** Every function is added when it is created. */
  add(scope: Construct, fn: LambdaFn, name: string): void {
    if (!this.#gradual) return;
    this.#live.set(fn, {
      alias: new Alias(scope, 'Live', { aliasName: 'live', version: fn.currentVersion as IVersion }),
      name,
    });
  }

  /** The target that event sources and the API invoke: the function's alias, or the function itself. */
  targetOf(fn: LambdaFn): IFunction {
    return (this.#live.get(fn)?.alias ?? fn) as IFunction;
  }

  /** Called when all alarms are created. Throws when an alarm does not exist that a gradual shift needs. */
  addDeploymentGroups(scope: Construct, monitoring: Monitoring): void {
    if (!this.#gradual) return;
    const common = ROLLBACK_ALARMS.map((name) => alarmNamed(monitoring, name));
    const releases = new Construct(scope, 'Releases');
    const role = new Role(releases, 'Role', { assumedBy: new ServicePrincipal('codedeploy.amazonaws.com') });
    Validations.of(role).acknowledge({
      id: 'AwsSolutions-IAM4[Policy::arn:<AWS::Partition>:iam::aws:policy/service-role/AWSCodeDeployRoleForLambdaLimited]',
      reason: "It is AWS's own policy for the role with which CodeDeploy shifts a function's alias.",
    });
    const application = new LambdaApplication(releases, 'Application');
    for (const { alias, name } of this.#live.values()) {
      const crashes = monitoring.alarm(`errors-${name}`);
      new LambdaDeploymentGroup(releases, name, {
        application,
        alias,
        role,
        deploymentConfig: SHIFT,
        alarms: [...common, ...(crashes === undefined ? [] : [crashes])],
        autoRollback: { deploymentInAlarm: true, failedDeployment: true, stoppedDeployment: true },
      });
    }
  }
}

function alarmNamed(monitoring: Monitoring, name: string): Alarm {
  const alarm = monitoring.alarm(name);
  if (alarm !== undefined) return alarm;
  throw new InputError(
    `gradualDeployment is true, but the alarm ${JSON.stringify(name)}, which rolls a deployment back, is disabled; enable it in alarms, or leave gradualDeployment out.`,
  );
}
