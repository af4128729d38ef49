import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { temporaryDirectory } from './temporary-directory.ts';

type Properties = Record<string, unknown>;
export interface TemplateResource {
  readonly Type: string;
  readonly Properties?: Properties;
}

export interface AssemblyContent {
  readonly resources?: Readonly<Record<string, TemplateResource>>;
  readonly outputs?: Readonly<Record<string, unknown>>;
  /** Sources of ES modules, by the name that `lambdaFunction` takes. */
  readonly bundles?: Readonly<Record<string, string>>;
  /** Further sections of the template. */
  readonly sections?: Readonly<Record<string, unknown>>;
}

/** Writes the output of `cdk synth` for a stack of these resources. Returns the directory. */
export async function writeAssembly(content: AssemblyContent): Promise<string> {
  const directory = temporaryDirectory();
  const bundles = Object.entries(content.bundles ?? {});
  for (const [name, source] of bundles) {
    await mkdir(path.join(directory, `asset.${name}`));
    await writeFile(path.join(directory, `asset.${name}`, 'index.mjs'), source);
  }
  const write = (file: string, json: unknown): Promise<void> =>
    writeFile(path.join(directory, file), JSON.stringify(json));
  await write('manifest.json', {
    artifacts: {
      Shop: { type: 'aws:cloudformation:stack', properties: { templateFile: 'Shop.template.json' } },
      Tree: { type: 'cdk:tree', properties: { file: 'tree.json' } },
    },
  });
  await write('Shop.assets.json', {
    files: Object.fromEntries(
      bundles.map(([name]) => [
        name,
        {
          source: { path: `asset.${name}`, packaging: 'zip' },
          destinations: { here: { objectKey: `${name}.zip` } },
        },
      ]),
    ),
  });
  await write('Shop.template.json', {
    Resources: content.resources ?? {},
    Outputs: Object.fromEntries(
      Object.entries(content.outputs ?? {}).map(([name, Value]) => [name, { Value }]),
    ),
    ...content.sections,
  });
  return directory;
}

export const ref = (logicalId: string): unknown => ({ Ref: logicalId });
export const getAtt = (logicalId: string, attribute = 'Arn'): unknown => ({
  'Fn::GetAtt': [logicalId, attribute],
});

export function queue(properties: Properties = {}): TemplateResource {
  return { Type: 'AWS::SQS::Queue', Properties: properties };
}

export function role(...statements: Properties[]): TemplateResource {
  const policy = { PolicyName: 'Work', PolicyDocument: { Version: '2012-10-17', Statement: statements } };
  return { Type: 'AWS::IAM::Role', Properties: { AssumeRolePolicyDocument: {}, Policies: [policy] } };
}

export function allow(action: string | string[], resource: unknown): Properties {
  return { Effect: 'Allow', Action: action, Resource: resource };
}

/** A function of a bundle, with the role `<bundle>Role`. */
export function lambdaFunction(bundle: string, properties: Properties = {}): TemplateResource {
  return {
    Type: 'AWS::Lambda::Function',
    Properties: {
      Code: { S3Bucket: 'assets', S3Key: `${bundle}.zip` },
      Handler: 'index.handler',
      Role: getAtt(`${bundle}Role`),
      Runtime: 'nodejs24.x',
      Timeout: 60,
      MemorySize: 256,
      ...properties,
    },
  };
}

/** An HTTP API with one route, which invokes a function. */
export function httpApi(routeKey: string, functionId: string): Record<string, TemplateResource> {
  return {
    Api: { Type: 'AWS::ApiGatewayV2::Api', Properties: { Name: 'Api', ProtocolType: 'HTTP' } },
    Stage: {
      Type: 'AWS::ApiGatewayV2::Stage',
      Properties: { ApiId: ref('Api'), StageName: '$default', AutoDeploy: true },
    },
    Integration: {
      Type: 'AWS::ApiGatewayV2::Integration',
      Properties: {
        ApiId: ref('Api'),
        IntegrationType: 'AWS_PROXY',
        IntegrationUri: getAtt(functionId),
        PayloadFormatVersion: '2.0',
      },
    },
    Route: {
      Type: 'AWS::ApiGatewayV2::Route',
      Properties: {
        ApiId: ref('Api'),
        RouteKey: routeKey,
        Target: { 'Fn::Join': ['', ['integrations/', ref('Integration')]] },
      },
    },
    ApiPermission: {
      Type: 'AWS::Lambda::Permission',
      Properties: {
        Action: 'lambda:InvokeFunction',
        FunctionName: getAtt(functionId),
        Principal: 'apigateway.amazonaws.com',
        SourceArn: {
          'Fn::Sub': `arn:\${AWS::Partition}:execute-api:\${AWS::Region}:\${AWS::AccountId}:\${Api}/*/*/*`,
        },
      },
    },
  };
}
