import { Counter, Gauge, Histogram, Registry } from 'prom-client';

/** What a gateway counts, in Prometheus' terms. */
export interface GatewayMetrics {
  readonly connections: Gauge;
  readonly subscriptions: Gauge;
  readonly bytes: Counter<'direction'>;
  readonly requests: Counter<'verb' | 'result'>;
  readonly publishSeconds: Histogram;
  readonly refusals: Counter<'code'>;
  readonly dropped: Counter;
  /** All of it, as text. */
  text(): Promise<string>;
  readonly contentType: string;
}

export function createGatewayMetrics(): GatewayMetrics {
  const registry = new Registry();
  const registers = [registry];
  return {
    connections: new Gauge({ name: 'holdfast_connections', help: 'Clients connected', registers }),
    subscriptions: new Gauge({ name: 'holdfast_subscriptions', help: 'Open subscriptions', registers }),
    bytes: new Counter({
      name: 'holdfast_bytes_total',
      help: 'Characters of frames received (in) and sent (out)',
      labelNames: ['direction'],
      registers,
    }),
    requests: new Counter({
      name: 'holdfast_requests_total',
      help: 'Requests by verb and result: ok, or the code of the error',
      labelNames: ['verb', 'result'],
      registers,
    }),
    publishSeconds: new Histogram({
      name: 'holdfast_publish_seconds',
      help: 'From a publish frame to its receipts',
      buckets: [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5],
      registers,
    }),
    refusals: new Counter({
      name: 'holdfast_connections_refused_total',
      help: 'Connections ended by the gateway, by reason',
      labelNames: ['code'],
      registers,
    }),
    dropped: new Counter({
      name: 'holdfast_slow_readers_total',
      help: 'How often a subscription fell behind and was told again from where it stood',
      registers,
    }),
    text: () => registry.metrics(),
    contentType: registry.contentType,
  };
}
