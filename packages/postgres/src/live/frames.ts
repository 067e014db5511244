/** A notification's payload has 8000 bytes at most; this leaves room for what stands before the text. */
const PIECE = 7800;

/** Cuts a text into payloads: `<sender>.<number>.<piece>.<pieces>:<text>`. No two payloads of a sender are the same. */
export function cutFrame(sender: string, number: number, text: string): readonly string[] {
  // ASCII, so that characters are bytes.
  const ascii = text.replaceAll(
    /[\u007f-\uffff]/g,
    (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
  const count = Math.max(1, Math.ceil(ascii.length / PIECE));
  return Array.from(
    { length: count },
    (_, index) => `${sender}.${number}.${index}.${count}:${ascii.slice(index * PIECE, (index + 1) * PIECE)}`,
  );
}

/** Puts payloads together again: those of one frame come in order, and others' between them. */
export interface FrameReader {
  /** The text, with its last piece; undefined before it, and for a frame of which a piece is missing. */
  read(payload: string): { readonly sender: string; readonly text: string } | undefined;
}

export function createFrameReader(): FrameReader {
  const open = new Map<string, { number: string; text: string; next: number }>();
  return {
    read(payload) {
      const [, sender = '', number = '', piece = '', pieces = '', text = ''] =
        /^([^.]*)\.(\d+)\.(\d+)\.(\d+):(.*)$/s.exec(payload) ?? [];
      if (pieces === '1') return { sender, text };
      const before = open.get(sender);
      const frame = piece === '0' ? { number, text: '', next: 0 } : before;
      if (frame === undefined || frame.number !== number || frame.next !== Number(piece)) {
        open.delete(sender);
        return undefined;
      }
      frame.text += text;
      frame.next += 1;
      if (frame.next < Number(pieces)) {
        open.set(sender, frame);
        return undefined;
      }
      open.delete(sender);
      return { sender, text: frame.text };
    },
  };
}
