import {
  factsOf,
  type Mode,
  modes,
  type Rule,
  recoveryTable,
  type Situation,
  type Status,
  type Step,
  statusFacts,
} from './situation.js';

const situations = Object.keys(recoveryTable) as readonly Situation[];

const titles: Readonly<Record<Situation, string>> = {
  absent: 'absent',
  reviewing: 'under review',
  ready: 'ready',
  unusable: 'rolled-back creation',
  preserved: 'preserved failure',
  stuck: 'stuck rollback',
  undeletable: 'stuck deletion',
  busy: 'at work',
};

/** Where a step of a deploy leads when it succeeds; steps that are not here end the run. */
const targets: Readonly<Partial<Record<Step, Situation>>> = {
  create: 'ready',
  update: 'ready',
  resume: 'ready',
  recreate: 'absent',
  'roll-back': 'ready',
  'continue-rollback': 'ready',
  'wait-for-idle': 'ready',
};

interface Choice {
  readonly step: Step;
  /** `on-preserved: resume`, where a policy decides. */
  readonly policy: string | undefined;
}

const choicesOf = (rule: Rule): readonly Choice[] => {
  if (typeof rule === 'string') return [{ step: rule, policy: undefined }];
  return Object.entries(rule.steps).map(([value, step]) => ({
    step,
    policy: value === 'own' ? 'started by this very job' : `${rule.by}: ${value}`,
  }));
};

const edge = (from: Situation, { step, policy }: Choice): string => {
  const label = policy === undefined ? step : `${policy} → ${step}`;
  const to = targets[step] ?? 'refused';
  return `  ${from} -->|"${label}"| ${to}`;
};

const statusesOf = (situation: Situation): string => {
  const statuses = (Object.keys(statusFacts) as readonly Status[]).filter(
    (status) => factsOf(status).situation === situation,
  );
  return situation === 'busy' ? '*_IN_PROGRESS' : statuses.join('<br>');
};

const node = (situation: Situation): string =>
  `  ${situation}["<b>${titles[situation]}</b><br>${statusesOf(situation)}"]`;

/** What a deploy does in each situation, as a Mermaid flowchart made from the table that decides. */
export const recoveryDiagram = (): string =>
  [
    'flowchart LR',
    ...situations.map(node),
    '  refused(["refused"])',
    ...situations.flatMap((situation) =>
      choicesOf(recoveryTable[situation].deploy).map((choice) => edge(situation, choice)),
    ),
  ].join('\n');

const cell = (rule: Rule): string => {
  if (typeof rule !== 'string') return `by \`${rule.by}\``;
  return rule === 'refuse' ? '–' : rule;
};

/** The whole table, situation by mode, in Markdown. */
export const recoveryTableText = (): string => {
  const row = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  const rows = situations.map((situation) =>
    row([`**${titles[situation]}**`, ...modes.map((mode: Mode) => cell(recoveryTable[situation][mode]))]),
  );
  return [row(['', ...modes.map((mode) => `\`${mode}\``)]), row(['', ...modes].map(() => '---')), ...rows].join('\n');
};
