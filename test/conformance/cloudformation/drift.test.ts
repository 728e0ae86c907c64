import {
  DescribeStackDriftDetectionStatusCommand,
  DescribeStackResourceDriftsCommand,
  DetectStackDriftCommand,
} from '@aws-sdk/client-cloudformation';
import { PutParameterCommand } from '@aws-sdk/client-ssm';
import { expect, it } from '@jest/globals';
import { readOutcome } from '../account.js';
import { describeOnEmulators } from '../reference-emulator.js';
import { Stack } from './stack.js';
import { STORED } from './templates.js';

describeOnEmulators('drift', (suite) => {
  const createStack = async (name: string) => {
    const created = new Stack(suite.emulator, name);
    await created.create({ TemplateBody: STORED });
    await expect(created.waitForTerminal()).resolves.toBe('CREATE_COMPLETE');
    return created;
  };
  const detectDrift = async (StackName: string) => {
    const { cloudformation } = suite.emulator.account;
    const { StackDriftDetectionId } = await cloudformation.send(new DetectStackDriftCommand({ StackName }));
    for (let step = 0; step < 100; step += 1) {
      const detection = await cloudformation.send(
        new DescribeStackDriftDetectionStatusCommand({ StackDriftDetectionId }),
      );
      if (detection.DetectionStatus !== 'DETECTION_IN_PROGRESS') return detection;
      await suite.emulator.advance();
    }
    throw new Error('the detection never ends');
  };
  const listDrifts = async (StackName: string) => {
    const { cloudformation } = suite.emulator.account;
    const response = await cloudformation.send(new DescribeStackResourceDriftsCommand({ StackName }));
    return response.StackResourceDrifts ?? [];
  };

  it('a stack without changes outside CloudFormation is in sync', async () => {
    const created = await createStack('settled');
    expect((await created.describe()).DriftInformation).toEqual({ StackDriftStatus: 'NOT_CHECKED' });
    await expect(listDrifts('settled')).resolves.toEqual([]);
    await expect(detectDrift('settled')).resolves.toMatchObject({
      DetectionStatus: 'DETECTION_COMPLETE',
      StackDriftStatus: 'IN_SYNC',
      DriftedStackResourceCount: 0,
    });
    await expect(listDrifts('settled')).resolves.toMatchObject([
      { LogicalResourceId: 'Parameter', StackResourceDriftStatus: 'IN_SYNC' },
    ]);
  });

  it('drift detection reports every property that was changed by hand', async () => {
    const created = await createStack('drifter');
    const { Parameter } = await created.getPhysicalIds();
    // On local AWS the scenario defines the drift.
    if (suite.emulator.name === 'MiniStack') {
      await suite.emulator.account.ssm.send(
        new PutParameterCommand({ Name: Parameter, Value: 'by hand', Overwrite: true }),
      );
    }
    await expect(detectDrift('drifter')).resolves.toMatchObject({
      StackId: (await created.describe()).StackId,
      DetectionStatus: 'DETECTION_COMPLETE',
      StackDriftStatus: 'DRIFTED',
      DriftedStackResourceCount: 1,
    });
    const [drift] = await listDrifts('drifter');
    expect(drift).toMatchObject({
      LogicalResourceId: 'Parameter',
      PhysicalResourceId: Parameter,
      ResourceType: 'AWS::SSM::Parameter',
      StackResourceDriftStatus: 'MODIFIED',
      PropertyDifferences: [
        { PropertyPath: '/Value', ExpectedValue: 'as declared', ActualValue: 'by hand', DifferenceType: 'NOT_EQUAL' },
      ],
    });
    expect(JSON.parse(drift?.ExpectedProperties ?? '')).toMatchObject({ Value: 'as declared' });
    expect(JSON.parse(drift?.ActualProperties ?? '')).toMatchObject({ Value: 'by hand' });
    const { DriftInformation } = await created.describe();
    expect(DriftInformation).toMatchObject({ StackDriftStatus: 'DRIFTED', LastCheckTimestamp: expect.any(Date) });
  });

  it('an unknown stack and an unknown detection id are rejected', async () => {
    await expect(readOutcome(detectDrift('none'))).resolves.toBe('ValidationError: Stack [none] does not exist');
    const { cloudformation } = suite.emulator.account;
    const unknown = new DescribeStackDriftDetectionStatusCommand({ StackDriftDetectionId: 'no-such-detection' });
    await expect(readOutcome(cloudformation.send(unknown))).resolves.toBe(
      'ValidationError: Drift detection with id [no-such-detection] does not exist',
    );
  });
});
