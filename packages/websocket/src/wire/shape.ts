import type { Scalar, ScalarName } from './scalars.ts';

/**
 * What a value of the protocol must be, as data: the parser, the types and the fingerprint all come from it.
 *
 * `fields` is an object with these fields, `values` one with any keys, `by` a union that one field decides; `optional`
 * may stand for a field of an object or for the last elements of a tuple.
 */
export type Shape =
  | ScalarName
  | { readonly list: Shape }
  | { readonly tuple: Tuple }
  | { readonly values: Shape }
  | { readonly fields: Fields }
  | { readonly by: string; readonly cases: Readonly<Record<string, Fields>> }
  | { readonly oneOf: readonly string[] };

export interface Optional {
  readonly optional: Shape;
}
export type Field = Shape | Optional;
export type Tuple = readonly Field[];
export interface Fields {
  readonly [name: string]: Field;
}

/** The type of the values that a shape lets through. */
export type TypeOf<S> = S extends ScalarName
  ? Scalar<S>
  : S extends { readonly list: infer Each }
    ? readonly TypeOf<Each>[]
    : S extends { readonly tuple: infer Each extends Tuple }
      ? TypesOf<Each>
      : S extends { readonly values: infer Each }
        ? Readonly<Record<string, TypeOf<Each>>>
        : S extends { readonly by: infer Tag extends string; readonly cases: infer Cases }
          ? {
              [Case in keyof Cases]: Flat<{ readonly [T in Tag]: Case } & ObjectOf<Cases[Case]>>;
            }[keyof Cases]
          : S extends { readonly oneOf: readonly (infer Name)[] }
            ? Name
            : S extends { readonly fields: infer F }
              ? Flat<ObjectOf<F>>
              : never;

/** The type of a tuple, its optional elements included. */
export type TypesOf<T extends Tuple> = T extends readonly [infer Head, ...infer Tail extends Tuple]
  ? Head extends { readonly optional: infer S }
    ? readonly [TypeOf<S>?, ...TypesOf<Tail>]
    : readonly [TypeOf<Head>, ...TypesOf<Tail>]
  : readonly [];

type ObjectOf<F> = {
  readonly [Name in keyof F as F[Name] extends Optional ? never : Name]: TypeOf<F[Name]>;
} & {
  readonly [Name in keyof F as F[Name] extends Optional ? Name : never]?: F[Name] extends {
    readonly optional: infer S;
  }
    ? TypeOf<S>
    : never;
};

type Flat<T> = { [Key in keyof T]: T[Key] };
