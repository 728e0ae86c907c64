import type { CallRecord } from '@aws-delivery/local-aws/journal';
import { callCounts, isRefused } from './call-count.js';
import type { Delivery } from './delivery.js';
import type { Terminal } from './terminal.js';

const seconds = (milliseconds: number): string => `${(milliseconds / 1000).toFixed(1)} s`.padStart(7);

const barWidth = 40;

/** The steps of a delivery as bars on a common line of time. */
export const printSteps = (terminal: Terminal, { steps }: Delivery): void => {
  const from = Math.min(...steps.map(({ start }) => start));
  const whole = Math.max(1, Math.max(...steps.map(({ end }) => end)) - from);
  const column = (moment: number): number => Math.round(((moment - from) / whole) * barWidth);
  const width = Math.max(...steps.map(({ name }) => name.length));
  terminal.line();
  for (const { name, start, end, conclusion } of steps) {
    const bar = ' '.repeat(column(start)) + '█'.repeat(Math.max(1, column(end) - column(start)));
    const good = conclusion === 'success';
    const verdict = terminal.styled(good ? 'green' : 'red', good ? 'passed' : 'failed');
    terminal.line(`  ${name.padEnd(width)} ${seconds(end - start)}  ${bar.padEnd(barWidth + 1)} ${verdict}`);
  }
};

/** How often each operation was called, by service, and what was refused. */
export const printCalls = (terminal: Terminal, calls: readonly CallRecord[]): void => {
  for (const { service, operations } of callCounts(calls)) {
    const texts = operations.map(({ operation, count }) => (count === 1 ? operation : `${operation} ×${count}`));
    terminal.line(`  ${service}: ${texts.join(', ')}`);
  }
  terminal.line(`  ${calls.length} calls, ${calls.filter(isRefused).length} refused`);
};
