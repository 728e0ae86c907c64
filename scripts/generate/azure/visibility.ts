import { toAzureName } from '@aws-delivery/node-runner/host/azure-names';

/** The values of another input for which an input has an effect; the task editor hides it for all others. */
export interface Visibility {
  readonly of: string;
  readonly values: readonly string[];
}

type Visibilities = Readonly<Record<string, Visibility>>;

const parseCondition =
  (of: string, ...values: readonly string[]) =>
  (...names: readonly string[]): Visibilities =>
    Object.fromEntries(names.map((name) => [name, { of, values }]));

/** By action. The value of a pick list without a default is initially the empty string. */
const visibilities: Readonly<Record<string, Visibilities>> = {
  'appconfig-rollout': {
    ...parseCondition('mode', 'revert')('run-id'),
    ...parseCondition('mode', 'cleanup')('cleanup', 'confirm'),
    ...parseCondition('mode', 'rollout')('keep-versions'),
    ...parseCondition('on-conflict', 'wait')('conflict-timeout'),
  },
  'cloudformation-deploy': {
    ...parseCondition('mode', 'drift')('fail-on-drift'),
    ...parseCondition('mode', 'delete')('retain-resources', 'force-delete'),
    ...parseCondition('mode', '', 'execute', 'execute-only')('execute-change-set-id'),
    ...parseCondition('on-conflict', 'wait')('conflict-timeout'),
  },
  'codeguru-review': {
    ...parseCondition('findings-from', 'auto', 'sarif')('sarif-files'),
    ...parseCondition('findings-from', 'auto', 'inspector')('inspector-project'),
    ...parseCondition('findings-from', 'auto', 'codeguru-reviewer')('association', 'build-artifacts', 'bucket-name'),
    ...parseCondition('compare', 'new')('baseline'),
  },
  'ecr-push': {
    ...parseCondition('mode', '', 'push')('on-existing-tag'),
    ...parseCondition('mode', 'pull')('destination'),
    ...parseCondition('scan', 'auto', 'basic', 'enhanced')(
      'only-fixable',
      'scan-timeout',
      'ignore-file',
      'report-directory',
    ),
    ...parseCondition('encryption', 'KMS', 'KMS_DSSE')('kms-key-id'),
    ...parseCondition('tag-mutability', 'MUTABLE_WITH_EXCLUSION', 'IMMUTABLE_WITH_EXCLUSION')('tag-exclusions'),
  },
  'health-gate': {
    ...parseCondition('on-event', 'wait')('stable-for'),
    ...parseCondition('entities', 'match')('entity-values'),
    ...parseCondition('organization', 'true')('accounts'),
  },
  'oidc-credentials': {
    ...parseCondition('token-source', 'auto', 'variable')('token-variable'),
    ...parseCondition('token-source', 'auto', 'file')('web-identity-token-file'),
  },
};

/** The condition under which an input is visible; undefined if always. */
export const getVisibilityRule = (action: string, input: string): Visibility | undefined =>
  visibilities[action]?.[input];

/** The conditionally visible inputs of an action. */
export const listConditionalInputs = (action: string): Visibilities => visibilities[action] ?? {};

/** The visibleRule of a task.json: `mode = drift || mode = wait`. */
export const buildVisibleRule = ({ of, values }: Visibility): string =>
  values.map((value) => `${toAzureName(of)} = ${value === '' ? '""' : value}`).join(' || ');
