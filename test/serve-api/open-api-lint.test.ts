import { createConfig, lintFromString } from '@redocly/openapi-core';
import spectralCore, { type RulesetDefinition } from '@stoplight/spectral-core';
import rulesets from '@stoplight/spectral-rulesets';
import { describe, expect, it } from 'vitest';
import { openApiDocument } from './support/open-api-contract.ts';

const document = openApiDocument();

async function findingsOfRedocly(source: unknown): Promise<string[]> {
  const config = await createConfig({ extends: ['recommended'] });
  const findings = await lintFromString({
    source: JSON.stringify(source),
    absoluteRef: '/openapi.json',
    config,
  });
  return findings.map(
    ({ ruleId, message, location }) => `${ruleId}: ${message} (${location[0]?.pointer ?? ''})`,
  );
}

async function findingsOfSpectral(source: object): Promise<string[]> {
  const spectral = new spectralCore.Spectral();
  // The types of the package do not know that a ruleset of functions may be extended.
  const oas: unknown = rulesets.oas;
  spectral.setRuleset({ extends: [[oas as RulesetDefinition, 'recommended']] });
  const findings = await spectral.run(Object(source));
  return findings.map(({ code, message, path }) => `${code}: ${message} (${path.join('/')})`);
}

/** A small document with a defect that each linter must find, so that a linter that checks nothing is noticed. */
const DEFECTIVE = { openapi: '3.1.0', info: { title: 'Webhooks' }, paths: {} };

describe('the OpenAPI document', () => {
  it('passes the recommended rules of Redocly, warnings included', async () => {
    expect(await findingsOfRedocly(document)).toEqual([]);
    expect(await findingsOfRedocly(DEFECTIVE)).not.toEqual([]);
  });

  it('passes the recommended rules of Spectral, warnings included', async () => {
    expect(await findingsOfSpectral(document)).toEqual([]);
    expect(await findingsOfSpectral(DEFECTIVE)).not.toEqual([]);
  });
});
