interface AmountFieldsProps {
  /** The arguments that were proposed. */
  readonly input: unknown;
  /** Those that were changed. */
  readonly amounts: Readonly<Record<string, number>>;
  readonly onChange: (amounts: Readonly<Record<string, number>>) => void;
}

/** A field for each number among a call's arguments: who approves may say another one. */
export function AmountFields({ input, amounts, onChange }: AmountFieldsProps) {
  return entriesOf(input).map(([name, value]) =>
    typeof value !== 'number' ? null : (
      <label key={name} className="amount">
        {name}
        <input
          type="number"
          min="0"
          value={amounts[name] ?? value}
          onChange={({ currentTarget }) => onChange({ ...amounts, [name]: currentTarget.valueAsNumber })}
        />
      </label>
    ),
  );
}

/** In words: `euros 40 → 25`. */
export function changesOf(proposed: unknown, now: unknown): string {
  const after = new Map(entriesOf(now));
  return entriesOf(proposed)
    .filter(([name, value]) => after.get(name) !== value)
    .map(([name, value]) => `${name} ${String(value)} → ${String(after.get(name))}`)
    .join(', ');
}

function entriesOf(value: unknown): readonly (readonly [string, unknown])[] {
  return typeof value === 'object' && value !== null ? Object.entries(value) : [];
}
