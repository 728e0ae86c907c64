import type { ScenarioInput } from '@aws-delivery/local-aws/scenario';

/** The longest delay SQS allows a queue (CreateQueue's documentation): beyond it, a queue fails. */
export const MAX_DELAY_SECONDS = 900;

/** What goes wrong on local AWS: the same that MiniStack refuses of itself, or that scenarios do behind its back. */
export const scenario: ScenarioInput = {
  cloudformation: {
    rules: [
      {
        on: { type: 'AWS::SQS::Queue', property: { path: 'DelaySeconds', above: MAX_DELAY_SECONDS } },
        fail: {
          reason: 'Invalid value for the parameter DelaySeconds. Value must be between 0 and 900.',
        },
      },
      // a secret that somebody deletes behind CloudFormation's back cannot be taken back to what it was
      {
        on: { stack: 'bereft', type: 'AWS::SecretsManager::Secret', operation: 'rollback' },
        fail: { reason: "You can't perform this operation on the secret because it was marked for deletion." },
      },
    ],
    drift: [
      {
        stack: 'drifter',
        resource: 'Parameter',
        differences: [{ path: '/Value', expected: 'as declared', actual: 'by hand' }],
      },
    ],
  },
};
