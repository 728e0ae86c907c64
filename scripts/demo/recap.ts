import type { CallRecord } from '@aws-delivery/local-aws/journal';
import type { Delivery } from './delivery.js';
import type { Terminal } from './terminal.js';

const seconds = (milliseconds: number): string => `${(milliseconds / 1000).toFixed(1)} s`.padStart(7);

const barWidth = 40;

/** The steps of a delivery as bars on a common line of time. */
export const printStages = (terminal: Terminal, { stages }: Delivery): void => {
  const from = Math.min(...stages.map(({ start }) => start));
  const whole = Math.max(1, Math.max(...stages.map(({ end }) => end)) - from);
  const column = (moment: number): number => Math.round(((moment - from) / whole) * barWidth);
  const width = Math.max(...stages.map(({ name }) => name.length));
  terminal.line();
  for (const { name, start, end, conclusion } of stages) {
    const bar = ' '.repeat(column(start)) + '█'.repeat(Math.max(1, column(end) - column(start)));
    const good = conclusion === 'success';
    const verdict = terminal.styled(good ? 'green' : 'red', good ? 'passed' : 'failed');
    terminal.line(`  ${name.padEnd(width)} ${seconds(end - start)}  ${bar.padEnd(barWidth + 1)} ${verdict}`);
  }
};

/** How often each operation was called, by service, and what was refused. */
export const printCalls = (terminal: Terminal, calls: readonly CallRecord[]): void => {
  const own = calls.filter(({ via }) => via === undefined);
  for (const service of new Set(own.map((call) => call.service))) {
    const counts = new Map<string, number>();
    for (const { operation } of own.filter((call) => call.service === service)) {
      counts.set(operation, (counts.get(operation) ?? 0) + 1);
    }
    const texts = [...counts].map(([operation, count]) => (count === 1 ? operation : `${operation} ×${count}`));
    terminal.line(`  ${service}: ${texts.join(', ')}`);
  }
  const refused = own.filter(({ verdict, error }) => verdict === 'denied' || error === 'AccessDenied');
  terminal.line(`  ${own.length} calls, ${refused.length} refused`);
};
