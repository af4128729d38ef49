/** An app that uses the construct: its files, its packages and its commands. */
export interface App {
  readonly name: string;
  /** Whether `cdk init app --language typescript` creates it, and `files` are then added or replaced. */
  readonly isGenerated?: boolean;
  readonly files: Readonly<Record<string, string>>;
  /** Installed in addition to the packed tarball, and to what the files name. */
  readonly packages: readonly string[];
  /** Run with the app's `node_modules/.bin` and the tested Node on the PATH. */
  readonly commands: Readonly<Record<'type-check' | 'synthesize' | 'jest', readonly string[]>>;
}

const STACK = `import * as cdk from 'aws-cdk-lib/core';
import { Role, AccountRootPrincipal } from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import { WebhookFanout, type WebhookFanoutProps } from 'webhook-fanout';

const settings: WebhookFanoutProps = { retryDelays: [cdk.Duration.seconds(1)], concurrency: { first: 20 } };

export class ShopStack extends cdk.Stack {
  constructor(scope: Construct, id: string, props?: cdk.StackProps) {
    super(scope, id, props);
    const publisher = new Role(this, 'Publisher', { assumedBy: new AccountRootPrincipal() });
    for (const name of ['Orders', 'Billing']) {
      const webhooks = new WebhookFanout(this, name, settings);
      webhooks.addOutputs({ prefix: name });
      webhooks.grantPublish(publisher);
      webhooks.queues.exhausted.metricApproximateNumberOfMessagesVisible();
    }
  }
}
`;

/** \`from\` is the path of the stack's module. */
const jestTest = (from: string): string => `import * as cdk from 'aws-cdk-lib/core';
import { Template } from 'aws-cdk-lib/assertions';
import { ShopStack } from '${from}';

test('the stack has two deployments', () => {
  const stack = new ShopStack(new cdk.App(), 'Shop');
  Template.fromStack(stack).resourceCountIs('AWS::DynamoDB::Table', 4);
});
`;

const main = (from: string): string => `import * as cdk from 'aws-cdk-lib/core';
import { ShopStack } from '${from}';

const app = new cdk.App();
new ShopStack(app, 'ShopStack');
`;

const json = (value: unknown): string => `${JSON.stringify(value, undefined, 2)}\n`;

const CDK_SYNTH = ['cdk', 'synth', '--quiet'];

/** Today's app of the CDK's CLI: tsx, TypeScript 7, NodeNext without "type", jest with swc. */
const CDK_INIT: App = {
  name: 'cdk-init',
  isGenerated: true,
  files: { 'lib/shop-stack.ts': STACK, 'test/shop.test.ts': jestTest('../lib/shop-stack') },
  packages: [],
  commands: {
    'type-check': ['tsc', '--skipLibCheck', 'false'],
    synthesize: CDK_SYNTH,
    jest: ['jest'],
  },
};

/** The app that the CDK's CLI created for years: ts-node, CommonJS, TypeScript 5, jest with ts-jest. */
const TS_NODE: App = {
  name: 'ts-node',
  files: {
    'package.json': json({ name: 'shop', version: '0.1.0', private: true }),
    'tsconfig.json': json({
      compilerOptions: {
        target: 'ES2022',
        module: 'commonjs',
        lib: ['es2022'],
        strict: true,
        experimentalDecorators: true,
        inlineSourceMap: true,
        typeRoots: ['./node_modules/@types'],
        skipLibCheck: false,
      },
      exclude: ['node_modules', 'cdk.out'],
    }),
    'jest.config.js': `module.exports = { testEnvironment: 'node', roots: ['<rootDir>/test'], transform: { '^.+\\\\.tsx?$': 'ts-jest' } };\n`,
    'cdk.json': json({ app: 'ts-node --prefer-ts-exts bin/shop.ts' }),
    'bin/shop.ts': main('../lib/shop-stack'),
    'lib/shop-stack.ts': STACK,
    'test/shop.test.ts': jestTest('../lib/shop-stack'),
  },
  packages: [
    'aws-cdk-lib@2',
    'constructs@10',
    'aws-cdk@2.1148.1',
    'ts-node@10',
    'typescript@~5.9',
    '@types/node@22',
    '@types/jest@29',
    'jest@29',
    'ts-jest@29',
  ],
  commands: { 'type-check': ['tsc', '--noEmit'], synthesize: CDK_SYNTH, jest: ['jest'] },
};

/** ES modules, compiled before they run, with the oldest peers that the package allows. */
const ESM: App = {
  name: 'esm',
  files: {
    'package.json': json({ name: 'shop', version: '0.1.0', private: true, type: 'module' }),
    'tsconfig.json': json({
      compilerOptions: {
        target: 'ES2022',
        module: 'NodeNext',
        lib: ['es2022'],
        strict: true,
        outDir: 'dist',
        skipLibCheck: false,
        types: ['node', 'jest'],
      },
      include: ['bin', 'lib', 'test'],
    }),
    'jest.config.js': `export default { testEnvironment: 'node', roots: ['<rootDir>/dist/test'], transform: {} };\n`,
    'cdk.json': json({ app: 'node dist/bin/shop.js' }),
    'bin/shop.ts': main('../lib/shop-stack.js'),
    'lib/shop-stack.ts': STACK,
    'test/shop.test.ts': jestTest('../lib/shop-stack.js'),
  },
  packages: [
    'aws-cdk-lib@2.270.0',
    'constructs@10.5.0',
    'aws-cdk@2.1148.1',
    'typescript@~5.9',
    '@types/node@22',
    '@types/jest@30',
    'jest@30',
  ],
  commands: {
    'type-check': ['tsc'],
    synthesize: CDK_SYNTH,
    jest: ['node', '--experimental-vm-modules', 'node_modules/jest/bin/jest.js'],
  },
};

export const APPS: readonly App[] = [CDK_INIT, TS_NODE, ESM];
