import { StringDecoder } from 'node:string_decoder';

/** Splits a stream of bytes into lines at CR, LF or CR LF, independent of chunk boundaries. */
export class LineSplitter {
  private readonly decoder = new StringDecoder('utf8');
  private readonly onLine: (line: string) => void;
  private remainder = '';

  constructor(onLine: (line: string) => void) {
    this.onLine = onLine;
  }

  write(chunk: Buffer): void {
    this.splitLines(this.remainder + this.decoder.write(chunk));
  }

  /** Emits the last line if it has no line end. */
  flush(): void {
    this.splitLines(this.remainder + this.decoder.end());
    if (this.remainder !== '') this.onLine(this.remainder.replace(/\r$/, ''));
    this.remainder = '';
  }

  /** A CR at the end of a chunk stays in the remainder: the next chunk may begin with LF. */
  private splitLines(content: string): void {
    const lines = content.split(/\r\n|\n|\r(?!$)/);
    this.remainder = lines.pop() ?? '';
    for (const line of lines) this.onLine(line);
  }
}
