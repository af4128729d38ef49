import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import * as z from 'zod/mini';

/** Contains a file for each cloud that runs on this machine, named by the port of its API. */
const DIRECTORY = fileURLToPath(new URL('../.local/clouds', import.meta.url));

const RunningCloud = z.object({
  pid: z.number(),
  apiPort: z.number(),
  awsEndpoint: z.string(),
  region: z.string(),
  accountId: z.string(),
  /** Absolute path of its catalogue; absent if it is unknown. */
  catalogueFile: z.exactOptional(z.string()),
  outputs: z.record(z.string(), z.string()),
});
/** The data of a local cloud that the commands need. It contains no API key. */
export type RunningCloud = Readonly<z.infer<typeof RunningCloud>>;

/** Writes a cloud's file. The result removes it. */
export async function announceCloud(
  cloud: RunningCloud,
  directory = DIRECTORY,
): Promise<() => Promise<void>> {
  const file = path.join(directory, `${cloud.apiPort}.json`);
  await mkdir(directory, { recursive: true });
  await removeStaleFiles(directory);
  await writeFile(file, `${JSON.stringify(cloud, null, 2)}\n`);
  return () => rm(file, { force: true });
}

/** The cloud with that API port, or the only cloud. Throws unless it is exactly one. */
export async function findCloud(apiPort: number | undefined, directory = DIRECTORY): Promise<RunningCloud> {
  const running = await listClouds(directory);
  const matching = running.filter((cloud) => apiPort === undefined || cloud.apiPort === apiPort);
  const [found, ...others] = matching;
  if (found !== undefined && others.length === 0) return found;
  const ports = running.map((cloud) => cloud.apiPort).join(', ');
  if (running.length === 0)
    throw new Error('no local cloud runs; start one with "npm start", or choose a stack on AWS with --stack');
  if (found === undefined)
    throw new Error(`no local cloud serves its API on port ${apiPort}; running: ${ports}`);
  throw new Error(`several local clouds run; choose one with --port <API port>: ${ports}`);
}

/** Ignores files of processes that have ended: a crash leaves its file behind. */
async function listClouds(directory: string): Promise<RunningCloud[]> {
  return (await readClouds(directory)).filter(({ pid }) => isAlive(pid));
}

async function removeStaleFiles(directory: string): Promise<void> {
  for (const { pid, apiPort } of await readClouds(directory)) {
    if (!isAlive(pid)) await rm(path.join(directory, `${apiPort}.json`), { force: true });
  }
}

async function readClouds(directory: string): Promise<RunningCloud[]> {
  const files = await readdir(directory).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return [];
    throw error;
  });
  const clouds = await Promise.all(files.map((file) => readCloud(path.join(directory, file))));
  return clouds.filter((cloud) => cloud !== undefined);
}

async function readCloud(file: string): Promise<RunningCloud | undefined> {
  try {
    return RunningCloud.parse(JSON.parse(await readFile(file, 'utf8')));
  } catch {
    // It is being written or removed now, or another version of this project wrote it.
    return undefined;
  }
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}
