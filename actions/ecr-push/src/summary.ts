import { durationText } from '@aws-delivery/action-kit/clock';
import { textOf } from '@aws-delivery/action-kit/error';
import { code, heading, list, type Markdown, md, page, raw, table } from '@aws-delivery/action-kit/markdown';
import type { Verdict } from '@aws-delivery/action-kit/run';
import type { Haul } from './pulling/haul.js';
import type { Delivery, Outcome, Result } from './result.js';
import { rateText, sizeText } from './size-text.js';
import { headlineOf } from './verdict.js';

const MARKS: Readonly<Record<Outcome['kind'], string>> = {
  unchanged: '✅ unchanged',
  pushed: '✅ pushed',
  kept: '⚠️ kept',
  present: '✅ there',
  pulled: '✅ pulled',
  absent: '➖ not there',
  failed: '❌ failed',
};

const haulText = ({ fetched, present, bytes }: Haul, took: number): string =>
  [
    fetched === 0 ? '' : `${fetched} fetched (${sizeText(bytes)}, ${rateText(bytes, took)})`,
    present === 0 ? '' : `${present} skipped`,
  ]
    .filter((part) => part !== '')
    .join(', ');

const trafficText = ({ outcome, took }: Delivery): string => {
  if (outcome.kind === 'pulled') return haulText(outcome.haul, took);
  if (outcome.kind !== 'pushed') return '';
  const { uploaded, mounted, present, bytes } = outcome.traffic;
  const parts = [
    uploaded === 0 ? '' : `${uploaded} uploaded (${sizeText(bytes)}, ${rateText(bytes, took)})`,
    mounted === 0 ? '' : `${mounted} mounted`,
    present === 0 ? '' : `${present} skipped`,
  ];
  return parts.filter((part) => part !== '').join(', ') || 'tags only';
};

const SCAN_MARKS = { passed: '✅', blocked: '⛔', unknown: '❔' } as const;

const scanCell = (delivery: Delivery, scan: Result['scan']): readonly string[] => {
  if (scan === undefined) return [];
  const scanned = scan.images.get(delivery);
  return [scanned === undefined ? '' : `${SCAN_MARKS[scanned.verdict]} ${scanned.text}`];
};

const rowOf = (delivery: Delivery, scan: Result['scan']): readonly (string | Markdown)[] => {
  const { order, login, outcome, took } = delivery;
  return [
    code(`${login.host}/${order.repository}`),
    order.tags.join(', '),
    raw(MARKS[outcome.kind]),
    'digest' in outcome ? code(outcome.digest) : '',
    ...scanCell(delivery, scan),
    trafficText(delivery),
    durationText(took),
  ];
};

const failures = ({ deliveries }: Result): Markdown => {
  const lines = deliveries.flatMap(({ order, login, outcome }) =>
    outcome.kind === 'failed' ? [md`${code(`${login.host}/${order.repository}`)}: ${textOf(outcome.error)}`] : [],
  );
  return lines.length === 0 ? raw('') : page(heading(3, 'What failed'), list(lines));
};

const referrers = ({ deliveries }: Result): Markdown => {
  const lines = deliveries.flatMap(({ order, login, outcome }) =>
    'attached' in outcome
      ? (outcome.attached ?? []).map(
          ({ path, artifactType, digest }) =>
            md`${code(path)} (${artifactType}) refers to ${code(`${login.host}/${order.repository}`)} as ${code(digest)}`,
        )
      : [],
  );
  return lines.length === 0 ? raw('') : page(heading(3, 'Referrers'), list(lines));
};

/** The job summary: verdict, and what became of each image. */
export const summaryOf = (result: Result, verdict: Verdict): Markdown => {
  const mark = verdict.kind === 'passed' ? '✅' : '❌';
  const title = heading(2, md`${raw(mark)} ECR: ${headlineOf(result)}`);
  if (result.deliveries.length === 0) return title;
  const { deliveries, scan } = result;
  const scanned = scan === undefined ? [] : ['scan'];
  const header = ['repository', 'tags', 'result', 'digest', ...scanned, 'layers', 'time'];
  const rows = deliveries.map((delivery) => rowOf(delivery, scan));
  return page(title, table({ header, rows }), failures(result), referrers(result), scan?.summary ?? raw(''));
};
