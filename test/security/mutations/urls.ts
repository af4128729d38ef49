import type { Mutation, Mutations } from './mutation.ts';

const URL_RULES = 'lambdas/shared/domain/endpoint-url.ts';
const ADDRESS_RULES = 'lambdas/shared/domain/address.ts';
const URL_TEST = 'test/domain/endpoint-url.test.ts';
const ADDRESS_TEST = 'test/domain/address.test.ts';

/** The host as it was typed decides, and not what it parses to. */
const JUDGED_AS_TYPED: Mutation = {
  file: URL_RULES,
  take: '?? whyHostRefused(url, rules) ??',
  put: "?? whyHostRefused({ hostname: raw.split(/[/:]+/)[1] ?? '', host: url.host } as URL, rules) ??",
  in: [URL_TEST],
};

function withoutName(suffix: string): Mutation {
  return { file: URL_RULES, take: `'${suffix}'`, put: "'nothing'", in: [URL_TEST] };
}

function withoutRange(range: string): Mutation {
  return { file: ADDRESS_RULES, take: `\n  ${range},`, put: '', in: [ADDRESS_TEST] };
}

/** The first of the ranges that are refused whatever the rules; other lists name some of them, too. */
const WITHOUT_LINK_LOCAL: Mutation = {
  file: ADDRESS_RULES,
  take: "const NEVER: readonly Range[] = [\n  ['169.254.0.0', 16, 'the link-local network'],",
  put: 'const NEVER: readonly Range[] = [',
};

