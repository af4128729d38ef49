import { type HttpApi, HttpMethod, HttpRoute, HttpRouteKey } from 'aws-cdk-lib/aws-apigatewayv2';
import { HttpLambdaIntegration } from 'aws-cdk-lib/aws-apigatewayv2-integrations';
import type { Function as LambdaFn } from 'aws-cdk-lib/aws-lambda';
import { Validations } from 'aws-cdk-lib/core';
import { Construct } from 'constructs';
import { CONSOLE_PATH } from '../../lambdas/shared/domain/console-paths.ts';
import { type CommonFunctionProps, createFunction } from '../shared/function.ts';
import { API_FUNCTION_TIMEOUT } from '../shared/timing.ts';

/** All others are routed to `$default`. */
const METHODS = [HttpMethod.GET, HttpMethod.HEAD];
const PATHS = { root: CONSOLE_PATH, path: `${CONSOLE_PATH}/{path+}` };

export interface ServeConsoleProps extends CommonFunctionProps {
  /** The API, which gets routes for the console: the console calls the API of its own origin. */
  readonly api: HttpApi;
  /** Origins of the pages that may show the console in a frame. */
  readonly embeddedBy: readonly string[];
}

/** Serves the files of the console. Its role can only write logs: the console's data comes from the API. */
export class ServeConsole extends Construct {
  readonly server: LambdaFn;

  constructor(scope: Construct, id: string, props: ServeConsoleProps) {
    super(scope, id);
    const { api, embeddedBy, catalogueFile, logRetention, monitoring, xrayTracing, releases } = props;
    this.server = createFunction(this, {
      step: 'serve-console',
      description: "Serves the files of the customers' console",
      catalogueFile,
      logRetention,
      ...{ monitoring, xrayTracing, releases },
      timeout: API_FUNCTION_TIMEOUT,
      environment: { EMBEDDED_BY: JSON.stringify(embeddedBy) },
      permissions: [],
    });
    Validations.of(this.server).acknowledge({
      id: 'Serverless-LambdaDLQ',
      reason: 'It is invoked synchronously, by the HTTP API only: the caller receives the error.',
    });
    const integration = new HttpLambdaIntegration('Server', releases.targetOf(this.server), {
      scopePermissionToRoute: false,
    });
    for (const [name, path] of Object.entries(PATHS)) {
      for (const method of METHODS) {
        const routeKey = HttpRouteKey.with(path, method);
        const route = new HttpRoute(this, `Route-${method}-${name}`, { httpApi: api, routeKey, integration });
        Validations.of(route).acknowledge({
          id: 'AwsSolutions-APIG4',
          reason:
            'The files are the same for everybody and contain no data: the console signs in to the API.',
        });
      }
    }
  }
}
