declare module 'unbzip2-stream' {
  import type { Duplex } from 'node:stream';
  /** A stream that takes bzip2 and gives what was packed. */
  export default function unbzip2Stream(): Duplex;
}
