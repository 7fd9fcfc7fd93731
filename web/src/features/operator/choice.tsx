import { words } from "./words.ts";

const ANY = "";

interface Props<T extends string> {
  testId: string;
  label: string;
  value: T | null;
  choices: Readonly<Record<string, string>>;
  onChange: (value: T | null) => void;
}

/** One of some, or whatever it is. */
export function Choice<T extends string>({ testId, label, value, choices, onChange }: Props<T>) {
  return (
    <label>
      <span>{label}</span>
      <select value={value ?? ANY} onChange={(event) => onChange(event.currentTarget.value === ANY ? null : (event.currentTarget.value as T))} data-testid={testId}>
        <option value={ANY}>{words().any}</option>
        {Object.entries(choices).map(([one, text]) => (
          <option key={one} value={one}>
            {text}
          </option>
        ))}
      </select>
    </label>
  );
}
