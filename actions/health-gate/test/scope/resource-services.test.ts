import { describe, expect, it } from '@jest/globals';
import { findServices, RESOURCE_SERVICES } from '../../src/scope/resource-services.js';

describe('the services of a resource type', () => {
  it.each([
    ['AWS::RDS::DBInstance', ['RDS']],
    ['AWS::EC2::NatGateway', ['NATGATEWAY', 'VPC']],
    ['AWS::EC2::Instance', ['EC2', 'EBS', 'VPC']],
    ['AWS::EC2::SecurityGroup', ['EC2', 'VPC']],
    ['AWS::EFS::FileSystem', ['ELASTICFILESYSTEM', 'EFS']],
    ['AWS::StepFunctions::StateMachine', ['STATES', 'STATE', 'STEPFUNCTIONS']],
    ['AWS::Serverless::SimpleTable', ['DYNAMODB']],
    ['AWS::CloudFormation::WaitCondition', ['CLOUDFORMATION']],
    ['Custom::Seed', ['LAMBDA', 'SNS']],
    ['AWS::CloudFormation::CustomResource', ['LAMBDA', 'SNS']],
  ])('%s are %j', (type, services) => {
    expect(findServices(type)).toEqual(services);
  });

  it.each(['Acme::Monitoring::Check', 'AWS::CloudFormation::Stack', 'AWS::NewThing::Box', 'AWS::toString::X', ''])(
    'of %p are undefined',
    (type) => {
      expect(findServices(type)).toBeUndefined();
    },
  );

  it('are upper-case codes', () => {
    for (const services of Object.values(RESOURCE_SERVICES)) {
      for (const service of services) expect(service).toMatch(/^[A-Z0-9_]+$/);
    }
  });
});
