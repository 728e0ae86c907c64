import { afterAll, beforeEach, describe, expect, it } from '@jest/globals';
import { renderThings, TestHarness } from './harness.js';

const harness = await TestHarness.open();
afterAll(() => harness.close());
beforeEach(() => harness.aws.reset());

const writeOuterTemplate = (inner: Parameters<typeof renderThings>[0]): string => {
  harness.write('inner.json', renderThings(inner));
  const middle = {
    Resources: { Inner: { Type: 'AWS::CloudFormation::Stack', Properties: { TemplateURL: 'inner.json' } } },
  };
  harness.write('middle.json', JSON.stringify(middle));
  const top = {
    Resources: {
      Own: { Type: 'Test::Thing', Properties: { Mode: 'good' } },
      Middle: { Type: 'AWS::CloudFormation::Stack', Properties: { TemplateURL: 'middle.json' } },
    },
  };
  return harness.write('top.json', JSON.stringify(top));
};

describe('nested stacks', () => {
  it('are packaged, deployed and logged with indentation', async () => {
    const run = await harness.deploy({ template: writeOuterTemplate({ Leaf: 'good' }) });
    expect(run.failure).toBeUndefined();
    expect(run.log).toMatch(/\n\[\d+s\] {5}CREATE_COMPLETE {6}Leaf Test::Thing/u);
    expect(run.log).toMatch(/Uploaded template '.*' to s3:\/\//u);
  });

  it('have failures traced to the nested resource', async () => {
    const run = await harness.deploy({ template: writeOuterTemplate({ Leaf: 'bad' }), 'on-failure': 'preserve' });
    expect(run.outputs['root-cause']).toContain('Middle.Inner.Leaf (Test::Thing) CREATE_FAILED: Mode bad');
    expect(JSON.parse(run.outputs['failed-resources'] ?? '')).toMatchObject([
      { stack: 'Middle.Inner', logicalId: 'Leaf', code: 'InvalidRequest' },
    ]);
  });

  it('have their changes previewed and checked by protect', async () => {
    await harness.deploy({ template: writeOuterTemplate({ Leaf: 'good', Other: 'good' }) });
    const preview = await harness.deploy({ template: writeOuterTemplate({ Leaf: 'better' }), mode: 'preview' });
    expect(preview.summary).toContain('Middle.Inner.Leaf');
    expect(preview.summary).toContain('Middle.Inner.Other');
    const rejected = await harness.deploy({ template: writeOuterTemplate({ Leaf: 'better' }), protect: 'all' });
    expect(rejected.failure).toContain('Middle.Inner.Other (Test::Thing, removed)');
    const allowed = { protect: 'all', 'allow-replacement': 'Middle.Inner.Other' };
    const run = await harness.deploy({ template: writeOuterTemplate({ Leaf: 'better' }), ...allowed });
    expect(run.failure).toBeUndefined();
  });
});
