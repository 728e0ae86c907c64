import { styleText } from 'node:util';

type Style = Parameters<typeof styleText>[0];

/** Prints for people: colours only where a terminal shows them. */
export class Terminal {
  readonly #write: (text: string) => void;
  readonly #colours: boolean;

  constructor(write: (text: string) => void, colours: boolean) {
    this.#write = write;
    this.#colours = colours;
  }

  line(text = ''): void {
    this.#write(`${text}\n`);
  }

  heading(text: string): void {
    this.line(`\n${this.styled(['bold', 'cyan'], text)}`);
  }

  /** A line of a step's own log, set off from ours; workflow commands as a runner shows them. */
  logLine(text: string): void {
    const [, command, rest = ''] = /^::(group|error|warning|notice)(?: [^:]*)?::(.*)$/.exec(text) ?? [];
    if (command === 'error') this.line(this.styled('red', `  │ ${rest}`));
    else if (command === 'group') this.line(this.styled('bold', `  │ ${rest}`));
    else if (command !== undefined) this.line(this.styled('yellow', `  │ ${rest}`));
    else if (!text.startsWith('::')) this.line(this.styled('dim', `  │ ${text}`));
  }

  styled(style: Style, text: string): string {
    return this.#colours ? styleText(style, text, { validateStream: false }) : text;
  }
}
