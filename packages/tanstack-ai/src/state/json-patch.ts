import { isEqual, isObject, type JsonValue } from '@holdfast/codec';

/** One step of a JSON patch (RFC 6902). */
export interface PatchStep {
  readonly op: 'add' | 'remove' | 'replace' | 'move' | 'copy' | 'test';
  readonly path: string;
  readonly from?: string;
  readonly value?: JsonValue;
}

type Path = readonly string[];

/** A value after a patch, which takes effect as a whole; undefined where a step of it can't be done. Never throws. */
export function applyPatch(value: JsonValue, patch: readonly unknown[]): JsonValue | undefined {
  let patched: JsonValue | undefined = value;
  for (const step of patch) {
    if (patched === undefined || !isStep(step)) return undefined;
    patched = applyStep(patched, step);
  }
  return patched;
}

/** A key as a path to it. */
export function toPointer(key: string): string {
  return `/${key.replaceAll('~', '~0').replaceAll('/', '~1')}`;
}

/** The keys on the way to a place; undefined for what is no path. */
function readPointer(pointer: string | undefined): Path | undefined {
  if (pointer === '') return [];
  if (pointer?.startsWith('/') !== true) return undefined;
  const keys = pointer.slice(1).split('/');
  return keys.map((key) => key.replaceAll('~1', '/').replaceAll('~0', '~'));
}

function isStep(step: unknown): step is PatchStep {
  if (!isObject(step)) return false;
  const { op, path, from } = step;
  return (
    typeof op === 'string' && typeof path === 'string' && (from === undefined || typeof from === 'string')
  );
}

function applyStep(root: JsonValue, { op, path: pointer, from: source, value }: PatchStep) {
  const path = readPointer(pointer);
  if (path === undefined) return undefined;
  switch (op) {
    case 'add':
      return value === undefined ? undefined : add(root, path, value);
    case 'replace':
      return value === undefined ? undefined : replace(root, path, value);
    case 'remove':
      return remove(root, path);
    case 'test':
      return isEqual(find(root, path), value) ? root : undefined;
    case 'copy':
    case 'move': {
      const from = readPointer(source);
      const found = from && find(root, from);
      if (from === undefined || found === undefined) return undefined;
      if (op === 'copy' || isEqual(from, path))
        return add(op === 'copy' ? root : (remove(root, from) ?? root), path, found);
      // Nothing can be moved into itself.
      const isInside = from.length < path.length && from.every((key, n) => key === path[n]);
      const rest = isInside ? undefined : remove(root, from);
      return rest === undefined ? undefined : add(rest, path, found);
    }
    default:
      return undefined;
  }
}

function find(root: JsonValue, path: Path): JsonValue | undefined {
  let found: JsonValue | undefined = root;
  for (const key of path) found = found === undefined ? undefined : childOf(found, key);
  return found;
}

function childOf(holder: JsonValue, key: string): JsonValue | undefined {
  if (isList(holder)) return holder[indexIn(holder, key) ?? -1];
  return isObject(holder) && Object.hasOwn(holder, key) ? holder[key] : undefined;
}

/** Makes something else of what holds the last key of a path. */
function edit(
  root: JsonValue,
  [key, ...rest]: Path,
  change: (holder: JsonValue, key: string) => JsonValue | undefined,
): JsonValue | undefined {
  if (key === undefined) return undefined;
  if (rest.length === 0) return change(root, key);
  const child = childOf(root, key);
  const changed = child === undefined ? undefined : edit(child, rest, change);
  return changed === undefined ? undefined : withChild(root, key, changed);
}

function add(root: JsonValue, path: Path, value: JsonValue): JsonValue | undefined {
  if (path.length === 0) return value;
  return edit(root, path, (holder, key) => {
    if (!isList(holder)) return withChild(holder, key, value);
    const isEnd = key === '-' || key === String(holder.length);
    const index = isEnd ? holder.length : indexIn(holder, key);
    return index === undefined ? undefined : holder.toSpliced(index, 0, value);
  });
}

function replace(root: JsonValue, path: Path, value: JsonValue): JsonValue | undefined {
  if (path.length === 0) return value;
  return edit(root, path, (holder, key) =>
    childOf(holder, key) === undefined ? undefined : withChild(holder, key, value),
  );
}

function remove(root: JsonValue, path: Path): JsonValue | undefined {
  return edit(root, path, (holder, key) => {
    if (childOf(holder, key) === undefined) return undefined;
    return isList(holder)
      ? holder.toSpliced(Number(key), 1)
      : Object.fromEntries(Object.entries(holder as object).filter(([name]) => name !== key));
  });
}

function withChild(holder: JsonValue, key: string, value: JsonValue): JsonValue | undefined {
  if (isList(holder)) return holder.with(Number(key), value);
  // A computed key defines its property, `__proto__` included.
  return isObject(holder) ? { ...holder, [key]: value } : undefined;
}

function isList(value: JsonValue): value is readonly JsonValue[] {
  return Array.isArray(value);
}

/** An index of a list as paths write it; undefined for what is none. */
function indexIn(list: readonly JsonValue[], key: string): number | undefined {
  return /^(0|[1-9]\d*)$/u.test(key) && Number(key) < list.length ? Number(key) : undefined;
}
