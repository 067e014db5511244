import { randomBytes } from 'node:crypto';
import { EVERYTHING, formatCapability, parseCapability, type Capability } from './capability.ts';
import { refusal } from '../protocol/errors.ts';

export interface Key {
  /** `appId.keyId` */
  readonly name: string;
  readonly secret: string;
  readonly capability: Capability;
  readonly app: App;
}

/** A set of channels with its own keys and rules. */
export interface App {
  readonly id: string;
  /** Whether messages of a channel can be changed and annotated after they were published. */
  readonly isMutable: (channel: string) => boolean;
}

export interface AppSpec {
  readonly id?: string;
  readonly keys: readonly {
    readonly name?: string;
    readonly secret?: string;
    readonly capability?: string;
  }[];
  /** Rules by namespace, the part of a channel's name before its first colon. Absent: every channel is mutable. */
  readonly namespaces?: Readonly<Record<string, { readonly mutableMessages?: boolean }>>;
}

export interface Apps {
  create(spec: AppSpec): { readonly app: App; readonly keys: readonly Key[] };
  /** False where there is no such app. */
  remove(id: string): boolean;
  key(name: string): Key | undefined;
}

export function createApps(): Apps {
  const keys = new Map<string, Key>();
  return {
    create({ id = randomId(6), keys: specs, namespaces }) {
      const app: App = {
        id,
        isMutable: (channel) =>
          namespaces === undefined || namespaces[namespaceOf(channel)]?.mutableMessages === true,
      };
      const made = specs.map(({ name, secret, capability }): Key => ({
        name: name ?? `${id}.${randomId(6)}`,
        secret: secret ?? randomId(24),
        capability: capability === undefined ? EVERYTHING : parseCapability(capability),
        app,
      }));
      for (const key of made) keys.set(key.name, key);
      return { app, keys: made };
    },
    remove(id) {
      const own = [...keys.values()].filter(({ app }) => app.id === id);
      for (const { name } of own) keys.delete(name);
      return own.length > 0;
    },
    key: (name) => keys.get(name),
  };
}

/** `appId.keyId:secret` in its parts. @throws AblyError */
export function parseKey(text: string): { readonly name: string; readonly secret: string } {
  const [, name, secret] = /^([^:]+\.[^:]+):(.+)$/.exec(text) ?? [];
  if (name === undefined || secret === undefined)
    throw refusal('invalidCredentials', 'A key is written appId.keyId:secret.');
  return { name, secret };
}

/** A key as the test suites of Ably's clients are told of it. */
export function describeKey({ name, secret, capability }: Key) {
  return {
    keyName: name,
    keySecret: secret,
    keyStr: `${name}:${secret}`,
    capability: formatCapability(capability),
  };
}

function namespaceOf(channel: string): string {
  const bare = channel.replace(/^\[[^\]]*\]/, '');
  const colon = bare.indexOf(':');
  return colon < 0 ? bare : bare.slice(0, colon);
}

function randomId(bytes: number): string {
  return randomBytes(bytes).toString('hex');
}
