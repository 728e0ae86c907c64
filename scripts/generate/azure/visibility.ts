import { toAzureName } from '@aws-delivery/node-runner/host/azure-names';

/** The values of another input for which an input has an effect; the task editor hides it for all others. */
export interface Visibility {
  readonly of: string;
  readonly values: readonly string[];
}

type Visibilities = Readonly<Record<string, Visibility>>;

const showWhen =
  (of: string, ...values: readonly string[]) =>
  (...names: readonly string[]): Visibilities =>
    Object.fromEntries(names.map((name) => [name, { of, values }]));

/** By action. The value of a pick list without a default is initially the empty string. */
const visibilities: Readonly<Record<string, Visibilities>> = {
  'appconfig-rollout': {
    ...showWhen('mode', 'revert')('run-id'),
    ...showWhen('mode', 'cleanup')('cleanup', 'confirm'),
    ...showWhen('mode', 'rollout')('keep-versions'),
    ...showWhen('on-conflict', 'wait')('conflict-timeout'),
  },
  'cloudformation-deploy': {
    ...showWhen('mode', 'drift')('fail-on-drift'),
    ...showWhen('mode', 'delete')('retain-resources', 'force-delete'),
    ...showWhen('mode', '', 'execute', 'execute-only')('execute-change-set-id'),
    ...showWhen('on-conflict', 'wait')('conflict-timeout'),
  },
  'codeguru-review': {
    ...showWhen('findings-from', 'auto', 'sarif')('sarif-files'),
    ...showWhen('findings-from', 'auto', 'inspector')('inspector-project'),
    ...showWhen('findings-from', 'auto', 'codeguru-reviewer')('association', 'build-artifacts', 'bucket-name'),
    ...showWhen('compare', 'new')('baseline'),
  },
  'ecr-push': {
    ...showWhen('mode', '', 'push')('on-existing-tag'),
    ...showWhen('mode', 'pull')('destination'),
    ...showWhen('scan', 'auto', 'basic', 'enhanced')('only-fixable', 'scan-timeout', 'ignore-file', 'report-directory'),
    ...showWhen('encryption', 'KMS', 'KMS_DSSE')('kms-key-id'),
    ...showWhen('tag-mutability', 'MUTABLE_WITH_EXCLUSION', 'IMMUTABLE_WITH_EXCLUSION')('tag-exclusions'),
  },
  'health-gate': {
    ...showWhen('on-event', 'wait')('stable-for'),
    ...showWhen('entities', 'match')('entity-values'),
    ...showWhen('organization', 'true')('accounts'),
  },
  'oidc-credentials': {
    ...showWhen('token-source', 'auto', 'variable')('token-variable'),
    ...showWhen('token-source', 'auto', 'file')('web-identity-token-file'),
  },
};

/** The condition under which an input is visible; undefined if always. */
export const getVisibilityRule = (action: string, input: string): Visibility | undefined =>
  visibilities[action]?.[input];

/** The visibleRule of a task.json: `mode = drift || mode = wait`. */
export const buildVisibleRule = ({ of, values }: Visibility): string =>
  values.map((value) => `${toAzureName(of)} = ${value === '' ? '""' : value}`).join(' || ');
