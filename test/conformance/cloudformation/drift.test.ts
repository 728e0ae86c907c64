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
  const settled = async (name: string) => {
    const made = new Stack(suite.emulator, name);
    await made.create({ TemplateBody: STORED });
    await expect(made.waitForTerminal()).resolves.toBe('CREATE_COMPLETE');
    return made;
  };
  const detect = async (StackName: string) => {
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
  const drifts = async (StackName: string) => {
    const { cloudformation } = suite.emulator.account;
    const response = await cloudformation.send(new DescribeStackResourceDriftsCommand({ StackName }));
    return response.StackResourceDrifts ?? [];
  };

  it('a stack without changes outside CloudFormation is in sync', async () => {
    const made = await settled('settled');
    expect((await made.describe()).DriftInformation).toEqual({ StackDriftStatus: 'NOT_CHECKED' });
    await expect(drifts('settled')).resolves.toEqual([]);
    await expect(detect('settled')).resolves.toMatchObject({
      DetectionStatus: 'DETECTION_COMPLETE',
      StackDriftStatus: 'IN_SYNC',
      DriftedStackResourceCount: 0,
    });
    await expect(drifts('settled')).resolves.toMatchObject([
      { LogicalResourceId: 'Parameter', StackResourceDriftStatus: 'IN_SYNC' },
    ]);
  });

  it('drift detection reports every property that was changed by hand', async () => {
    const made = await settled('drifter');
    const { Parameter } = await made.physicalIds();
    // On local AWS the scenario defines the drift.
    if (suite.emulator.name === 'MiniStack') {
      await suite.emulator.account.ssm.send(
        new PutParameterCommand({ Name: Parameter, Value: 'by hand', Overwrite: true }),
      );
    }
    await expect(detect('drifter')).resolves.toMatchObject({
      StackId: (await made.describe()).StackId,
      DetectionStatus: 'DETECTION_COMPLETE',
      StackDriftStatus: 'DRIFTED',
      DriftedStackResourceCount: 1,
    });
    const [drift] = await drifts('drifter');
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
    const { DriftInformation } = await made.describe();
    expect(DriftInformation).toMatchObject({ StackDriftStatus: 'DRIFTED', LastCheckTimestamp: expect.any(Date) });
  });

  it('an unknown stack and an unknown detection id are rejected', async () => {
    await expect(readOutcome(detect('none'))).resolves.toBe('ValidationError: Stack [none] does not exist');
    const { cloudformation } = suite.emulator.account;
    const unknown = new DescribeStackDriftDetectionStatusCommand({ StackDriftDetectionId: 'no-such-detection' });
    await expect(readOutcome(cloudformation.send(unknown))).resolves.toBe(
      'ValidationError: Drift detection with id [no-such-detection] does not exist',
    );
  });
});
