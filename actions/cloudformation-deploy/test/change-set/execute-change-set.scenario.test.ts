import { CloudFormationClient, CreateChangeSetCommand } from '@aws-sdk/client-cloudformation';
import { afterAll, beforeEach, describe, expect, it } from '@jest/globals';
import { renderThings, TestHarness } from '../harness.js';

const harness = await TestHarness.open();
afterAll(() => harness.close());
beforeEach(() => harness.aws.reset());

/** Creates an empty change set as another tool would, since this action deletes empty ones. */
const createEmptyChangeSet = async (TemplateBody: string): Promise<void> => {
  const client = new CloudFormationClient({});
  const input = { StackName: 'shop', ChangeSetName: 'nothing', TemplateBody };
  await client.send(new CreateChangeSetCommand(input));
  client.destroy();
  await harness.wait(5);
};

describe('an empty change set', () => {
  it('fails mode execute with fail-on-empty', async () => {
    await harness.deploy({ template: harness.writeTemplate({ A: 'good' }) });
    await createEmptyChangeSet(renderThings({ A: 'good' }));
    const inputs = { 'execute-change-set-id': 'nothing' };
    expect((await harness.deploy(inputs)).failure).toBeUndefined();
    expect((await harness.deploy({ ...inputs, 'fail-on-empty': 'true' })).failure).toContain('fail-on-empty');
  });
});
