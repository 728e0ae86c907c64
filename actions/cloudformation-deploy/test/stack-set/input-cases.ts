import { expect } from '@jest/globals';
import type { RunResult } from '../harness.js';

type Values = Readonly<Record<string, string>>;

interface Case {
  readonly before?: readonly Values[];
  readonly inputs: Values;
  readonly check: (run: RunResult) => void;
}

const ACCOUNT = '111111111111';
const UNIT = 'ou-abcd-11111111';

/** The input of the last call of an operation. */
const expectInput =
  (operation: string, input: object): Case['check'] =>
  (run) => {
    expect(run.failure).toBeUndefined();
    expect(run.calls.findLast((call) => call.operation === operation)?.input).toMatchObject(input);
  };

/** Cases for the inputs of stack sets, each with the input that it is about. */
export const createStackSetCases = (template: string, withParameter: string) => {
  const self = { template, accounts: ACCOUNT, regions: 'eu-central-1' };
  const units = { template, 'organizational-units': UNIT, regions: 'eu-central-1' };
  const removal = { ...self, accounts: '222222222222', 'remove-untargeted': 'true' };
  const own = { ...self, accounts: '123456789012' };
  return {
    accounts: { inputs: self, check: expectInput('CreateStackInstances', { Accounts: [ACCOUNT] }) },
    'organizational-units': {
      inputs: units,
      check: expectInput('CreateStackInstances', { DeploymentTargets: { OrganizationalUnitIds: [UNIT] } }),
    },
    'account-filter': {
      inputs: { ...units, accounts: ACCOUNT, 'account-filter': 'difference' },
      check: expectInput('CreateStackInstances', { DeploymentTargets: { AccountFilterType: 'DIFFERENCE' } }),
    },
    regions: { inputs: self, check: expectInput('CreateStackInstances', { Regions: ['eu-central-1'] }) },
    'permission-model': {
      inputs: { ...self, 'permission-model': 'service-managed' },
      check: (run: RunResult) => expect(run.failure).toContain("permission-model 'service-managed' does not match"),
    },
    'administration-role-arn': {
      inputs: { ...self, 'administration-role-arn': 'arn:aws:iam::123456789012:role/service' },
      check: expectInput('CreateStackSet', { AdministrationRoleARN: 'arn:aws:iam::123456789012:role/service' }),
    },
    'execution-role-name': {
      inputs: { ...self, 'execution-role-name': 'deployer' },
      check: expectInput('CreateStackSet', { ExecutionRoleName: 'deployer' }),
    },
    'auto-deployment': {
      inputs: { ...units, 'auto-deployment': 'true' },
      check: expectInput('CreateStackSet', { AutoDeployment: { Enabled: true } }),
    },
    'retain-on-account-removal': {
      inputs: { ...units, 'auto-deployment': 'true', 'retain-on-account-removal': 'true' },
      check: expectInput('CreateStackSet', { AutoDeployment: { RetainStacksOnAccountRemoval: true } }),
    },
    'auto-deployment-depends-on': {
      inputs: { ...units, 'auto-deployment': 'true', 'auto-deployment-depends-on': 'arn:a' },
      check: expectInput('CreateStackSet', { AutoDeployment: { DependsOn: ['arn:a'] } }),
    },
    'managed-execution': {
      inputs: { ...self, 'managed-execution': 'true' },
      check: expectInput('CreateStackSet', { ManagedExecution: { Active: true } }),
    },
    'call-as': {
      inputs: { ...units, 'call-as': 'delegated-admin' },
      check: expectInput('CreateStackInstances', { CallAs: 'DELEGATED_ADMIN' }),
    },
    'operation-preferences': {
      inputs: { ...self, 'operation-preferences': '{"MaxConcurrentCount": 7, "RegionOrder": ["eu-central-1"]}' },
      check: expectInput('CreateStackInstances', {
        OperationPreferences: { MaxConcurrentCount: 7, FailureTolerancePercentage: 10, RegionOrder: ['eu-central-1'] },
      }),
    },
    'parameter-overrides-by-target': {
      inputs: { ...self, template: withParameter, 'parameter-overrides-by-target': `{"${ACCOUNT}": {"Mode": "b"}}` },
      check: expectInput('CreateStackInstances', {
        ParameterOverrides: [{ ParameterKey: 'Mode', ParameterValue: 'b' }],
      }),
    },
    'remove-untargeted': {
      before: [self],
      inputs: removal,
      check: expectInput('DeleteStackInstances', { Accounts: [ACCOUNT], RetainStacks: false }),
    },
    'retain-stacks': {
      before: [self],
      inputs: { ...removal, 'retain-stacks': 'true' },
      check: expectInput('DeleteStackInstances', { RetainStacks: true }),
    },
    'fail-on-partial': {
      inputs: { ...own, 'operation-preferences': 'FailureToleranceCount: 1', 'fail-on-partial': 'true' },
      check: (run: RunResult) => expect(run.failure).toContain('1 × Failed for the test'),
    },
    'investigate-role-name': {
      before: [{ template, name: 'StackSet-shop' }],
      inputs: { ...own, 'investigate-role-name': 'reader' },
      check: (run: RunResult) =>
        expect(run.calls.filter(({ operation }) => operation === 'AssumeRole').map(({ input }) => input)).toMatchObject(
          [{ RoleArn: 'arn:aws:iam::123456789012:role/reader' }],
        ),
    },
  } satisfies Record<string, Case>;
};
