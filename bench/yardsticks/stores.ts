import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, chownSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';

/** Redis or PostgreSQL, started for one measurement from the binaries of the system's packages. */
export interface Store {
  readonly port: number;
  /** User and system time of all its processes since its start, in microseconds. 0 where /proc does not exist. */
  cpuUs(): number;
  close(): Promise<void>;
}

/** Linux counts CPU time in ticks of 10 ms. */
const TICK_US = 10_000;
const START_LIMIT_MS = 30_000;
const DEBIAN_POSTGRES = '/usr/lib/postgresql';

/** Undefined when no redis-server is on the PATH. */
export async function startRedis(): Promise<Store | undefined> {
  const program = findOnPath('redis-server');
  if (program === undefined) return undefined;
  const port = await freePort();
  const directory = mkdtempSync(join(tmpdir(), 'webhook-fanout-redis-'));
  // Write the commands to disk every second, as for a queue that must survive a restart.
  const args = ['--port', String(port), '--bind', '127.0.0.1', '--dir', directory, '--appendonly', 'yes'];
  return run(spawn(program, args, { stdio: 'ignore' }), port, directory);
}

/** Undefined when no PostgreSQL server is installed. Its default settings apply: every commit is written to disk. */
export async function startPostgres(): Promise<Store | undefined> {
  const bin = findPostgres();
  if (bin === undefined) return undefined;
  const port = await freePort();
  const directory = mkdtempSync(join(tmpdir(), 'webhook-fanout-postgres-'));
  const user = postgresUser();
  // PostgreSQL refuses to run as root.
  if (user !== undefined) chownSync(directory, user.uid, user.gid);
  chmodSync(directory, 0o700);
  const data = join(directory, 'data');
  execFileSync(join(bin, 'initdb'), ['-D', data, '-A', 'trust', '-U', 'bench', '--no-sync'], {
    ...user,
    cwd: directory,
    stdio: 'ignore',
  });
  const args = ['-D', data, '-p', String(port), '-k', directory, '-c', 'listen_addresses=127.0.0.1'];
  return run(
    spawn(join(bin, 'postgres'), args, { ...user, cwd: directory, stdio: 'ignore' }),
    port,
    directory,
  );
}

async function run(child: ChildProcess, port: number, directory: string): Promise<Store> {
  await untilListening(port);
  return {
    port,
    cpuUs: () => processTree(child.pid ?? 0).reduce((total, pid) => total + cpuUsOf(pid), 0),
    async close() {
      const ended = once(child, 'exit');
      child.kill('SIGINT');
      await ended;
      rmSync(directory, { recursive: true, force: true });
    },
  };
}

function findOnPath(name: string): string | undefined {
  return (process.env.PATH ?? '')
    .split(delimiter)
    .map((folder) => join(folder, name))
    .find((file) => existsSync(file));
}

function findPostgres(): string | undefined {
  const versions = existsSync(DEBIAN_POSTGRES) ? readdirSync(DEBIAN_POSTGRES) : [];
  return versions
    .map((version) => join(DEBIAN_POSTGRES, version, 'bin'))
    .find((bin) => existsSync(join(bin, 'initdb')));
}

/** Undefined unless this process runs as root. */
function postgresUser(): { readonly uid: number; readonly gid: number } | undefined {
  if (process.getuid?.() !== 0) return undefined;
  const line = readFileSync('/etc/passwd', 'utf8')
    .split('\n')
    .find((entry) => entry.startsWith('postgres:'));
  if (line === undefined)
    throw new Error('there is no user "postgres", and PostgreSQL refuses to run as root');
  const [, , uid, gid] = line.split(':');
  return { uid: Number(uid), gid: Number(gid) };
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  return typeof address === 'object' && address !== null ? address.port : 0;
}

async function untilListening(port: number): Promise<void> {
  const giveUpAt = Date.now() + START_LIMIT_MS;
  for (;;) {
    const socket = connect(port, '127.0.0.1');
    try {
      await once(socket, 'connect');
      return;
    } catch (error) {
      if (Date.now() > giveUpAt) throw error;
      await wait(50);
    } finally {
      socket.destroy();
    }
  }
}

function processTree(root: number): number[] {
  if (!existsSync('/proc')) return [];
  const children = readdirSync('/proc')
    .map(Number)
    .filter((pid) => pid > 0 && statOf(pid)?.parent === root);
  return [root, ...children];
}

function cpuUsOf(pid: number): number {
  return statOf(pid)?.cpuUs ?? 0;
}

function statOf(pid: number): { parent: number; cpuUs: number } | undefined {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const fields = text
      .slice(text.lastIndexOf(')') + 2)
      .split(' ')
      .map(Number);
    return { parent: fields[1] ?? 0, cpuUs: ((fields[11] ?? 0) + (fields[12] ?? 0)) * TICK_US };
  } catch {
    // The process has ended.
    return undefined;
  }
}
