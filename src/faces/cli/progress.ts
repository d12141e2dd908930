import type { WriteStream } from 'node:tty';

/** A line on the terminal that says what is going on. */
export interface Progress {
  show(text: string): void;
  /** Takes the line away, before something else is printed. */
  clear(): void;
}

const EVERY_MS = 100;

/** One line that renews itself, at most ten times a second; silence where the output is no terminal. */
export function progressLine(stream: Pick<WriteStream, 'isTTY' | 'columns' | 'write'>): Progress {
  let shown = false;
  let last = 0;
  return {
    show(text) {
      const now = Date.now();
      if (!stream.isTTY || now - last < EVERY_MS) return;
      last = now;
      shown = true;
      const width = (stream.columns || 80) - 1;
      stream.write(`\r\u001b[2K${text.length > width ? `${text.slice(0, width - 1)}…` : text}`);
    },
    clear() {
      if (!shown) return;
      shown = false;
      stream.write('\r\u001b[2K');
    },
  };
}
