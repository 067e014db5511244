/** What a step picks by. */
export interface Picks {
  /** Half of the steps are wild: they name anything. The others do as a session's parties would. */
  readonly wild: boolean;
  /** Numbers that pick: whom, which, what. */
  readonly picks: readonly number[];
}

/** What one step of a random log goes by. */
export interface Picker {
  readonly wild: boolean;
  /** A number below 12. */
  number(place: number): number;
  /** One of these; in a wild step of the second list, where one is given. */
  of<T>(place: number, items: readonly T[], wild?: readonly T[]): T | undefined;
}

export function createPicker({ wild, picks }: Picks): Picker {
  const number = (place: number): number => picks[place] ?? 0;
  return {
    wild,
    number,
    of(place, items, other = items) {
      const from = wild ? other : items;
      return from[number(place) % from.length];
    },
  };
}
