import WebSocket from 'ws';

/** What went over one client's sockets, and a valve for what comes in. */
export interface Wiretap {
  readonly WebSocket: typeof WebSocket;
  /** Frames that the client sent, as text. */
  readonly sent: string[];
  /** Frames that it received, as text. */
  readonly received: string[];
  /** Holds back whatever comes in until the returned function is called. */
  hold(): () => void;
}

export function createWiretap(): Wiretap {
  const sent: string[] = [];
  const received: string[] = [];
  let held: (() => void)[] | undefined;

  class TappedWebSocket extends WebSocket {
    override send(data: string): void {
      sent.push(data);
      super.send(data);
    }
    override emit(event: string | symbol, ...parameters: unknown[]): boolean {
      if (event !== 'message') return super.emit(event, ...parameters);
      const deliver = (): boolean => {
        received.push(String(parameters[0]));
        return super.emit(event, ...parameters);
      };
      if (held === undefined) return deliver();
      held.push(deliver);
      return true;
    }
  }

  return {
    WebSocket: TappedWebSocket,
    sent,
    received,
    hold() {
      held = [];
      return () => {
        const waiting = held ?? [];
        held = undefined;
        for (const deliver of waiting) deliver();
      };
    },
  };
}
