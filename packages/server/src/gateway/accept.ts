import { ChannelError, isChannelError, type ChannelFeatures } from '@holdfast/channel';
import { encodeError, parseUp, WIRE_VERSION, type Up } from '@holdfast/websocket/wire';
import { createHash } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { openClient } from './client.ts';
import type { Client, GatewayContext } from './context.ts';
import { actionAfter, expired, type FarewellAction } from './farewell.ts';
import { createOutlet } from './outlet.ts';
import type { Pipe, PipeEvents } from './pipe.ts';

const MAX_ROLLUP_MS = 500;
const MIN_KEY = 16;

/** Waits at a new connection for its hello, and lets the client in or not. */
export function acceptClient(
  context: GatewayContext,
  request: IncomingMessage,
  connect: (events: PipeEvents) => Pipe,
): void {
  const { clock, limits, metrics, logger, clients } = context;
  let client: Client | undefined;
  let connectionId = '';
  let greeted = false;
  let closed = false;

  const pipe = connect({
    received(text) {
      metrics.bytes.inc({ direction: 'in' }, text.length);
      if (client !== undefined) client.received(text);
      else if (!closed) greet(text);
    },
    drained: () => outlet.drained(),
    closed(left) {
      closed = true;
      stopWaiting();
      client?.finish(left);
      if (client !== undefined && clients.get(connectionId) === client) clients.delete(connectionId);
    },
  });
  const outlet = createOutlet({
    pipe,
    bufferedBytes: limits.bufferedBytes,
    overflowed: () => pipe.destroy(),
    sent: (bytes) => metrics.bytes.inc({ direction: 'out' }, bytes),
  });
  const stopWaiting = clock.after(limits.helloMs, () =>
    refuse('retry', new ChannelError('unavailable', 'The client said no hello in time.')),
  );

  const refuse = (action: FarewellAction, error: unknown): void => {
    if (closed) return;
    closed = true;
    stopWaiting();
    const words = encodeError(error);
    metrics.refusals.inc({ code: words.code });
    outlet.send(['bye', action, words]);
    pipe.close();
  };

  const greet = (text: string): void => {
    const parsed = parseUp(text);
    if (greeted || !parsed.ok || parsed.frame[0] !== 'hello')
      return refuse(
        'stop',
        new ChannelError('invalid', 'The first frame must be a hello, and the next waits for the welcome.'),
      );
    greeted = true;
    admit(parsed.frame).catch((error: unknown) => {
      if (!isChannelError(error)) logger.error({ err: error }, 'a client could not be let in');
      refuse(actionAfter(error), error);
    });
  };

  const admit = async ([, version, { key, token, rollupMs }]: Up<'hello'>): Promise<void> => {
    if (version !== WIRE_VERSION)
      throw new ChannelError(
        'unsupported',
        `This gateway speaks version ${WIRE_VERSION}, the client ${version}.`,
      );
    if (key.length < MIN_KEY)
      throw new ChannelError('invalid', `hello.key: must have at least ${MIN_KEY} characters`, {
        path: 'hello.key',
      });
    const identity = await context.authenticate(token, request);
    if (identity.expires !== undefined && identity.expires <= clock.now()) throw expired();
    if (closed) return;
    stopWaiting();
    connectionId = nameConnection(identity.clientId, key);
    // The same client on a new connection: whatever is left of the old one must not come after it.
    clients.get(connectionId)?.supersede();
    const opened = openClient({
      context,
      pipe,
      outlet,
      request,
      identity,
      connectionId,
      rollupMs: Math.min(rollupMs, MAX_ROLLUP_MS),
    });
    client = opened;
    clients.set(connectionId, opened);
    const { clientId } = identity;
    const { expiresInMs } = opened;
    outlet.send([
      'welcome',
      {
        connectionId,
        ...(clientId !== undefined && { clientId }),
        features: featuresOf(context),
        heartbeatMs: context.heartbeatMs,
        maxFrameBytes: limits.frameBytes,
        ...(expiresInMs !== undefined && { expiresInMs }),
      },
    ]);
  };
}

/** The same on every gateway for the same client with the same key, and nobody else can have it. */
function nameConnection(clientId: string | undefined, key: string): string {
  const identity = JSON.stringify([clientId ?? null, key]);
  return createHash('sha256').update(identity).digest('base64url').slice(0, 22);
}

function featuresOf({ engine, limits }: GatewayContext): ChannelFeatures {
  const operationsPerSecond = Math.min(
    engine.features.operationsPerSecond ?? Infinity,
    limits.operationsPerSecond,
  );
  return { ...engine.features, ...(operationsPerSecond < Infinity && { operationsPerSecond }) };
}
