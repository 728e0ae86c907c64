import { styleText } from 'node:util';

type Style = Parameters<typeof styleText>[0];

const styles: Readonly<Record<string, Style>> = { error: 'red', warning: 'yellow', notice: 'yellow', group: 'bold' };

/** Prints text, with colours on a terminal. */
export class Terminal {
  private readonly write: (text: string) => void;
  private readonly colours: boolean;

  constructor(write: (text: string) => void, colours: boolean) {
    this.write = write;
    this.colours = colours;
  }

  printLine(text = ''): void {
    this.write(`${text}\n`);
  }

  printHeading(text: string): void {
    this.printLine(`\n${this.applyStyle(['bold', 'cyan'], text)}`);
  }

  /** Prints a log line of a step with a prefix; workflow commands determine its style. */
  printLogLine(text: string): void {
    const [, command = '', rest = ''] = /^##\[(\w+)\](.*)$/.exec(text) ?? ['', '', text];
    if (command === 'endgroup' || command === 'debug') return;
    this.printLine(this.applyStyle(styles[command] ?? 'dim', `  │ ${rest}`));
  }

  applyStyle(style: Style, text: string): string {
    return this.colours ? styleText(style, text, { validateStream: false }) : text;
  }
}
