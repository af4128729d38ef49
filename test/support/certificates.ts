import { generateKeyPairSync, type KeyObject, sign } from 'node:crypto';
import { isIP } from 'node:net';

/** A certificate and its key, as tls.createServer takes them. */
export interface Certificate {
  readonly name: string;
  /** PEM. */
  readonly cert: string;
  /** PEM. */
  readonly key: string;
}

interface Issue {
  readonly name: string;
  /** Host names and addresses that it is for; none for an authority. */
  readonly hosts?: readonly string[];
  readonly authority?: boolean;
  readonly validFrom?: Date;
  readonly validTo?: Date;
  /** @default itself */
  readonly issuer?: Certificate;
}

const DAY_MS = 86_400_000;

const OID = {
  commonName: '550403',
  ecPublicKey: '2a8648ce3d0201',
  ecdsaWithSha256: '2a8648ce3d040302',
  basicConstraints: '551d13',
  subjectAltName: '551d11',
} as const;

/** Makes an X.509 certificate: no key is stored in the repository, and a test chooses the expiry. */
export function issueCertificate(issue: Issue): Certificate {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const validFrom = issue.validFrom ?? new Date(Date.now() - DAY_MS);
  const validTo = issue.validTo ?? new Date(Date.now() + 365 * DAY_MS);
  const algorithm = sequence(oid(OID.ecdsaWithSha256));
  const body = sequence(
    tagged(0xa0, integer(2)),
    integer(Math.floor(Math.random() * 2 ** 31) + 1),
    algorithm,
    distinguishedName(issue.issuer?.name ?? issue.name),
    sequence(time(validFrom), time(validTo)),
    distinguishedName(issue.name),
    publicKey.export({ type: 'spki', format: 'der' }),
    tagged(0xa3, sequence(...extensions(issue))),
  );
  const signature = sign('sha256', body, issue.issuer === undefined ? privateKey : issue.issuer.key);
  const der = sequence(body, algorithm, tagged(0x03, Buffer.from([0]), signature));
  return { name: issue.name, cert: toPem('CERTIFICATE', der), key: exportKey(privateKey) };
}

function extensions({ hosts = [], authority = false }: Issue): Buffer[] {
  const constraints = sequence(...(authority ? [tagged(0x01, Buffer.from([0xff]))] : []));
  const list = [
    sequence(oid(OID.basicConstraints), tagged(0x01, Buffer.from([0xff])), tagged(0x04, constraints)),
  ];
  if (hosts.length > 0) {
    list.push(sequence(oid(OID.subjectAltName), tagged(0x04, sequence(...hosts.map(alternativeName)))));
  }
  return list;
}

function alternativeName(host: string): Buffer {
  if (isIP(host) === 4) return tagged(0x87, Buffer.from(host.split('.').map(Number)));
  return tagged(0x82, Buffer.from(host, 'ascii'));
}

function distinguishedName(commonName: string): Buffer {
  return sequence(tagged(0x31, sequence(oid(OID.commonName), tagged(0x0c, Buffer.from(commonName)))));
}

function time(date: Date): Buffer {
  const digits = date.toISOString().replaceAll(/[-:T]/g, '').slice(0, 14);
  return date.getUTCFullYear() < 2050
    ? tagged(0x17, Buffer.from(`${digits.slice(2)}Z`))
    : tagged(0x18, Buffer.from(`${digits}Z`));
}

function integer(value: number): Buffer {
  const hex = value.toString(16);
  const bytes = Buffer.from(hex.padStart(hex.length + (hex.length % 2), '0'), 'hex');
  return tagged(0x02, ...((bytes[0] ?? 0) > 0x7f ? [Buffer.from([0])] : []), bytes);
}

function oid(hex: string): Buffer {
  return tagged(0x06, Buffer.from(hex, 'hex'));
}

function sequence(...parts: Buffer[]): Buffer {
  return tagged(0x30, ...parts);
}

/** DER: tag, length, content. */
function tagged(tag: number, ...parts: Buffer[]): Buffer {
  const content = Buffer.concat(parts);
  if (content.length < 0x80) return Buffer.concat([Buffer.from([tag, content.length]), content]);
  const length = Buffer.alloc(2);
  length.writeUInt16BE(content.length);
  return Buffer.concat([Buffer.from([tag, 0x82]), length, content]);
}

function toPem(label: string, der: Buffer): string {
  const lines = der.toString('base64').match(/.{1,64}/g) ?? [];
  return [`-----BEGIN ${label}-----`, ...lines, `-----END ${label}-----`, ''].join('\n');
}

function exportKey(key: KeyObject): string {
  return key.export({ type: 'pkcs8', format: 'pem' }).toString();
}
