import { type RunResult, scenario, TestHarness } from '../harness.js';

export const ACCOUNTS = ['111111111111', '222222222222', '333333333333'] as const;
export const REGIONS = ['eu-central-1', 'us-east-1'] as const;
const UNITS = { 'ou-abcd-11111111': ['111111111111', '222222222222'], 'ou-abcd-22222222': ['333333333333'] };

/** A template with a parameter and a resource, as JSON. */
export const renderTemplate = (retention = 7, parameters: Readonly<Record<string, object>> = {}): string =>
  JSON.stringify({
    Parameters: { Prefix: { Type: 'String', Default: 'a' }, ...parameters },
    Resources: { Logs: { Type: 'AWS::Logs::LogGroup', Properties: { RetentionInDays: retention } } },
  });

type StackSets = NonNullable<NonNullable<typeof scenario.cloudformation>['stackSets']>;

export const openStackSets = (stackSets: StackSets = {}): Promise<TestHarness> =>
  TestHarness.open({
    ...scenario,
    cloudformation: {
      ...scenario.cloudformation,
      stackSets: { organizationalUnits: UNITS, duration: '10s', ...stackSets },
    },
  });

/** Runs the action on the self-managed set `guard` in all accounts and Regions; inputs override. */
export const deploySet = (
  harness: TestHarness,
  inputs: Readonly<Record<string, string>> = {},
  options: Parameters<TestHarness['deploy']>[1] = {},
): Promise<RunResult> => {
  const template = inputs['template'] ?? renderTemplate();
  const file = template.startsWith('{') ? harness.write('guard.json', template) : template;
  const isUnits = inputs['organizational-units'] !== undefined;
  return harness.deploy(
    {
      name: 'guard',
      ...(isUnits ? {} : { accounts: ACCOUNTS.join(',') }),
      regions: REGIONS.join(','),
      ...inputs,
      template: file,
    },
    options,
  );
};

/** Status by `account/Region`. */
export const getInstances = (run: RunResult): Readonly<Record<string, string>> =>
  JSON.parse(run.outputs['stack-set-instances'] ?? '{}');
