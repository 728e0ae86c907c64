import { z } from 'zod';
import { getPage } from '../../pagination.js';
import { readStrings } from '../../protocols/document.js';
import { dispatchByOperation, type Service, type ServiceContext } from '../../service.js';

/** Auto Scaling groups by name: the ids of their instances. */
export const autoScalingScenario = z.strictObject({
  groups: z.record(z.string(), z.array(z.string().startsWith('i-'))).default({}),
});

/** Auto Scaling: the scenario's groups and the ids of their instances. */
export const createAutoScaling = ({ scenario }: ServiceContext<z.output<typeof autoScalingScenario>>): Service => ({
  handle: dispatchByOperation({
    DescribeAutoScalingGroups: (call) => {
      const names = readStrings(call.input['AutoScalingGroupNames']);
      const found = Object.entries(scenario.groups).filter(([name]) => names.length === 0 || names.includes(name));
      const { rows, nextToken } = getPage(call, found, { size: 'MaxRecords', defaultSize: 50 });
      const AutoScalingGroups = rows.map(([name, instances]) => ({
        AutoScalingGroupName: name,
        DesiredCapacity: instances.length,
        Instances: instances.map((id) => ({ InstanceId: id, LifecycleState: 'InService', HealthStatus: 'Healthy' })),
      }));
      return { AutoScalingGroups, NextToken: nextToken };
    },
  }),
});
