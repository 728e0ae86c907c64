import type { CallRecord } from '@aws-delivery/local-aws/call-log';
import { countCalls, isDenied, listUncheckedTypes } from './call-count.js';
import type { Terminal } from './terminal.js';
import type { WorkflowRun } from './workflow-run.js';

const formatSeconds = (milliseconds: number): string => `${(milliseconds / 1000).toFixed(1)} s`.padStart(7);

const BAR_WIDTH = 40;

/** Prints the steps as bars on a common time axis. */
export const printSteps = (terminal: Terminal, { steps }: WorkflowRun): void => {
  const from = Math.min(...steps.map(({ start }) => start));
  const whole = Math.max(1, Math.max(...steps.map(({ end }) => end)) - from);
  const toColumn = (moment: number): number => Math.round(((moment - from) / whole) * BAR_WIDTH);
  const width = Math.max(...steps.map(({ name }) => name.length));
  terminal.printLine();
  for (const { name, start, end, conclusion } of steps) {
    const bar = ' '.repeat(toColumn(start)) + '█'.repeat(Math.max(1, toColumn(end) - toColumn(start)));
    const good = conclusion === 'success';
    const verdict = terminal.applyStyle(good ? 'green' : 'red', good ? 'passed' : 'failed');
    terminal.printLine(
      `  ${name.padEnd(width)} ${formatSeconds(end - start)}  ${bar.padEnd(BAR_WIDTH + 1)} ${verdict}`,
    );
  }
};

/** Prints the number of calls per operation and service, and of denied calls. */
export const printCalls = (terminal: Terminal, calls: readonly CallRecord[]): void => {
  for (const { service, operations } of countCalls(calls)) {
    const texts = operations.map(({ operation, count }) => (count === 1 ? operation : `${operation} ×${count}`));
    terminal.printLine(`  ${service}: ${texts.join(', ')}`);
  }
  terminal.printLine(`  ${calls.length} calls, ${calls.filter(isDenied).length} denied`);
  const unchecked = listUncheckedTypes(calls);
  if (unchecked.length > 0) terminal.printLine(`  permissions not checked: ${unchecked.join(', ')}`);
};
