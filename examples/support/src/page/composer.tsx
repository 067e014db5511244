import { useState } from 'react';

interface ComposerProps {
  readonly label: string;
  readonly placeholder: string;
  readonly disabled?: boolean;
  readonly button?: string;
  readonly onSend: (text: string) => void;
}

export function Composer({ label, placeholder, disabled = false, button = 'Send', onSend }: ComposerProps) {
  const [text, setText] = useState('');
  const said = text.trim();
  return (
    <form
      className="composer"
      onSubmit={(event) => {
        event.preventDefault();
        if (said === '' || disabled) return;
        onSend(said);
        setText('');
      }}
    >
      <input
        value={text}
        onChange={(event) => setText(event.currentTarget.value)}
        placeholder={placeholder}
        aria-label={label}
        autoComplete="off"
        disabled={disabled}
      />
      <button type="submit" disabled={disabled || said === ''}>
        {button}
      </button>
    </form>
  );
}
