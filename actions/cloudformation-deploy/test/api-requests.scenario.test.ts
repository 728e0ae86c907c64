import { createServer } from 'node:http';
import { text } from 'node:stream/consumers';
import { runAction } from '@aws-delivery/action-kit/host/run-action';
import { createFakeHost, type FakeHost } from '@aws-delivery/action-kit/testing/fake-host';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { definition } from '../action.js';
import { createAction } from '../src/create-action.js';
import { renderThings } from './harness.js';
import { Workspace } from './workspace.js';

/**
 * Features that no emulator supports: the tests check the requests. The responses are written by hand from the API
 * reference (awsQuery, 2010-05-15).
 */
const STACK_ID = 'arn:aws:cloudformation:eu-west-1:123456789012:stack/shop/1';
const renderResponse = (action: string, inner: string): string =>
  `<${action}Response xmlns="http://cloudformation.amazonaws.com/doc/2010-05-15/"><${action}Result>${inner}</${action}Result></${action}Response>`;
const renderStack = (status: string, more = ''): string =>
  `<Stacks><member><StackId>${STACK_ID}</StackId><StackName>shop</StackName><StackStatus>${status}</StackStatus>
   <CreationTime>2026-01-01T00:00:00Z</CreationTime>${more}</member></Stacks>`;
const renderError = (message: string): string =>
  `<ErrorResponse><Error><Type>Sender</Type><Code>AccessDenied</Code><Message>${message}</Message></Error></ErrorResponse>`;

let stack = renderStack('CREATE_COMPLETE');
const renderChangeSet = (status: string, more = ''): string =>
  `<ChangeSetId>arn:set</ChangeSetId><ChangeSetName>set</ChangeSetName><StackId>${STACK_ID}</StackId>
   <Status>${status}</Status>${more}<Changes/>`;
let changeSet = renderChangeSet('CREATE_COMPLETE', '<ExecutionStatus>AVAILABLE</ExecutionStatus>');
/** Parameters of each call, by API action. */
const requestByAction = new Map<string, URLSearchParams>();

const hooks = `<HookResults>
  <member><HookResultId>h1</HookResultId><TypeName>Corp::Guard</TypeName><Status>HOOK_COMPLETE_FAILED</Status>
    <FailureMode>FAIL</FailureMode><HookStatusReason>1 rule failed</HookStatusReason></member>
  <member><HookResultId>h2</HookResultId><TypeName>Corp::Other</TypeName><Status>HOOK_COMPLETE_SUCCEEDED</Status></member>
</HookResults>`;
const hookDetails = `<HookResultId>h1</HookResultId>
  <Target><TargetType>RESOURCE</TargetType><TargetTypeName>Test::Thing</TargetTypeName><TargetId>B</TargetId></Target>
  <Annotations>
    <member><AnnotationName>names</AnnotationName><Status>FAILED</Status><StatusMessage>B has no nice name</StatusMessage>
      <RemediationMessage>give it one</RemediationMessage></member>
    <member><AnnotationName>sizes</AnnotationName><Status>PASSED</Status></member>
  </Annotations>`;

const responses: Readonly<Record<string, () => string>> = {
  DescribeStacks: () => renderResponse('DescribeStacks', stack),
  GetCallerIdentity: () => renderResponse('GetCallerIdentity', '<Account>123456789012</Account>'),
  CreateChangeSet: () => renderResponse('CreateChangeSet', `<Id>arn:set</Id><StackId>${STACK_ID}</StackId>`),
  DescribeChangeSet: () => renderResponse('DescribeChangeSet', changeSet),
  DeleteChangeSet: () => renderResponse('DeleteChangeSet', ''),
  ListHookResults: () => renderResponse('ListHookResults', hooks),
  GetHookResult: () => renderResponse('GetHookResult', hookDetails),
};

const server = createServer(async (request, httpResponse) => {
  const parameters = new URLSearchParams(await text(request));
  const action = parameters.get('Action') ?? '';
  requestByAction.set(action, parameters);
  const response = responses[action]?.();
  httpResponse.writeHead(response === undefined ? 403 : 200, { 'content-type': 'text/xml' });
  httpResponse.end(response ?? renderError('this is as far as it goes'));
});
const template = 'template.json';
const workspace = new Workspace({ [template]: renderThings({ A: 'good', B: 'good' }) });
beforeAll(() => new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve)));
afterAll(() => {
  workspace[Symbol.dispose]();
  server.closeAllConnections();
  return new Promise((resolve) => server.close(resolve));
});

/** Runs the action and returns its host. */
const run = async (inputs: Readonly<Record<string, string>>): Promise<FakeHost> => {
  requestByAction.clear();
  const address = server.address();
  const port = typeof address === 'object' ? address?.port : undefined;
  const keys = { AWS_ACCESS_KEY_ID: 'AKIATEST', AWS_SECRET_ACCESS_KEY: 'secret', AWS_MAX_ATTEMPTS: '1' };
  const env = {
    ...keys,
    AWS_REGION: 'eu-west-1',
    AWS_ENDPOINT_URL: `http://127.0.0.1:${port}`,
    GITHUB_WORKSPACE: workspace.path,
  };
  Object.assign(process.env, env);
  const host = createFakeHost({ inputs: { name: 'shop', ...inputs }, env });
  await runAction(definition, createAction(), host);
  return host;
};

/** Runs the action and returns the parameters of its latest call of an API action. */
const runAndGetParameters = async (action: string, inputs: Readonly<Record<string, string>>) => {
  await run(inputs);
  return Object.fromEntries(requestByAction.get(action) ?? []);
};

