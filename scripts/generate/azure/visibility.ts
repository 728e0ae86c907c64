import { azureName } from '@aws-delivery/azure-devops/name';

/** Under which values of another input an input means something; the task editor hides it under all others. */
export interface Visibility {
  readonly of: string;
  readonly values: readonly string[];
}

type Visibilities = Readonly<Record<string, Visibility>>;

const whereOf =
  (of: string, ...values: readonly string[]) =>
  (...names: readonly string[]): Visibilities =>
    Object.fromEntries(names.map((name) => [name, { of, values }]));

/** By action. A pick list without a default is the empty text until something is chosen. */
const visibilities: Readonly<Record<string, Visibilities>> = {
  'appconfig-rollout': {
    ...whereOf('mode', 'revert')('run-id'),
    ...whereOf('mode', 'cleanup')('cleanup', 'confirm'),
    ...whereOf('mode', 'rollout')('keep-versions'),
    ...whereOf('on-conflict', 'wait')('conflict-timeout'),
  },
  'cloudformation-deploy': {
    ...whereOf('mode', 'drift')('fail-on-drift'),
    ...whereOf('mode', 'delete')('retain-resources', 'force-delete'),
    ...whereOf('mode', '', 'execute', 'execute-only')('execute-change-set-id'),
    ...whereOf('on-conflict', 'wait')('conflict-timeout'),
  },
  'codeguru-review': {
    ...whereOf('findings-from', 'auto', 'sarif')('sarif-files'),
    ...whereOf('findings-from', 'auto', 'inspector')('inspector-project'),
    ...whereOf('findings-from', 'auto', 'codeguru-reviewer')('association', 'build-artifacts', 'bucket-name'),
    ...whereOf('compare', 'new')('baseline'),
  },
  'ecr-push': {
    ...whereOf('mode', '', 'push')('on-existing-tag'),
    ...whereOf('mode', 'pull')('destination'),
    ...whereOf('scan', 'auto', 'basic', 'enhanced')('only-fixable', 'scan-timeout', 'ignore-file', 'report-directory'),
    ...whereOf('encryption', 'KMS', 'KMS_DSSE')('kms-key-id'),
    ...whereOf('tag-mutability', 'MUTABLE_WITH_EXCLUSION', 'IMMUTABLE_WITH_EXCLUSION')('tag-exclusions'),
  },
  'health-gate': {
    ...whereOf('on-event', 'wait')('stable-for'),
    ...whereOf('entities', 'match')('entity-values'),
    ...whereOf('organization', 'true')('accounts'),
  },
  'oidc-credentials': {
    ...whereOf('token-source', 'auto', 'variable')('token-variable'),
    ...whereOf('token-source', 'auto', 'file')('web-identity-token-file'),
  },
};

/** When the input of an action means something; nothing where that is always. */
export const visibilityOf = (action: string, input: string): Visibility | undefined => visibilities[action]?.[input];

/** The inputs of an action that are hidden at times. */
export const conditionalInputs = (action: string): Visibilities => visibilities[action] ?? {};

/** The rule as the task editor reads it: `mode = drift || mode = wait`. */
export const visibleRule = ({ of, values }: Visibility): string =>
  values.map((value) => `${azureName(of)} = ${value === '' ? '""' : value}`).join(' || ');
