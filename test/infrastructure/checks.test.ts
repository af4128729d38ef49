import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Acknowledgment, type App, Validations } from 'aws-cdk-lib/core';
import { AwsSolutionsChecks, ServerlessChecks } from 'cdk-nag';
import { afterEach, describe, expect, it, vi } from 'vitest';
import type { WebhookFanoutProps } from '../../lib/webhook-fanout.ts';
import { WebhookFanoutStack } from '../../lib/webhook-fanout-stack.ts';
import { temporaryDirectory } from '../support/temporary-directory.ts';
import { createApp } from './synthesize.ts';

function findingsIn(app: App): string[] {
  return [new AwsSolutionsChecks(app), new ServerlessChecks(app)].flatMap((pack) =>
    pack.validateScope(app).violations.map(({ ruleName }) => ruleName),
  );
}

function createFanoutApp(props: WebhookFanoutProps = {}): App {
  const app = createApp();
  new WebhookFanoutStack(app, 'WebhookFanout', { fanout: () => props });
  return app;
}

describe('the rule packs', () => {
  afterEach(() => vi.restoreAllMocks());

  it('have no finding that is not acknowledged', () => {
    expect(findingsIn(createFanoutApp())).toEqual([]);
  });

  it('have none when X-Ray traces the functions, whose permission has no resource', () => {
    expect(findingsIn(createFanoutApp({ xrayTracing: true }))).toEqual([]);
  });

  it('have exactly the acknowledged findings without the acknowledgments, each of which has a reason', () => {
    const acknowledged: Acknowledgment[] = [];
    vi.spyOn(Validations.prototype, 'acknowledge').mockImplementation((...rules) => {
      acknowledged.push(...rules);
    });

    const findings = findingsIn(createFanoutApp());

    expect(new Set(findings)).toEqual(new Set(acknowledged.map(({ id }) => id)));
    expect(new Set(findings)).toEqual(
      new Set([
        'AwsSolutions-APIG4',
        'AwsSolutions-DDB3',
        'AwsSolutions-SQS3',
        'Serverless-LambdaDLQ',
        'Serverless-LambdaEventSourceMappingDestination',
        'Serverless-LambdaTracing',
        'Serverless-SQSRedrivePolicy',
      ]),
    );
    for (const { reason } of acknowledged) expect(reason.split(' ').length).toBeGreaterThan(8);
  });

  it('run in the app itself, whose report has no finding', () => {
    const outdir = temporaryDirectory();

    execFileSync(process.execPath, ['bin/app.ts'], {
      env: {
        CDK_OUTDIR: outdir,
        CDK_CONTEXT_JSON: '{"aws:cdk:bundling-stacks":[]}',
        PATH: process.env.PATH,
        TMPDIR: process.env.TMPDIR,
      },
    });
    const report = JSON.parse(readFileSync(join(outdir, 'validation-report.json'), 'utf8'));

    expect(report.pluginReports).toEqual([]);
  });
});
