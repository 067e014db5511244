import type { Serial } from '@holdfast/channel';
import type { RecordId, RunId } from '../ids.ts';

/**
 * The record id of an output: `nonce~run~after`, where `~` and `%` in run and after are percent-encoded. A deleted message keeps its id and loses
 * its headers, so this is how a tombstone still says where on which path it stood (P26).
 */
export function mintOutputId(nonce: string, run: RunId, after?: Serial): RecordId {
  const id = [nonce.replaceAll('~', '-'), encode(run), encode(after ?? '')].join('~');
  return id as string as RecordId;
}

export function readOutputId(id: string): { readonly run: RunId; readonly after?: Serial } | undefined {
  const [, run, after] = /^[^~]*~([^~]+)~([^~]*)$/.exec(id) ?? [];
  if (run === undefined) return undefined;
  const place = { run: decode(run) as string as RunId };
  return after ? { ...place, after: decode(after) as string as Serial } : place;
}

function encode(value: string): string {
  return value.replaceAll('%', '%25').replaceAll('~', '%7E');
}

function decode(value: string): string {
  return value.replaceAll('%7E', '~').replaceAll('%25', '%');
}
