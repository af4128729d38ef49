import { describe, expect, it } from 'vitest';
import { synthesize } from './synthesize.ts';

const { fanout, permissions, functionProperties, resources } = synthesize();

/** The route keys of the function that serves the console. */
const ROUTES = ['GET /console', 'GET /console/{path+}', 'HEAD /console', 'HEAD /console/{path+}'];

const routesTo = ({ resources: of }: Pick<ReturnType<typeof synthesize>, 'resources'>) =>
  of('AWS::ApiGatewayV2::Route')
    .map(({ RouteKey }) => RouteKey as string)
    .filter((key) => key.includes('/console'))
    .toSorted();

describe('the function that serves the console', () => {
  it('has no permission but to write its log: no table, no queue, no key [API-58]', () => {
    expect(permissions('serve-console')).toEqual([
      { actions: ['logs:CreateLogStream', 'logs:PutLogEvents'], on: ['logs'] },
    ]);
  });

  it('has no value of the deployment except the origins that may embed the console [API-58]', () => {
    const { Variables } = functionProperties('serve-console').Environment;
    const others = Object.keys(Variables).filter((name) => !/^(POWERTOOLS_|DEPLOYMENT$)/.test(name));

    expect(others).toEqual(['EMBEDDED_BY']);
    expect(Variables.EMBEDDED_BY).toBe('[]');
  });

  it("is on the API's own address, by GET and HEAD only", () => {
    expect(routesTo({ resources })).toEqual(ROUTES);
    expect(resources('AWS::ApiGatewayV2::Api')).toHaveLength(1);
  });

  it('is where the API redirects to from /console/, which no route of the gateway can name', () => {
    expect(functionProperties('serve-api').Environment.Variables.SERVES_CONSOLE).toBe('true');
  });

  it('gets the origins that may embed the console', () => {
    const consoleEmbeddedBy = ['https://app.example.com'];
    const embedded = synthesize({ consoleEmbeddedBy });

    expect(embedded.functionProperties('serve-console').Environment.Variables.EMBEDDED_BY).toBe(
      JSON.stringify(consoleEmbeddedBy),
    );
  });

  it('is named to the operator, with the address of the console', () => {
    expect(fanout.functions.serveConsole).toBeDefined();
    expect(fanout.consoleUrl).toBe(`${fanout.apiUrl}/console/webhooks`);
    expect(synthesize({ consoleUrl: 'https://webhooks.example.com' }).fanout.consoleUrl).toBe(
      'https://webhooks.example.com/console/webhooks',
    );
  });
});

describe('console: false', () => {
  const without = synthesize({ console: false });

  it('removes the function, its routes, its address, and the portal function', () => {
    expect(without.fanout.functions).not.toHaveProperty('serveConsole');
    expect(without.fanout.functions).not.toHaveProperty('createPortalLink');
    expect(without.fanout.consoleUrl).toBeUndefined();
    expect(routesTo(without)).toEqual([]);
    expect(without.functionProperties('serve-api').Environment.Variables.SERVES_CONSOLE).toBe('false');
  });

  it('keeps the portal function where the prop requests it, for a console of your own', () => {
    const { functions } = synthesize({
      console: false,
      portal: true,
      consoleUrl: 'https://webhooks.example.com',
    }).fanout;

    expect(functions.createPortalLink).toBeDefined();
    expect(functions).not.toHaveProperty('serveConsole');
  });

  it.each([
    [{ consoleEmbeddedBy: ['https://a.example'] }, 'consoleEmbeddedBy is given, but console is false'],
    [{ consoleUrl: 'https://a.example' }, 'there is neither the console nor a portal function'],
  ])('refuses %o, which would have no effect', (props, message) => {
    expect(() => synthesize({ console: false, ...props })).toThrow(message);
  });
});

describe('consoleEmbeddedBy', () => {
  it.each([
    '*',
    'https://*.example.com',
    'https://a.example/',
    "https://a.example; script-src 'unsafe-inline'",
    5,
  ])('refuses %s, which could weaken the policy of the page [API-57]', (origin) => {
    expect(() => synthesize({ consoleEmbeddedBy: [origin as string] })).toThrow(
      /consoleEmbeddedBy is .*expected: a list of at most 20 origins/,
    );
  });

  it('accepts a page on this machine only where private endpoints are allowed', () => {
    const consoleEmbeddedBy = ['http://localhost:5173'];

    expect(() => synthesize({ consoleEmbeddedBy })).toThrow('for development only');
    expect(() => synthesize({ consoleEmbeddedBy, allowPrivateEndpoints: true })).not.toThrow();
  });
});
