import { getStatusInfo, type StackState, type Status, stackStatusInfo } from '../stack/stack-state.js';
import { formatStep, type Mode, modes, type Rule, recoveryTable, type Step } from './recovery-table.js';

const states = Object.keys(recoveryTable) as readonly StackState[];

const titles: Readonly<Record<StackState, string>> = {
  absent: 'not found',
  reviewing: 'under review',
  ready: 'stable',
  unusable: 'creation rolled back',
  preserved: 'preserved failure',
  stuck: 'rollback failed',
  undeletable: 'deletion failed',
  busy: 'in progress',
};

/** The state after a successful step of a deployment. Steps without a state end the run. */
const nextStates: Readonly<Partial<Record<Step, StackState>>> = {
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
  /** `on-preserved: resume`, if a policy decides the step. */
  readonly policy: string | undefined;
}

const listChoices = (rule: Rule): readonly Choice[] => {
  if (typeof rule === 'string') return [{ step: rule, policy: undefined }];
  return Object.entries(rule.steps).map(([value, step]) => ({
    step,
    policy: value === 'own' ? 'started by the same job' : `${rule.by}: ${value}`,
  }));
};

const renderEdge = (from: StackState, { step, policy }: Choice): string => {
  const label = policy === undefined ? formatStep(step) : `${policy} → ${formatStep(step)}`;
  const to = nextStates[step] ?? 'rejected';
  return `  ${from} -->|"${label}"| ${to}`;
};

const listStatuses = (state: StackState): string => {
  const statuses = (Object.keys(stackStatusInfo) as readonly Status[]).filter(
    (status) => getStatusInfo(status).state === state,
  );
  return state === 'busy' ? '*_IN_PROGRESS' : statuses.join('<br>');
};

const renderNode = (state: StackState): string => `  ${state}["<b>${titles[state]}</b><br>${listStatuses(state)}"]`;

/** The steps of mode deploy by stack state, as a Mermaid flowchart generated from the recovery table. */
export const renderRecoveryDiagram = (): string =>
  [
    'flowchart LR',
    ...states.map(renderNode),
    '  rejected(["rejected"])',
    ...states.flatMap((state) => listChoices(recoveryTable[state].deploy).map((choice) => renderEdge(state, choice))),
  ].join('\n');

const renderCell = (rule: Rule): string => {
  if (typeof rule !== 'string') return `\`${rule.by}\``;
  return rule === 'reject' ? '–' : formatStep(rule);
};

/** The recovery table, states by modes, in Markdown. */
export const renderRecoveryTable = (): string => {
  const renderRow = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  const rows = states.map((state) =>
    renderRow([`**${titles[state]}**`, ...modes.map((mode: Mode) => renderCell(recoveryTable[state][mode]))]),
  );
  return [
    renderRow(['Stack state', ...modes.map((mode) => `\`${mode}\``)]),
    renderRow(['', ...modes].map(() => '---')),
    ...rows,
  ].join('\n');
};
