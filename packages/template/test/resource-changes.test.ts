import { describe, expect, it } from '@jest/globals';
import { diffResources } from '../src/resource-changes.js';
import { parseTemplate } from '../src/template.js';

const parseResources = (text: string) => parseTemplate(`Resources: { ${text} }`).resources;

describe('diffResources', () => {
  it('distinguishes added, modified and removed resources', () => {
    const changes = diffResources(
      parseResources('A: { Type: T, Properties: { X: 1, Y: [a] } }, B: { Type: T }, C: { Type: T }'),
      parseResources('A: { Type: T, Properties: { X: "1", Y: [a, b], Z: !Ref B } }, B: { Type: T }, D: { Type: T }'),
    );
    expect(changes.map(({ action, logicalId }) => `${action} ${logicalId}`)).toEqual(['Modify A', 'Add D', 'Remove C']);
    const [modified] = changes;
    expect(modified?.action === 'Modify' ? modified.differences.map(({ property }) => property) : []).toEqual([
      'Y',
      'Z',
    ]);
  });

  it('names changed attributes other than properties', () => {
    const [change] = diffResources(
      parseResources('A: { Type: T, DeletionPolicy: Delete }'),
      parseResources('A: { Type: T, DeletionPolicy: Retain, Metadata: { a: 1 } }'),
    );
    expect(change?.action === 'Modify' ? change.differences.map(({ attribute }) => attribute) : []).toEqual([
      'Metadata',
      'DeletionPolicy',
    ]);
  });

  it('reports a changed type under the same logical id', () => {
    expect(diffResources(parseResources('A: { Type: T }'), parseResources('A: { Type: U }'))).toHaveLength(1);
  });

  it('ignores the order of keys', () => {
    expect(
      diffResources(
        parseResources('A: { Type: T, Properties: { X: { a: 1, b: 2 } } }'),
        parseResources('A: { Properties: { X: { b: 2, a: 1 } }, Type: T }'),
      ),
    ).toEqual([]);
  });
});
