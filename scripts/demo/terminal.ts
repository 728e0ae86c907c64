import { styleText } from 'node:util';

type Style = Parameters<typeof styleText>[0];

const styles: Readonly<Record<string, Style>> = { error: 'red', warning: 'yellow', notice: 'yellow', group: 'bold' };

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

  /** A line of a step's own log, set off from ours; what a runner marks is shown as it shows it. */
  logLine(text: string): void {
    const [, mark = '', rest = ''] = /^##\[(\w+)\](.*)$/.exec(text) ?? ['', '', text];
    if (mark === 'endgroup' || mark === 'debug') return;
    this.line(this.styled(styles[mark] ?? 'dim', `  │ ${rest}`));
  }

  styled(style: Style, text: string): string {
    return this.#colours ? styleText(style, text, { validateStream: false }) : text;
  }
}
