import type { ScenarioInput } from '@aws-delivery/local-aws/scenario';

/** The longest delay of an SQS queue (API reference, CreateQueue); a queue with a longer one fails. */
const MAX_DELAY_SECONDS = 900;

/** Failures and drift on local AWS that MiniStack causes by itself, or that tests cause there through other APIs. */
export const scenario: ScenarioInput = {
  cloudformation: {
    rules: [
      {
        on: { type: 'AWS::SQS::Queue', property: { path: 'DelaySeconds', above: MAX_DELAY_SECONDS } },
        fail: {
          reason: 'Invalid value for the parameter DelaySeconds. Value must be between 0 and 900.',
        },
      },
      // A secret that is deleted outside CloudFormation cannot be rolled back.
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
