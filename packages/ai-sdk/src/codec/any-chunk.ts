/** A chunk as the codec handles it: any type, any fields. */
export type AnyChunk = { readonly type: string; readonly [field: string]: unknown };
