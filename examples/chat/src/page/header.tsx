import type { CSSProperties } from 'react';
import type { Participant, SessionSnapshot } from '@holdfast/core';

interface HeaderProps {
  readonly snapshot: SessionSnapshot;
  readonly name: string;
  readonly connected: boolean;
  readonly onConnect: (connected: boolean) => void;
  readonly compact: boolean;
}

/** Whose session this is, who is here, and the switch that cuts this device's network. */
export function Header({ snapshot, name, connected, onConnect, compact }: HeaderProps) {
  return (
    <header>
      {!compact && (
        <div className="brand">
          <span className="mark" aria-hidden="true" />
          <div>
            <h1>Holdfast</h1>
            <p>
              session <code>{name}</code>
            </p>
          </div>
        </div>
      )}
      <ul className="people" aria-label="Who is here">
        {snapshot.participants.map((participant) => (
          <Person key={participant.memberId} participant={participant} />
        ))}
      </ul>
      <label className="network" data-connected={connected}>
        <input
          type="checkbox"
          role="switch"
          checked={connected}
          onChange={(event) => onConnect(event.currentTarget.checked)}
          aria-label="This device's network"
        />
        <span>{connected ? (snapshot.status === 'live' ? 'Online' : 'Connecting') : 'Network cut'}</span>
      </label>
    </header>
  );
}

function Person({ participant }: { readonly participant: Participant }) {
  const name = participant.role === 'agent' ? 'Assistant' : (participant.clientId ?? 'Somebody');
  const device = deviceOf(participant);
  const color = { '--hue': hueOf(name) } as CSSProperties;
  return (
    <li
      title={device === undefined ? name : `${name} (${device})`}
      data-role={participant.role}
      style={color}
    >
      {participant.role === 'agent' ? '✦' : name.slice(0, 1)}
      {device === 'phone' && <i aria-hidden="true" />}
    </li>
  );
}

function deviceOf({ data }: Participant): string | undefined {
  if (typeof data !== 'object' || data === null || !('device' in data)) return undefined;
  return typeof data.device === 'string' ? data.device : undefined;
}

function hueOf(label: string): number {
  return [...label].reduce((hue, letter) => (hue * 7 + (letter.codePointAt(0) ?? 0)) % 360, 11);
}
