export { serve, type Gateway, type ServeOptions } from './serve.ts';
export type { Authenticate, Capabilities, CapabilityOperation, Identity } from './gateway/identity.ts';
export type { Clock } from './gateway/clock.ts';
export type { GatewayLimits } from './gateway/limits.ts';
export type { Logger } from './gateway/logger.ts';
