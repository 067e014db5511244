import { useState } from 'react';

interface ComposerProps {
  readonly isBusy: boolean;
  readonly onSend: (text: string) => void;
}

export function Composer({ isBusy, onSend }: ComposerProps) {
  const [text, setText] = useState('');
  return (
    <form
      className="composer"
      onSubmit={(event) => {
        event.preventDefault();
        if (text.trim() === '' || isBusy) return;
        onSend(text.trim());
        setText('');
      }}
    >
      <input
        name="question"
        value={text}
        onChange={(event) => setText(event.currentTarget.value)}
        placeholder="Why are there tides?"
        aria-label="Question"
        autoComplete="off"
      />
      <button type="submit" disabled={isBusy || text.trim() === ''}>
        Ask
      </button>
    </form>
  );
}
