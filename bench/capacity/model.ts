/** What one of each costs. CPU in milliseconds, memory in bytes. */
export interface Costs {
  readonly redis: {
    readonly memory: {
      readonly session: number;
      readonly message: number;
      readonly character: number;
      /** A session that some gateway follows, for each such gateway. */
      readonly followed: number;
      readonly present: number;
    };
    readonly cpu: {
      readonly append: number;
      /** For each gateway that follows the session, beyond the first. */
      readonly published: number;
      /** One comparison of a followed session in which nothing happens. */
      readonly check: number;
      /** One renewal of somebody's presence. */
      readonly renewal: number;
      /** One session opened: subscribed, its newest page read. */
      readonly arrival: number;
      /** Somebody who arrives is present, beyond that. */
      readonly entry: number;
    };
  };
  readonly gateway: {
    readonly memory: {
      /** A viewer: its connection and the session that it follows. */
      readonly viewer: number;
    };
    readonly cpu: {
      /** An append that comes from an agent, its receipt and its echo. */
      readonly append: number;
      /** An append that is heard from Redis. */
      readonly heard: number;
      /** A frame that goes down to a viewer. */
      readonly frame: number;
      /** One ping and one comparison with Redis of a viewer's session. */
      readonly check: number;
      readonly renewal: number;
      readonly arrival: number;
      readonly entry: number;
    };
  };
}

/** What is asked of a cluster. */
export interface Load {
  readonly sessions: number;
  readonly messages: number;
  readonly characters: number;
  readonly viewers: number;
  /** Of the viewers. */
  readonly present: number;
  /** Seconds between comparisons with Redis, and between renewals of presence. */
  readonly checkSeconds: number;
  readonly renewalSeconds: number;
  /** Of all runs together. */
  readonly appendsPerSecond: number;
  /** Gateways, on average, that follow a session in which somebody answers; the agent's own is one of them. */
  readonly gatewaysPerRun: number;
  readonly framesPerSecond: number;
  readonly arrivalsPerSecond: number;
  /** Of the arrivals. */
  readonly entriesPerSecond: number;
}

/** What it takes. CPU in cores, all gateways together. */
export interface Need {
  readonly redisBytes: number;
  readonly redisCores: number;
  readonly gatewayBytes: number;
  readonly gatewayCores: number;
}

export function need(costs: Costs, load: Load): Need {
  const { redis, gateway } = costs;
  const checks = load.viewers / load.checkSeconds;
  const renewals = load.present / load.renewalSeconds;
  const heard = load.appendsPerSecond * (load.gatewaysPerRun - 1);
  return {
    redisBytes:
      load.sessions * redis.memory.session +
      load.messages * redis.memory.message +
      load.characters * redis.memory.character +
      load.viewers * redis.memory.followed +
      load.present * redis.memory.present,
    redisCores:
      (load.appendsPerSecond * redis.cpu.append +
        heard * redis.cpu.published +
        checks * redis.cpu.check +
        renewals * redis.cpu.renewal +
        load.arrivalsPerSecond * redis.cpu.arrival +
        load.entriesPerSecond * redis.cpu.entry) /
      1000,
    gatewayBytes: load.viewers * gateway.memory.viewer,
    gatewayCores:
      (load.appendsPerSecond * gateway.cpu.append +
        heard * gateway.cpu.heard +
        load.framesPerSecond * gateway.cpu.frame +
        checks * gateway.cpu.check +
        renewals * gateway.cpu.renewal +
        load.arrivalsPerSecond * gateway.cpu.arrival +
        load.entriesPerSecond * gateway.cpu.entry) /
      1000,
  };
}
