import { StringDecoder } from 'node:string_decoder';

/** Cuts a stream of bytes into lines at CR, LF or CR LF, wherever the chunks end. */
export class LineSplitter {
  readonly #decoder = new StringDecoder('utf8');
  readonly #onLine: (line: string) => void;
  #rest = '';

  constructor(onLine: (line: string) => void) {
    this.#onLine = onLine;
  }

  take(chunk: Buffer): void {
    this.#cut(this.#rest + this.#decoder.write(chunk));
  }

  /** Gives the last line, if it did not end. */
  end(): void {
    this.#cut(this.#rest + this.#decoder.end());
    if (this.#rest !== '') this.#onLine(this.#rest.replace(/\r$/, ''));
    this.#rest = '';
  }

  /** A CR at the very end is kept back: the next chunk may begin with its LF. */
  #cut(text: string): void {
    const lines = text.split(/\r\n|\n|\r(?!$)/);
    this.#rest = lines.pop() ?? '';
    for (const line of lines) this.#onLine(line);
  }
}
