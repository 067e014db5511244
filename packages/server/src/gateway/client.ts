import { ChannelError, isChannelError } from '@holdfast/channel';
import { createEngineChannels } from '@holdfast/channel/engine';
import { encodeError, parseUp, type Up, type UpFrame } from '@holdfast/websocket/wire';
import type { IncomingMessage } from 'node:http';
import { isDeepStrictEqual } from 'node:util';
import { argumentPath } from './argument-path.ts';
import type { Client, GatewayContext } from './context.ts';
import { expired, type FarewellAction } from './farewell.ts';
import { createFollowing } from './following.ts';
import type { Identity } from './identity.ts';
import { createLines } from './lines.ts';
import { createMembership } from './membership.ts';
import type { Outlet } from './outlet.ts';
import type { Pipe } from './pipe.ts';
import { createReading } from './reading.ts';
import { serveRequest, type ChannelRequest, type Desk, type Reply } from './requests.ts';

export interface ClientOptions {
  readonly context: GatewayContext;
  readonly pipe: Pick<Pipe, 'close' | 'destroy'>;
  readonly outlet: Outlet;
  /** How the client came, for `authenticate`. */
  readonly request: IncomingMessage;
  readonly identity: Identity;
  readonly connectionId: string;
  readonly rollupMs: number;
}

/** A client that leaves this many pings unanswered is gone. */
const MAX_SILENT_BEATS = 2;

export function openClient(options: ClientOptions): Client {
  const { context, pipe, outlet, request, connectionId, rollupMs } = options;
  const { engine, limits, clock, logger, metrics } = context;
  let { identity } = options;
  const { clientId, claims } = identity;
  const author = { ...(clientId !== undefined && { clientId }), ...(claims !== undefined && { claims }) };
  const channels = createEngineChannels(engine, { ...author, connectionId });
  const { presenceBytes } = limits;
  const desk: Desk = {
    lines: createLines({
      engine,
      channels,
      identity: () => identity,
      limits,
      clock,
      waking: context.waking,
    }),
    following: createFollowing({ outlet, rollupMs, clock, limits, metrics }),
    membership: createMembership({ engine, author, memberId: connectionId, clock, presenceBytes }),
    reading: createReading(outlet),
    pageBytes: limits.bufferedBytes,
  };
  let open = true;
  let waiting = 0;
  let onIdle: (() => void)[] = [];
  let silentBeats = 0;
  let stopExpiry = (): void => {};

  const beat = (): (() => void) =>
    clock.after(context.heartbeatMs, () => {
      silentBeats += 1;
      if (silentBeats > MAX_SILENT_BEATS) return pipe.destroy();
      outlet.send(['ping']);
      stopBeat = beat();
    });
  let stopBeat = beat();

  const finish = (left: boolean): void => {
    if (!open) return;
    open = false;
    stopBeat();
    stopExpiry();
    metrics.connections.dec();
    desk.following.close();
    Promise.all([channels.close(), desk.membership.close(left)]).catch((error: unknown) =>
      logger.warn({ err: error, connectionId }, 'a connection could not be tidied up'),
    );
  };

  const farewell = (action: FarewellAction, error: unknown): void => {
    if (!open) return;
    const words = encodeError(error);
    metrics.refusals.inc({ code: words.code });
    outlet.send(['bye', action, words]);
    pipe.close();
    finish(false);
  };

  const scheduleExpiry = (): number | undefined => {
    stopExpiry();
    if (identity.expires === undefined) return undefined;
    const left = Math.max(0, identity.expires - clock.now());
    stopExpiry = clock.after(left, () => farewell('renew', expired()));
    return left;
  };

  const renew = async ([, id, token]: Up<'token'>): Promise<Reply> => {
    const next = await context.authenticate(token, request);
    if (next.clientId !== clientId || !isDeepStrictEqual(next.claims, claims)) {
      const error = new ChannelError(
        'forbidden',
        'A fresh token must be for the same client with the same claims.',
      );
      farewell('stop', error);
      throw error;
    }
    identity = next;
    desk.following.recheck(next);
    const left = scheduleExpiry();
    return left === undefined ? ['renewed', id] : ['renewed', id, left];
  };

  const answer = async (frame: ChannelRequest | Up<'token'>): Promise<void> => {
    const [verb, id] = frame;
    const started = performance.now();
    waiting += 1;
    try {
      if (waiting > limits.requests)
        throw new ChannelError(
          'rate_limited',
          `More than ${limits.requests} requests wait for their answers.`,
        );
      const reply = await (frame[0] === 'token' ? renew(frame) : serveRequest(frame, desk));
      metrics.requests.inc({ verb, result: 'ok' });
      if (verb === 'publish') metrics.publishSeconds.observe((performance.now() - started) / 1000);
      if (open) outlet.send(reply);
    } catch (error) {
      if (!isChannelError(error)) logger.error({ err: error, verb, connectionId }, 'a request failed');
      const words = encodeError(error);
      metrics.requests.inc({ verb, result: words.code });
      if (open) outlet.send(['refused', id, words]);
    } finally {
      waiting -= 1;
      if (waiting === 0) {
        for (const resolve of onIdle) resolve();
        onIdle = [];
      }
    }
  };

  const handle = (frame: UpFrame): void => {
    switch (frame[0]) {
      case 'hello':
        return farewell('stop', new ChannelError('invalid', 'hello: said twice', { path: 'hello' }));
      case 'channel':
        return desk.lines.declare(frame[1], frame[2]);
      case 'end':
        return desk.following.end(frame[1]);
      case 'pong':
        return;
      case 'bye':
        pipe.close();
        return finish(true);
      default:
        return void answer(frame);
    }
  };

  metrics.connections.inc();
  return {
    expiresInMs: scheduleExpiry(),
    received(text) {
      if (!open) return;
      silentBeats = 0;
      const parsed = parseUp(text);
      if (parsed.ok) return handle(parsed.frame);
      const { message, id } = parsed;
      const path = argumentPath(parsed.path);
      const error = new ChannelError('invalid', `${path}: ${message}`, { path });
      if (id === undefined) farewell('stop', error);
      else outlet.send(['refused', id, encodeError(error)]);
    },
    farewell,
    supersede() {
      finish(false);
      pipe.destroy();
    },
    idle: () => (waiting === 0 ? Promise.resolve() : new Promise((resolve) => onIdle.push(resolve))),
    finish,
  };
}
