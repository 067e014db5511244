import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';

/** Beside the development gateway's database. */
export function secretPath(databasePath: string): string {
  return `${databasePath}.secret`;
}

/** The development gateway's secret: the same at each start, readable by its owner only. */
export async function openSecret(databasePath: string): Promise<string> {
  const path = secretPath(databasePath);
  const known = await readSecret(path);
  if (known !== undefined) return known;
  await mkdir(dirname(path), { recursive: true });
  const secret = Buffer.from(crypto.getRandomValues(new Uint8Array(32))).toString('base64url');
  await writeFile(path, secret, { mode: 0o600, flag: 'wx' });
  return secret;
}

/** Undefined where there is none. */
export async function readSecret(path: string): Promise<string | undefined> {
  try {
    return (await readFile(path, 'utf8')).trim();
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    throw error;
  }
}
