import { EMULATOR_KEY } from './ably-address.ts';

type Env = Readonly<Record<string, string>>;

export type ChannelsName = 'gateway' | 'ably';

/** What the example is made of when its sessions are on one kind of channels. The rest of it doesn't know the difference. */
export interface Setting {
  readonly label: string;
  /** The process that serves sessions or signs tokens for them, and what it prints when it is ready. */
  readonly server: { readonly file: string; readonly env: Env; readonly ready: string };
  /** What the agent's process has to be told. */
  readonly agent: Env;
  /** What the page's build has to be told. */
  readonly page: Env;
  /** Where tokens are signed. */
  readonly backend: string;
  /** Where the Ably emulator is, if there is one. */
  readonly emulator?: string;
  /**
   * When a server dies that has stored an append and not said so, the Ably client sends it again to the next one: its text
   * shows twice until the adapter has said the whole again.
   */
  readonly repeats: boolean;
}

export interface SettingOptions {
  readonly port: number;
  /** The emulator's. Not used where sessions are elsewhere. */
  readonly emulatorPort: number;
  /** Those that the agent attends where nobody wakes it: over Ably. */
  readonly sessions: readonly string[];
  /** The key of an app at Ably; the emulator is started where there is none. */
  readonly ablyKey?: string | undefined;
}

export function chooseSetting(
  name: ChannelsName,
  { port, emulatorPort, sessions, ablyKey }: SettingOptions,
): Setting {
  const backend = `http://127.0.0.1:${port}`;
  if (name === 'gateway')
    return {
      label: 'gateway',
      server: { file: 'src/gateway.ts', env: { PORT: String(port) }, ready: 'gateway:' },
      agent: { GATEWAY_URL: `ws://127.0.0.1:${port}/holdfast`, ABLY_API_KEY: '', SESSIONS: '' },
      page: { GATEWAY_URL: backend },
      backend,
      repeats: false,
    };
  const emulator = ablyKey === undefined ? `127.0.0.1:${emulatorPort}` : undefined;
  const ably = {
    ABLY_API_KEY: ablyKey ?? EMULATOR_KEY,
    ...(emulator !== undefined && { ABLY_EMULATOR: emulator }),
  };
  return {
    label: emulator === undefined ? 'Ably' : 'Ably emulator',
    server: { file: 'src/ably.ts', env: { ...ably, PORT: String(port) }, ready: 'ably:' },
    agent: { ...ably, SESSIONS: sessions.join(',') },
    page: { GATEWAY_URL: backend, VITE_ABLY: emulator ?? '' },
    backend,
    repeats: true,
    ...(emulator !== undefined && { emulator }),
  };
}

/** @throws TypeError for a name that no channels have */
export function readChannelsName(name: string): ChannelsName {
  if (name === 'gateway' || name === 'ably') return name;
  throw new TypeError(`There are no channels ${JSON.stringify(name)}: gateway, ably`);
}
