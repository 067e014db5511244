import type { Fields, Shape } from './shape.ts';

// What the contract's own values look like on the wire. The types that follow from these shapes must be those of the
// contract: where they are not, the gateway or the client doesn't compile.

const HEADERS = { values: 'string' } as const satisfies Shape;
const CLAIMS = { values: 'json' } as const satisfies Shape;

export const DRAFT = {
  fields: { id: 'text', name: 'text', data: 'json', headers: { optional: HEADERS } },
} as const satisfies Shape;

const ANNOTATION_DRAFT = {
  by: 'action',
  cases: {
    add: {
      id: 'text',
      type: 'annotationType',
      name: { optional: 'string' },
      count: { optional: 'number' },
      data: { optional: 'json' },
    },
    remove: {
      id: 'text',
      type: 'annotationType',
      name: { optional: 'string' },
      /** Left out, it would be taken for a removal that makes sense. */
      count: { optional: 'none' },
    },
  },
} as const satisfies Shape;

export const OPERATION = {
  by: 'action',
  cases: {
    create: { draft: DRAFT, seals: { optional: 'serial' } },
    append: { serial: 'serial', data: 'string', offset: 'count' },
    update: {
      serial: 'serial',
      draft: { fields: { name: { optional: 'string' }, data: 'json', headers: { optional: HEADERS } } },
    },
    delete: { serial: 'serial' },
    annotate: { serial: 'serial', annotation: ANNOTATION_DRAFT },
  },
} as const satisfies Shape;

const AUTHOR = { clientId: { optional: 'string' }, claims: { optional: CLAIMS } } as const satisfies Fields;

export const SUMMARY = {
  fields: { version: 'version', types: { values: 'summary' } },
} as const satisfies Shape;

export const SIGNAL = {
  fields: { ...AUTHOR, id: 'string', name: 'string', data: 'json', headers: HEADERS, timestamp: 'number' },
} as const satisfies Shape;

export const MESSAGE = {
  fields: {
    ...SIGNAL.fields,
    serial: 'serial',
    version: 'version',
    deleted: { optional: 'true' },
    sealed: { optional: 'true' },
    annotations: { optional: SUMMARY },
  },
} as const satisfies Shape;

export const ANNOTATION = {
  fields: {
    action: { oneOf: ['add', 'remove'] },
    id: 'string',
    serial: 'serial',
    version: 'version',
    type: 'annotationType',
    name: { optional: 'string' },
    count: { optional: 'number' },
    data: { optional: 'json' },
    clientId: { optional: 'string' },
    timestamp: 'number',
  },
} as const satisfies Shape;

export const MEMBER = { fields: { ...AUTHOR, memberId: 'string', data: 'json' } } as const satisfies Shape;

export const PRESENCE_EVENT = {
  by: 'kind',
  cases: {
    sync: { members: { list: MEMBER } },
    enter: { member: MEMBER },
    update: { member: MEMBER },
    leave: { member: MEMBER, reason: { oneOf: ['left', 'lost'] } },
  },
} as const satisfies Shape;

export const FEATURES = {
  fields: {
    maxMessageBytes: 'count',
    checksOffsets: 'flag',
    seal: 'flag',
    operationsPerSecond: { optional: 'number' },
    presenceLeaseMs: 'number',
  },
} as const satisfies Shape;

/** A ChannelError as it travels. */
export const WIRE_ERROR = {
  fields: { code: 'code', message: 'string', path: { optional: 'string' } },
} as const satisfies Shape;
