/** A value that survives JSON. Strings may hold any UTF-16 code units, unpaired surrogates and U+0000 included. */
export type JsonValue =
  string | number | boolean | null | readonly JsonValue[] | { readonly [key: string]: JsonValue };
