import { StringDecoder } from 'node:string_decoder';

/** Cuts a stream of bytes into lines at CR, LF or CR LF, wherever the chunks end. */
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

  /** Gives the last line, if it did not end. */
  flush(): void {
    this.splitLines(this.remainder + this.decoder.end());
    if (this.remainder !== '') this.onLine(this.remainder.replace(/\r$/, ''));
    this.remainder = '';
  }

  /** A CR at the very end is kept back: the next chunk may begin with its LF. */
  private splitLines(content: string): void {
    const lines = content.split(/\r\n|\n|\r(?!$)/);
    this.remainder = lines.pop() ?? '';
    for (const line of lines) this.onLine(line);
  }
}