describe('requests that emulators do not support have the members of the API:', () => {
  it('an import of listed resources', async () => {
    const imports = [
      {
        ResourceType: 'AWS::DynamoDB::Table',
        LogicalResourceId: 'B',
        ResourceIdentifier: { TableName: 'sales' },
      },
    ];
    const call = await runAndGetParameters('CreateChangeSet', {
      template,
      'resources-to-import': JSON.stringify(imports),
    });
    expect(call).toMatchObject({
      ChangeSetType: 'IMPORT',
      'ResourcesToImport.member.1.ResourceType': 'AWS::DynamoDB::Table',
      'ResourcesToImport.member.1.LogicalResourceId': 'B',
      'ResourcesToImport.member.1.ResourceIdentifier.entry.1.key': 'TableName',
      'ResourcesToImport.member.1.ResourceIdentifier.entry.1.value': 'sales',
    });
    expect(Object.keys(call)).not.toContain('ImportExistingResources');
  });

  it('an import of existing resources by name', async () => {
    const call = await runAndGetParameters('CreateChangeSet', { template, 'import-existing-resources': 'true' });
    expect(call).toMatchObject({ ChangeSetType: 'UPDATE', ImportExistingResources: 'true' });
  });

  it('a drift revert', async () => {
    const call = await runAndGetParameters('CreateChangeSet', { template, 'deployment-mode': 'REVERT_DRIFT' });
    expect(call).toMatchObject({ ChangeSetType: 'UPDATE', DeploymentMode: 'REVERT_DRIFT' });
    expect(Object.keys(call).filter((name) => name.startsWith('DeploymentConfig'))).toEqual([]);
  });

  it('EXPRESS mode, with rollback unless on-failure is preserve', async () => {
    const express = { template, 'deployment-mode': 'EXPRESS' };
    const rolling = await runAndGetParameters('CreateChangeSet', express);
    expect(rolling).toMatchObject({ 'DeploymentConfig.Mode': 'EXPRESS', 'DeploymentConfig.DisableRollback': 'false' });
    const preserving = await runAndGetParameters('CreateChangeSet', { ...express, 'on-failure': 'preserve' });
    expect(preserving).toMatchObject({ 'DeploymentConfig.DisableRollback': 'true' });
    expect(Object.keys(preserving)).not.toContain('DeploymentMode');
  });

  it('an EXPRESS change set after an EXPRESS failure', async () => {
    stack = renderStack(
      'UPDATE_FAILED',
      '<DeploymentConfig><Mode>EXPRESS</Mode><DisableRollback>true</DisableRollback></DeploymentConfig>',
    );
    const call = await runAndGetParameters('CreateChangeSet', { template });
    stack = renderStack('CREATE_COMPLETE');
    expect(call).toMatchObject({ 'DeploymentConfig.Mode': 'EXPRESS', 'DeploymentConfig.DisableRollback': 'true' });
  });

  it('RetainExceptOnCreate', async () => {
    const call = await runAndGetParameters('ExecuteChangeSet', { template, 'retain-except-on-create': 'true' });
    expect(call).toMatchObject({ RetainExceptOnCreate: 'true', DisableRollback: 'false', ChangeSetName: 'arn:set' });
  });

  it('a continued rollback that skips listed or all failing resources', async () => {
    stack = renderStack('UPDATE_ROLLBACK_FAILED');
    const named = await runAndGetParameters('ContinueUpdateRollback', {
      mode: 'rollback',
      'resources-to-skip': 'A, Nested.B',
    });
    const forced = await runAndGetParameters('ContinueUpdateRollback', { mode: 'rollback', 'force-rollback': 'true' });
    stack = renderStack('CREATE_COMPLETE');
    expect(named).toMatchObject({ 'ResourcesToSkip.member.1': 'A', 'ResourcesToSkip.member.2': 'Nested.B' });
    expect(forced).toMatchObject({ ForceRollback: 'true' });
  });

  it('a deletion that retains listed or all failing resources', async () => {
    stack = renderStack('DELETE_FAILED');
    const named = await runAndGetParameters('DeleteStack', { mode: 'delete', 'retain-resources': 'A' });
    const forced = await runAndGetParameters('DeleteStack', { mode: 'delete', 'force-delete': 'true' });
    stack = renderStack('CREATE_COMPLETE');
    expect(named).toMatchObject({ 'RetainResources.member.1': 'A' });
    expect(forced).toMatchObject({ DeletionMode: 'FORCE_DELETE_STACK' });
  });
});

describe('a hook that rejects a change set', () => {
  it('is reported with its remediation message on the line of the resource', async () => {
    const good = changeSet;
    const reason = 'The following hook(s)/validation failed: [Corp::Guard]';
    changeSet = renderChangeSet('FAILED', `<StatusReason>${reason}</StatusReason>`);
    const { recorded } = await run({ template });
    changeSet = good;
    expect(Object.fromEntries(requestByAction.get('ListHookResults') ?? [])).toMatchObject({
      TargetType: 'CHANGE_SET',
      TargetId: 'arn:set',
    });
    const finding = 'Resources.B: Corp::Guard: 1 rule failed; names: B has no nice name: give it one';
    expect(recorded.failures[0]).toContain(finding);
    const location = { file: template, startLine: 9 };
    expect(recorded.log.entries).toContainEqual({ kind: 'error', message: finding, properties: location });
    expect(recorded.log.getOutput()).not.toContain('Corp::Other');
  });
});