export const URLS: Mutations = {
  'any scheme but `https:`': [
    {
      file: URL_RULES,
      take: 'const reason = whySchemeRefused(url, rules) ?? ',
      put: 'const reason = ',
      in: [URL_TEST],
    },
    {
      file: URL_RULES,
      take: "url.protocol === 'http:' && rules.allowPrivateEndpoints",
      put: "url.protocol === 'http:'",
      in: [URL_TEST],
    },
    {
      file: URL_RULES,
      take: "url.protocol === 'http:' && rules.allowPrivateEndpoints",
      put: 'false',
      in: [URL_TEST],
    },
    {
      file: 'lambdas/serve-api/schemas/requests.ts',
      take: 'if (checked.ok) return checked.url;',
      put: 'return checked.ok ? checked.url : raw;',
      in: ['test/serve-api/create-webhook.test.ts'],
    },
    {
      file: 'lib/stages/serve-api.ts',
      take: 'ALLOW_PRIVATE_ENDPOINTS: String(props.allowPrivateEndpoints)',
      put: "ALLOW_PRIVATE_ENDPOINTS: 'true'",
      in: ['test/journeys/guard.test.ts'],
    },
  ],

  'a user name or password, also an empty one or one hidden behind a backslash': [
    { file: URL_RULES, take: 'if (USER_INFO.test(raw))', put: 'if (false)' },
    { file: URL_RULES, take: ':\\/*[^/?#]*@/i', put: ':\\/*[^/?#]+@/i' },
    {
      file: URL_RULES,
      take: 'if (raw.includes(\'\\\\\')) return \'the URL contains a backslash; write "/" or "%5C"\';\n  if (USER_INFO.test(raw))',
      put: "if (!raw.includes('\\\\') && USER_INFO.test(raw))",
    },
  ],

  'a port other than 443 and 8443': [
    { file: URL_RULES, take: ' ?? whyPortRefused(url, rules)', put: '' },
    { file: URL_RULES, take: "new Set(['443', '8443'])", put: "new Set(['443', '8443', '8080'])" },
  ],

  'a name that means something on one network only: `localhost`, a single label, `.local`, `.internal`, `.localhost`, `.arpa`, with or without a dot at the end':
    [
      {
        file: URL_RULES,
        take: 'if (labels.length === 1)',
        put: 'if (false)',
      },
      ...['localhost', 'local', 'internal', 'arpa'].map(withoutName),
      {
        file: URL_RULES,
        take: "if (url.hostname.endsWith('.')) url.hostname = url.hostname.slice(0, -1);",
        put: '',
      },
    ],

  'an IPv4 address in another spelling: decimal, hexadecimal, octal, shortened, in fullwidth or circled digits':
    [
      JUDGED_AS_TYPED,
      { file: URL_RULES, take: 'if (isIP(ip) !== 0) {', put: 'if (false) {' },
      {
        file: URL_RULES,
        take: 'const reason = whyAddressRefused(ip, rules);',
        put: 'const reason = undefined;',
      },
    ],

  'an IPv4 address that is not public: this host, private, shared, loopback, link-local, reserved, documentation, benchmark, multicast':
    [
      ...[
        "['0.0.0.0', 8, 'this host']",
        "['10.0.0.0', 8, 'a private network']",
        "['100.64.0.0', 10, 'a carrier network']",
        "['127.0.0.0', 8, 'the loopback interface']",
        "['172.16.0.0', 12, 'a private network']",
        "['192.0.0.0', 24, 'a reserved range']",
        "['192.0.2.0', 24, 'a range for documentation']",
        "['192.88.99.0', 24, 'a reserved range']",
        "['192.168.0.0', 16, 'a private network']",
        "['198.18.0.0', 15, 'a range for benchmarks']",
        "['198.51.100.0', 24, 'a range for documentation']",
        "['203.0.113.0', 24, 'a range for documentation']",
        "['224.0.0.0', 4, 'a multicast range']",
        "['240.0.0.0', 4, 'a reserved range']",
      ].map(withoutRange),
      WITHOUT_LINK_LOCAL,
      { file: ADDRESS_RULES, take: "['172.16.0.0', 12,", put: "['172.16.0.0', 11," },
      { file: ADDRESS_RULES, take: 'if (rules.allowPrivateEndpoints) return undefined;', put: '' },
    ],

  'an IPv6 address outside global unicast, or one that embeds an IPv4 address, in any spelling': [
    { file: ADDRESS_RULES, take: "if (isGlobalUnicastV6(ip, 'ipv6') === undefined)", put: 'if (false)' },
    ...[
      "['2001::', 23, 'a reserved range']",
      "['2001:db8::', 32, 'a range for documentation']",
      "['3fff::', 20, 'a range for documentation']",
      "['fe80::', 10, 'the link-local network']",
      "['::ffff:0:0', 96, 'a range that embeds other addresses']",
      "['64:ff9b::', 96, 'a range that embeds other addresses']",
      "['64:ff9b:1::', 48, 'a range that embeds other addresses']",
      "['2001::', 32, 'a range that embeds other addresses']",
    ].map(withoutRange),
    {
      file: ADDRESS_RULES,
      take: "['2001::', 32, 'a range that embeds other addresses'],\n  ['2002::', 16, 'a range that embeds other addresses'],",
      put: "['2001::', 32, 'a range that embeds other addresses'],",
    },
    {
      file: ADDRESS_RULES,
      take: 'const never = isThisHostV6(ip, family) === undefined ? isNever(ip, family) : undefined;',
      put: "const never = ip.startsWith('0:') ? undefined : isNever(ip, family);",
    },
    { file: ADDRESS_RULES, take: " || ip.includes('%')", put: '' },
  ],

  'a metadata or credential service, by name or address': [
    WITHOUT_LINK_LOCAL,
    ...[
      "['100.100.100.200', 32, 'a metadata service']",
      "['168.63.129.16', 32, 'a metadata service']",
      "['fd00:ec2::', 32, 'a metadata service']",
    ].map(withoutRange),
    { file: URL_RULES, take: 'if (METADATA_NAMES.has(name))', put: 'if (false)' },
    {
      file: ADDRESS_RULES,
      take: 'const never = isThisHostV6(ip, family) === undefined ? isNever(ip, family) : undefined;',
      put: 'const never = rules.allowPrivateEndpoints ? undefined : isNever(ip, family);',
    },
  ],

  "the host of this deployment's own API": [
    { file: URL_RULES, take: 'if (isApiHost(url, rules.apiHost))', put: 'if (false)', in: [URL_TEST] },
    { file: URL_RULES, take: 'url.hostname === api || ', put: '', in: [URL_TEST] },
    { file: URL_RULES, take: 'apiHost.toLowerCase()', put: 'apiHost', in: [URL_TEST] },
    {
      file: 'lambdas/shared/wire/target.ts',
      take: 'checkEndpointUrl(raw, rules)',
      put: 'checkEndpointUrl(raw, { ...rules, apiHost: undefined })',
      in: ['test/wire/post-addresses.test.ts'],
    },
    {
      file: 'lambdas/serve-api/factory.ts',
      take: 'if (last?.apiHost !== apiHost)',
      put: 'if (last === undefined)',
      in: ['test/serve-api/create-webhook.test.ts'],
    },
    {
      file: 'lambdas/serve-api/factory.ts',
      take: 'checkEndpointUrl(raw, { allowPrivateEndpoints, apiHost })',
      put: 'checkEndpointUrl(raw, { allowPrivateEndpoints })',
      in: ['test/serve-api/create-webhook.test.ts'],
    },
    {
      file: 'lib/stages/send-delivery.ts',
      take: 'API_HOST: props.apiHost',
      put: "API_HOST: 'nowhere.example'",
      in: ['test/journeys/guard.test.ts'],
    },
  ],

  'control characters, tabs, line breaks, spaces around the URL': [
    { file: URL_RULES, take: 'if (CONTROL_CHARACTERS.test(raw))', put: 'if (false)' },
    { file: URL_RULES, take: '/[\\u0000-\\u001f\\u007f-\\u009f]/', put: '/[\\u0000-\\u001f]/' },
    { file: URL_RULES, take: 'if (SURROUNDING_SPACE.test(raw))', put: 'if (false)' },
  ],

  'an international name, or escapes such as `%2e` in the host': [
    JUDGED_AS_TYPED,
    { file: URL_RULES, take: 'return { ok: true, url: url.href };', put: 'return { ok: true, url: raw };' },
  ],

  "more than 2,048 characters; a webhook beyond the account's 1,000": [
    {
      file: 'lambdas/serve-api/calls/create-webhook.ts',
      take: 'if ((await deps.webhooks.count(accountId)) > MAX_WEBHOOKS) {',
      put: 'if (false) {',
      in: ['test/serve-api/create-webhook.test.ts'],
    },
    {
      file: URL_RULES,
      take: 'if (raw.length > MAX_URL_LENGTH) return tooLong(raw.length);',
      put: '',
      in: [URL_TEST],
    },
    { file: URL_RULES, take: 'if (url.href.length > MAX_URL_LENGTH)', put: 'if (false)', in: [URL_TEST] },
    { file: URL_RULES, take: 'MAX_URL_LENGTH = 2_048', put: 'MAX_URL_LENGTH = 2_047', in: [URL_TEST] },
    {
      file: 'lambdas/shared/store/webhook-reads.ts',
      take: '      return count;\n',
      put: '      return 0;\n',
      in: ['test/serve-api/create-webhook.test.ts'],
    },
  ],

  'a public name whose address is not public': [
    {
      file: 'lambdas/shared/wire/find-addresses.ts',
      take: 'const reason = whyAddressRefused(address, rules);',
      put: 'const reason = undefined;',
    },
    {
      file: 'lambdas/shared/domain/follow-up.ts',
      take: "FINAL_ERRORS: readonly AttemptError[] = ['address_refused']",
      put: 'FINAL_ERRORS: readonly AttemptError[] = []',
    },
    {
      file: 'lambdas/shared/store/webhook-updates.ts',
      take: 'const failed = { verification_error: reason, updated_at: at };',
      put: 'const failed = { updated_at: at };',
    },
    {
      file: 'lambdas/serve-api/show-webhook.ts',
      take: 'verification_error: webhook.verificationError ?? null',
      put: 'verification_error: null',
    },
    { file: 'lambdas/shared/store/delivery-item.ts', take: 'reason: attempt.reason,', put: '' },
  ],

  'a URL whose owner answers no challenge': [
    {
      file: 'lambdas/dispatch-event/step.ts',
      take: 'verified && subscribesTo(events, type)',
      put: 'subscribesTo(events, type)',
      in: ['test/dispatch-event/dispatch-event.test.ts'],
    },
    {
      file: 'lambdas/shared/domain/follow-up.ts',
      take: 'if (delaySeconds === undefined || attempt.number >= message.maxAttempts)',
      put: 'if (false)',
      in: ['test/send-delivery/send-delivery.test.ts'],
    },
    {
      file: 'lambdas/send-delivery/make-attempt.ts',
      take: 'status === 200 && echoesChallenge(message.body, result)',
      put: 'status === 200',
      in: ['test/send-delivery/send-delivery.test.ts'],
    },
    {
      file: 'lambdas/send-delivery/make-attempt.ts',
      take: "challengeIn(answer.body, ['challenge']) === expected",
      put: "challengeIn(answer.body, ['challenge']) !== undefined",
      in: ['test/send-delivery/send-delivery.test.ts'],
    },
    {
      file: 'lambdas/shared/store/webhook-updates.ts',
      take: "equals('verification.id', verificationId)",
      put: 'isThere',
      in: ['test/send-delivery/send-delivery.test.ts'],
    },
    {
      file: 'lambdas/serve-api/plan-update.ts',
      take: 'set: { pendingUrl: url, verification }',
      put: 'set: { url, pendingUrl: url, verification }',
      in: ['test/journeys/deliver.test.ts'],
    },
    {
      file: 'lambdas/send-delivery/send-known.ts',
      take: "message.kind === 'verification' ? message.url : webhook.url",
      put: 'webhook.url',
      in: ['test/send-delivery/send-delivery.test.ts'],
    },
  ],
  'a webhook whose URL the rules do not allow any more, to be verified or tested': [
    {
      file: 'lambdas/serve-api/plan-update.ts',
      take: "if (!checked.ok) return { kind: 'refused', reason: checked.reason, path: 'url' };",
      put: '',
    },
    {
      file: 'lambdas/serve-api/calls/test-webhook.ts',
      take: "if (!checked.ok) return invalidRequest([{ path: 'url', message: checked.reason }]);",
      put: '',
    },
  ],
};
