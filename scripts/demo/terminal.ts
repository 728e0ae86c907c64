import { styleText } from 'node:util';

type Style = Parameters<typeof styleText>[0];

const styles: Readonly<Record<string, Style>> = { error: 'red', warning: 'yellow', notice: 'yellow', group: 'bold' };

/** Prints for people: colours only where a terminal shows them. */
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

  /** A line of a step's own log, set off from ours; what a runner marks is shown as it shows it. */
  printLogLine(text: string): void {
    const [, command = '', rest = ''] = /^##\[(\w+)\](.*)$/.exec(text) ?? ['', '', text];
    if (command === 'endgroup' || command === 'debug') return;
    this.printLine(this.applyStyle(styles[command] ?? 'dim', `  │ ${rest}`));
  }

  applyStyle(style: Style, text: string): string {
    return this.colours ? styleText(style, text, { validateStream: false }) : text;
  }
}
